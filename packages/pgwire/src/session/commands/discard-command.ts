import { PgError } from '../../pg-error.js';
import { closePortals } from '../end-transaction.js';
import { completed } from '../execution.js';
import type { Command } from './command.js';

const TAGS = {
  DISCARD_ALL: 'DISCARD ALL',
  DISCARD_PLANS: 'DISCARD PLANS',
  DISCARD_SEQUENCES: 'DISCARD SEQUENCES',
  DISCARD_TEMP: 'DISCARD TEMP',
};

/** DISCARD. Plans are checked against the catalog anyway; there are no sequences' states and no temporary tables. */
export const discardCommand: Command<'DiscardStmt'> = {
  async run({ client, contents }) {
    const target = contents.target ?? 'DISCARD_ALL';
    if (target !== 'DISCARD_ALL') return completed(TAGS[target]);
    if (client.transaction.open) {
      throw new PgError({ sqlstate: '25001', message: 'DISCARD ALL cannot run inside a transaction block' });
    }
    await closePortals(client);
    for (const cursor of client.cursors.values()) await cursor.close();
    client.cursors.clear();
    client.statements.clear();
    client.settings.resetAll();
    return completed('DISCARD ALL');
  },
};

import { notSupported } from '../../pg-error.js';
import { completed } from '../execution.js';
import type { SessionStatementKind } from '../../statement/route.js';
import type { Command } from './command.js';

/** A statement that is known and refused by name. */
export function refused<Kind extends SessionStatementKind>(what: string, hint?: string): Command<Kind> {
  return {
    run() {
      throw notSupported(what, hint === undefined ? {} : { hint });
    },
  };
}

/** Nobody can be listening, as LISTEN is refused; so there is nothing to end. */
export const unlistenCommand: Command<'UnlistenStmt'> = {
  run: () => Promise.resolve(completed('UNLISTEN')),
};

import type { Node } from '@pgsql/types';
import { as } from '../../sql/ast.js';
import { notSupported, PgError } from '../../pg-error.js';
import { warn } from '../client.js';
import type { Client } from '../client.js';
import { endTransaction } from '../end-transaction.js';
import { completed } from '../execution.js';
import type { Execution } from '../execution.js';
import { assignSetting } from './assign-setting.js';
import type { Command, CommandRun } from './command.js';

type Run = CommandRun<'TransactionStmt'>;

/** BEGIN, COMMIT, ROLLBACK and savepoints, in all their spellings. */
export const transactionCommand: Command<'TransactionStmt'> = {
  async run(run) {
    const { client, contents } = run;
    switch (contents.kind) {
      case 'TRANS_STMT_BEGIN':
        return begin(run, 'BEGIN');
      case 'TRANS_STMT_START':
        return begin(run, 'START TRANSACTION');
      case 'TRANS_STMT_COMMIT':
        return commit(client, contents.chain === true);
      case 'TRANS_STMT_ROLLBACK':
        return rollback(client, contents.chain === true);
      case 'TRANS_STMT_SAVEPOINT':
        requireBlock(client, 'SAVEPOINT');
        await client.transaction.savepoint(contents.savepoint_name ?? '');
        return completed('SAVEPOINT');
      case 'TRANS_STMT_RELEASE':
        requireBlock(client, 'RELEASE SAVEPOINT');
        client.transaction.release(contents.savepoint_name ?? '');
        return completed('RELEASE');
      case 'TRANS_STMT_ROLLBACK_TO':
        requireBlock(client, 'ROLLBACK TO SAVEPOINT');
        await client.transaction.rollbackTo(contents.savepoint_name ?? '');
        return completed('ROLLBACK');
      default:
        throw notSupported('two-phase commit');
    }
  },
};

async function begin({ client, contents }: Run, tag: string): Promise<Execution> {
  const { transaction } = client;
  if (!transaction.begin(transaction.modes))
    warn(client, '25001', 'there is already a transaction in progress');
  await setTransactionModes(client, contents.options ?? []);
  return completed(tag);
}

async function commit(client: Client, chain: boolean): Promise<Execution> {
  const { transaction } = client;
  if (!transaction.inBlock) noTransaction(client, 'COMMIT', chain);
  const { modes } = transaction;
  const committed = await endTransaction(client, 'commit');
  if (chain) transaction.begin(modes);
  return completed(committed ? 'COMMIT' : 'ROLLBACK');
}

async function rollback(client: Client, chain: boolean): Promise<Execution> {
  const { transaction } = client;
  if (!transaction.inBlock) noTransaction(client, 'ROLLBACK', chain);
  const { modes } = transaction;
  await endTransaction(client, 'rollback');
  if (chain) transaction.begin(modes);
  return completed('ROLLBACK');
}

/** `ISOLATION LEVEL ...`, `READ ONLY`, ... of BEGIN, SET TRANSACTION and SET SESSION CHARACTERISTICS. */
export async function setTransactionModes(
  client: Client,
  options: readonly Node[],
  prefix = '',
): Promise<void> {
  for (const option of options) {
    const mode = as(option, 'DefElem');
    const value = as(mode?.arg, 'A_Const');
    const text = value?.sval?.sval ?? ((value?.ival?.ival ?? 0) === 0 ? 'off' : 'on');
    // DEFERRABLE changes nothing below SERIALIZABLE, which is refused.
    if (mode?.defname === 'transaction_deferrable') continue;
    await assignSetting(client, `${prefix}${mode?.defname ?? ''}`, text, 'session');
  }
}

function noTransaction(client: Client, command: string, chain: boolean): void {
  if (chain) requireBlock(client, `${command} AND CHAIN`);
  warn(client, '25P01', 'there is no transaction in progress');
}

function requireBlock(client: Client, command: string): void {
  if (client.transaction.inBlock) return;
  throw new PgError({ sqlstate: '25P01', message: `${command} can only be used in transaction blocks` });
}

/** Does this statement lead out of a failed block? */
export function endsFailedTransaction(node: Node): boolean {
  const kind = as(node, 'TransactionStmt')?.kind;
  return kind === 'TRANS_STMT_COMMIT' || kind === 'TRANS_STMT_ROLLBACK' || kind === 'TRANS_STMT_ROLLBACK_TO';
}

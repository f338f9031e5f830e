import { PgError } from '../pg-error.js';
import type { Cancellation } from '../session/cancellation.js';
import type { Client } from '../session/client.js';
import { leaseIris } from '../session/lease-iris.js';
import type { IrisStatement } from '../statement/statement.js';
import type { CopyFromReader } from './copy-from.js';

/** Puts the rows of a COPY into their table, in the open transaction. @returns how many */
export async function insertRows(
  client: Client,
  insert: IrisStatement,
  reader: CopyFromReader,
  cancellation: Cancellation,
): Promise<number> {
  let rowCount = 0;
  for await (const rows of reader.rows(cancellation)) {
    const lease = await leaseIris(client, cancellation);
    try {
      for (const { line, parameters } of rows) {
        cancellation.signal.throwIfAborted();
        await inContext(client, reader.where(line), () =>
          insert.plan.run({ session: lease.session, parameters, signal: cancellation.signal }),
        );
        rowCount += 1;
      }
    } finally {
      await lease.release();
    }
  }
  return rowCount;
}

async function inContext(client: Client, where: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new PgError({ ...client.services.toPgError(cause).fields, where }, cause);
  }
}

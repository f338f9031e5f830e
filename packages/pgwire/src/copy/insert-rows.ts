import type { Session, SqlParameter } from '@iris-devtools/core';
import { PgError } from '../pg-error.js';
import type { Cancellation } from '../session/cancellation.js';
import type { Client } from '../session/client.js';
import { leaseIris } from '../session/lease-iris.js';
import type { PlanRun } from '../sql/plan.js';
import type { IrisStatement } from '../statement/statement.js';
import type { CopyFromReader, CopyRow } from './copy-from.js';

const BATCH_ROWS = 1000;
const BATCH_BYTES = 4 * 1024 * 1024;
/** IRIS has 255 levels for a whole transaction, and a COPY may not be alone in it. */
const MAX_SAVEPOINTS = 50;

/** Puts the rows of a COPY into their table, in the open transaction. @returns how many */
export async function insertRows(
  client: Client,
  insert: IrisStatement,
  reader: CopyFromReader,
  cancellation: Cancellation,
): Promise<number> {
  const target = new BatchInserter(client, insert, reader, cancellation);
  for await (const rows of reader.rows(cancellation)) {
    for (const row of rows) await target.add(row);
  }
  await target.flush();
  return target.rowCount;
}

/** Collects rows, because a message to IRIS for each would take most of the time. */
class BatchInserter {
  readonly #client: Client;
  readonly #insert: IrisStatement;
  readonly #reader: CopyFromReader;
  readonly #cancellation: Cancellation;
  #batch: CopyRow[] = [];
  #batchBytes = 0;
  #savepointCount = 0;
  rowCount = 0;

  constructor(client: Client, insert: IrisStatement, reader: CopyFromReader, cancellation: Cancellation) {
    this.#client = client;
    this.#insert = insert;
    this.#reader = reader;
    this.#cancellation = cancellation;
  }

  async add(row: CopyRow): Promise<void> {
    this.#batch.push(row);
    this.#batchBytes += row.parameters.reduce<number>((bytes, value) => bytes + sizeOf(value), 0);
    if (this.#batch.length >= BATCH_ROWS || this.#batchBytes >= BATCH_BYTES) await this.flush();
  }

  async flush(): Promise<void> {
    const rows = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    if (rows.length === 0) return;
    const lease = await leaseIris(this.#client, this.#cancellation);
    try {
      await this.#insertBatch(rows, lease.session);
    } finally {
      await lease.release();
    }
    this.rowCount += rows.length;
  }

  /** When a batch fails, its rows are tried one by one, to tell the client which line it was. */
  async #insertBatch(rows: readonly CopyRow[], session: Session): Promise<void> {
    const { plan } = this.#insert;
    if (plan.runMany === undefined || this.#savepointCount >= MAX_SAVEPOINTS) {
      await this.#insertEach(rows, session);
      return;
    }
    this.#savepointCount += 1;
    const savepoint = `pgwirecopy${this.#savepointCount}`;
    await session.query(`SAVEPOINT ${savepoint}`);
    try {
      await plan.runMany(
        this.#planRun([], session),
        rows.map(({ parameters }) => parameters),
      );
    } catch (error) {
      if (this.#cancellation.signal.aborted || !session.open) throw error;
      await session.query(`ROLLBACK TO SAVEPOINT ${savepoint}`);
      await this.#insertEach(rows, session);
    }
  }

  async #insertEach(rows: readonly CopyRow[], session: Session): Promise<void> {
    for (const { line, parameters } of rows) {
      this.#cancellation.signal.throwIfAborted();
      try {
        await this.#insert.plan.run(this.#planRun(parameters, session));
      } catch (cause) {
        const { fields } = this.#client.services.toPgError(cause);
        throw new PgError({ ...fields, where: this.#reader.where(line) }, cause);
      }
    }
  }

  #planRun(parameters: readonly SqlParameter[], session: Session): PlanRun {
    return {
      session,
      parameters,
      transactionTime: this.#client.transaction.startedAt,
      signal: this.#cancellation.signal,
    };
  }
}

/** Only roughly: it decides when a batch is full. */
function sizeOf(value: SqlParameter): number {
  if (typeof value === 'string') return value.length;
  return value instanceof Uint8Array ? value.length : 8;
}

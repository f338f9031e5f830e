import type { Session, SqlParameter } from '@iris-devtools/core';
import type { PgError } from '../../../src/pg-error.js';
import { encode, type PgValue } from '../../../src/types/encode.js';
import { textStyle } from '../../../src/types/text-style.js';
import { type Judge, JudgeError } from './judge.js';

const STYLE = textStyle(new Map());

export interface Answer {
  readonly rows: readonly (readonly (string | null)[])[];
  readonly count: number | undefined;
}

/** The same statements on PostgreSQL and, translated, on the emulator. */
export class Pair {
  readonly judge: Judge;
  readonly session: Session;

  constructor(judge: Judge, session: Session) {
    this.judge = judge;
    this.session = session;
  }

  /** Runs statements on both; definitions and data that the tests start from. */
  async setUp(statements: readonly string[]): Promise<void> {
    for (const sql of statements) {
      // DDL needs the catalog as it is before the statement.
      const plan = await this.judge.translate(sql, { describe: isDescribed(sql) });
      const result = await plan.run({ session: this.session, parameters: [] });
      // Rows may still be under way until they are read.
      await drained(result.rows);
      await this.judge.exec(sql);
    }
  }

  async onPostgres(sql: string, parameters: readonly unknown[] = []): Promise<Answer> {
    const { rows, affectedRows } = await this.judge.query(sql, parameters);
    return { rows: rows as Answer['rows'], count: affectedRows };
  }

  async onIris(sql: string, parameters: readonly SqlParameter[] = []): Promise<Answer> {
    const plan = await this.judge.translate(sql);
    const types = await this.judge.typesOf(sql);
    const result = await plan.run({ session: this.session, parameters });
    const rows: (string | null)[][] = [];
    for await (const row of result.rows) {
      rows.push(row.map((value, index) => text(encode(value as PgValue, types[index] ?? 25, -1, 0, STYLE))));
    }
    return { rows, count: result.rowCount() };
  }

  /** Both answers; an error counts by its SQLSTATE. */
  async both(
    sql: string,
    parameters: readonly SqlParameter[] = [],
  ): Promise<[Answer | string, Answer | string]> {
    const iris = await this.onIris(sql, parameters).catch(failure);
    const postgres = await this.onPostgres(sql, parameters).catch(failure);
    return [iris, postgres];
  }
}

async function drained(rows: AsyncIterable<unknown> | Iterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _row of rows) count++;
  return count;
}

function isDescribed(sql: string): boolean {
  return !/^\s*(create|alter|drop|truncate)\b/i.test(sql);
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('utf8');
}

function failure(error: unknown): string {
  if (error instanceof JudgeError) return `error ${error.sqlstate ?? ''}`;
  const fields = (error as PgError | undefined)?.fields;
  if (fields === undefined) throw error;
  return `error ${fields.sqlstate}`;
}

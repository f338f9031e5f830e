import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import type { SqlEngine } from '../../src/engine/engine.js';
import { parameter, sameRows } from '../corpus/corpus.js';
import type { CorpusValue } from '../corpus/corpus.js';
import { openTestSession } from '../engine/sql-session.js';
import type { TestSession } from '../engine/sql-session.js';

/** One line of queries/<topic>.jsonl: a statement over the tables of queries/tables.sql, and what it must give. */
interface QueryCase {
  readonly sql: string;
  readonly params?: readonly CorpusValue[];
  /** Run first, in a namespace of its own; `tables.sql` is there already. */
  readonly setup?: readonly string[];
  /** Undoes what `setup` changed for the whole instance. */
  readonly cleanup?: readonly string[];
  readonly rows?: readonly (readonly CorpusValue[])[];
  /** Rows are compared in order; else as a set. */
  readonly ordered?: boolean;
  readonly columns?: readonly string[];
  /** The code of the error that it must be refused with. */
  readonly sqlcode?: number;
  readonly source: string;
  readonly why: string;
}

const START_MS = 60_000;
const directory = join(__dirname, 'queries');
const tables = readFileSync(join(directory, 'tables.sql'), 'utf8').trim().split('\n');
const topics = readdirSync(directory).filter((name) => name.endsWith('.jsonl'));

const casesOf = (topic: string): QueryCase[] =>
  readFileSync(join(directory, topic), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as QueryCase);

describe('queries', () => {
  let engine: SqlEngine;
  let serial = 0;

  beforeAll(async () => {
    engine = await createSqlEngine();
  }, START_MS);

  afterAll(async () => {
    await engine.close();
  });

  async function openWithTables(): Promise<TestSession> {
    const session = await openTestSession(engine, `QUERIES${++serial}`);
    for (const statement of tables) await session.run(statement);
    return session;
  }

  async function check({ session }: TestSession, wanted: QueryCase): Promise<void> {
    const execute = async () => {
      const prepared = await session.prepare(wanted.sql);
      return { prepared, outcome: await session.execute(prepared, (wanted.params ?? []).map(parameter)) };
    };
    if (wanted.sqlcode !== undefined) {
      await expect(execute()).rejects.toMatchObject({ sqlcode: wanted.sqlcode });
      return;
    }
    const { prepared, outcome } = await execute();
    if (wanted.columns !== undefined) {
      expect(prepared.columns.map((column) => column.name)).toEqual(wanted.columns);
    }
    if (wanted.rows !== undefined && !sameRows(wanted.rows, outcome.rows, wanted.ordered === true)) {
      // Only to show the difference.
      expect(outcome.rows).toEqual(wanted.rows);
    }
  }

  describe.each(topics)('%s', (topic) => {
    let shared: TestSession;

    beforeAll(async () => {
      shared = await openWithTables();
    }, START_MS);

    afterAll(async () => {
      await shared.session.close();
    });

    it.each(casesOf(topic))('$sql', async (wanted) => {
      if (wanted.setup === undefined) return check(shared, wanted);
      const own = await openWithTables();
      try {
        for (const statement of wanted.setup) await own.run(statement);
        await check(own, wanted);
      } finally {
        for (const statement of wanted.cleanup ?? []) await own.run(statement);
        await own.session.close();
      }
    });
  });
});

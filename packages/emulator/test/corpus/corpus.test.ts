import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isIrisError } from '@iris-devtools/core';
import type { SqlEngine, SqlOutcome, SqlSession } from '../../src/engine/engine.js';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import { loadCorpus, parameter, sameRows } from './corpus.js';
import type { CorpusEntry } from './corpus.js';
import { KNOWN_EXCEPTIONS } from './known-exceptions.js';

const START_MS = 60_000;
const show = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));

describe('IRIS SQL corpus', () => {
  let engine: SqlEngine;
  let serial = 0;

  beforeAll(async () => {
    engine = await createSqlEngine();
  }, START_MS);

  afterAll(async () => {
    await engine.close();
  });

  async function run(
    session: SqlSession,
    sql: string,
    params: CorpusEntry['params'] = [],
  ): Promise<SqlOutcome> {
    return session.execute(await session.prepare(sql), params.map(parameter));
  }

  /** Undefined when the entry behaves as it should. Each has a namespace of its own. */
  async function failure(entry: CorpusEntry): Promise<string | undefined> {
    const session = await engine.openSession({ user: '_SYSTEM', namespace: `CORPUS${++serial}` });
    try {
      for (const statement of entry.setup) await run(session, statement);
      return await check(session, entry);
    } finally {
      // Roles belong to the instance, not to the namespace.
      await run(session, 'DROP ROLE IF EXISTS r1');
      await session.close();
    }
  }

  async function check(session: SqlSession, entry: CorpusEntry): Promise<string | undefined> {
    let outcome: SqlOutcome;
    try {
      outcome = await run(session, entry.sql, entry.params);
    } catch (error) {
      if (!isIrisError(error) || error.sqlcode === undefined) return `not an SQLCODE: ${String(error)}`;
      if (entry.expect === 'ok') return error.message;
      return entry.sqlcode === null || entry.sqlcode === error.sqlcode
        ? undefined
        : `${error.sqlcode} instead of ${entry.sqlcode}: ${error.message}`;
    }
    if (entry.expect === 'error') return `no error but ${show(outcome.rows)}`;
    if (entry.sqlcode !== null && entry.sqlcode !== outcome.sqlcode) return `status ${outcome.sqlcode}`;
    if (entry.rows !== null && !sameRows(entry.rows, outcome.rows, entry.ordered)) {
      return `${show(outcome.rows)} instead of ${show(entry.rows)}`;
    }
    return undefined;
  }

  const categories = Map.groupBy(loadCorpus(), (entry) => entry.category);

  it.each([...categories.keys()])(
    '%s',
    async (category) => {
      const failures: string[] = [];
      for (const entry of categories.get(category) ?? []) {
        const why = await failure(entry);
        const known = KNOWN_EXCEPTIONS.has(entry.id);
        if (known && entry.confidence !== 'low') failures.push(`${entry.id} may not be an exception`);
        if (known === (why === undefined))
          failures.push(`${entry.id} (${entry.confidence}) ${entry.sql}: ${why ?? 'works now'}`);
      }
      expect(failures).toEqual([]);
    },
    START_MS,
  );
});

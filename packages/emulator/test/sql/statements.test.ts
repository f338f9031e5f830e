import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isIrisError } from '@iris-devtools/core';
import type { SqlEngine, SqlOutcome, SqlSession } from '../../src/engine/engine.js';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import { sameRows } from '../corpus/corpus.js';
import type { CorpusEntry } from '../corpus/corpus.js';

/**
 * One statement with what must be true before it; made from the pages of the SQL reference that `source` names. The
 * files have a topic each. Every case has a namespace of its own.
 */
interface StatementCase {
  readonly id: string;
  /** `sqlcode`: what the step gives; `any` and `error` for those whose answer does not matter here. */
  readonly setup: readonly (
    string | { readonly sql: string; readonly as?: string; readonly sqlcode?: number | 'any' | 'error' }
  )[];
  readonly sql: string;
  /** The user; a name that ends with `x` is another session of a user who may do everything. */
  readonly as?: string;
  readonly expect: 'ok' | 'error';
  readonly sqlcode?: number | readonly number[];
  readonly rows?: CorpusEntry['rows'];
  readonly ordered?: boolean;
  readonly rowCount?: number;
  /** Statements that undo what would reach the next case. */
  readonly after?: readonly string[];
  readonly source: string;
}

type Step = Exclude<StatementCase['setup'][number], string>;

const START_MS = 60_000;
const TOPIC_MS = 240_000;
const DIRECTORY = join(__dirname, 'statements');
const TOPICS = readdirSync(DIRECTORY).map((file) => file.replace('.jsonl', ''));
/** Users and roles belong to the instance, not to the namespace. */
const CLEAN_UP = ['USER IF EXISTS u1', 'USER IF EXISTS u2', 'ROLE IF EXISTS r1', 'ROLE IF EXISTS r2'];

const show = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));

function loadTopic(topic: string): readonly StatementCase[] {
  const lines = readFileSync(join(DIRECTORY, `${topic}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as StatementCase);
}

/** The sessions of one case. */
class Sessions {
  readonly #engine: SqlEngine;
  readonly #namespace: string;
  readonly #open = new Map<string, SqlSession>();

  constructor(engine: SqlEngine, namespace: string) {
    this.#engine = engine;
    this.#namespace = namespace;
  }

  async run(sql: string, as = '_SYSTEM'): Promise<SqlOutcome> {
    let session = this.#open.get(as);
    if (session === undefined) {
      const user = as.endsWith('x') ? 'Admin' : as;
      session = await this.#engine.openSession({ user, namespace: this.#namespace });
      this.#open.set(as, session);
    }
    return session.execute(await session.prepare(sql), []);
  }

  async close(): Promise<void> {
    for (const session of this.#open.values()) await session.close();
  }
}

async function setUp(sessions: Sessions, step: Step): Promise<void> {
  try {
    const { sqlcode } = await sessions.run(step.sql, step.as);
    if (typeof step.sqlcode === 'number' && sqlcode !== step.sqlcode)
      throw new Error(`${step.sql} gave ${sqlcode}`);
  } catch (error) {
    if (typeof step.sqlcode === 'string') return;
    if (!isIrisError(error) || error.sqlcode !== step.sqlcode) throw error;
  }
}

/** Undefined when the answer is the expected one. */
function answerFault(wanted: StatementCase, outcome: SqlOutcome): string | undefined {
  if (wanted.expect === 'error') return `no error but ${show(outcome.rows)}`;
  if (wanted.sqlcode !== undefined && wanted.sqlcode !== outcome.sqlcode) return `status ${outcome.sqlcode}`;
  if (wanted.rowCount !== undefined && wanted.rowCount !== outcome.rowCount)
    return `${outcome.rowCount} rows`;
  if (!wanted.rows || sameRows(wanted.rows, outcome.rows, wanted.ordered === true)) return undefined;
  return `${show(outcome.rows)} instead of ${show(wanted.rows)}`;
}

function errorFault(wanted: StatementCase, error: unknown): string | undefined {
  if (!isIrisError(error) || error.sqlcode === undefined) return `not an SQLCODE: ${String(error)}`;
  if (wanted.expect === 'ok') return error.message;
  const codes = [wanted.sqlcode ?? error.sqlcode].flat();
  return codes.includes(error.sqlcode) ? undefined : `${error.sqlcode} instead of ${codes.join('/')}`;
}

async function fault(wanted: StatementCase, sessions: Sessions): Promise<string | undefined> {
  for (const step of wanted.setup) await setUp(sessions, typeof step === 'string' ? { sql: step } : step);
  try {
    return answerFault(wanted, await sessions.run(wanted.sql, wanted.as));
  } catch (error) {
    return errorFault(wanted, error);
  }
}

describe('statements as the SQL reference has them', () => {
  let engine: SqlEngine;
  let serial = 0;

  beforeAll(async () => {
    engine = await createSqlEngine();
  }, START_MS);

  afterAll(async () => {
    await engine.close();
  });

  async function failure(wanted: StatementCase): Promise<string | undefined> {
    const sessions = new Sessions(engine, `CASE${++serial}`);
    try {
      return await fault(wanted, sessions);
    } catch (error) {
      return `setup: ${String(error)}`;
    } finally {
      for (const sql of wanted.after ?? []) await sessions.run(sql);
      for (const what of CLEAN_UP) await sessions.run(`DROP ${what}`);
      await sessions.close();
    }
  }

  it.each(TOPICS)(
    '%s',
    async (topic) => {
      const failures: string[] = [];
      for (const wanted of loadTopic(topic)) {
        const why = await failure(wanted);
        if (why !== undefined) failures.push(`${wanted.id} (${wanted.source}) ${wanted.sql}: ${why}`);
      }
      expect(failures).toEqual([]);
    },
    TOPIC_MS,
  );
});

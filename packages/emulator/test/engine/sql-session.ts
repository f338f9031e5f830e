import type {
  EngineParameter,
  EngineValue,
  SqlEngine,
  SqlOutcome,
  SqlSession,
} from '../../src/engine/engine.js';

export type Value = null | string | number | bigint | Uint8Array;

export function parameter(value: Value): EngineParameter {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'string') return { kind: 'string', value };
  if (typeof value === 'bigint') return { kind: 'integer', value };
  if (typeof value === 'number') {
    return Number.isInteger(value) ? { kind: 'integer', value: BigInt(value) } : { kind: 'double', value };
  }
  return { kind: 'bytes', value };
}

/** A session with short calls for tests. */
export interface TestSession {
  readonly session: SqlSession;
  readonly run: (sql: string, ...parameters: Value[]) => Promise<SqlOutcome>;
  readonly rows: (sql: string, ...parameters: Value[]) => Promise<readonly (readonly EngineValue[])[]>;
  /** The SQLCODE of the error, or 0. */
  readonly code: (sql: string, ...parameters: Value[]) => Promise<number | undefined>;
}

export async function openTestSession(
  engine: SqlEngine,
  namespace: string,
  user = '_SYSTEM',
): Promise<TestSession> {
  const session = await engine.openSession({ user, namespace });
  const run = async (sql: string, ...parameters: Value[]): Promise<SqlOutcome> =>
    session.execute(await session.prepare(sql), parameters.map(parameter));
  return {
    session,
    run,
    rows: async (sql, ...parameters) => (await run(sql, ...parameters)).rows,
    code: async (sql, ...parameters) => {
      try {
        await run(sql, ...parameters);
        return 0;
      } catch (error) {
        return (error as { sqlcode?: number }).sqlcode;
      }
    },
  };
}

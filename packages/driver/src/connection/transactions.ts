import { isIrisError } from '@iris-devtools/core';
import { optionError, valueError } from '../errors.js';

/** The levels that IRIS has; READ UNCOMMITTED is its default. */
export type IsolationLevel = 'READ UNCOMMITTED' | 'READ COMMITTED' | 'READ VERIFIED';

export interface TransactionOptions {
  /** How often to run the work at most. Default 1. */
  readonly attempts?: number;
  readonly isolationLevel?: IsolationLevel;
}

interface TransactionSession {
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  setIsolationLevel(level: IsolationLevel): Promise<void>;
  readonly open: boolean;
}

/** Lock conflicts: the rollback undid everything, so running again cannot do the work twice. */
const LOCK_CONFLICTS = new Set([-110, -114]);
const IDENTIFIER = /^[A-Za-z%_][A-Za-z0-9_]{0,127}$/;

export async function runTransaction<S extends TransactionSession, T>(
  session: S,
  work: (session: S) => Promise<T>,
  { attempts = 1, isolationLevel }: TransactionOptions,
): Promise<T> {
  if (!Number.isSafeInteger(attempts) || attempts < 1)
    throw optionError('attempts must be at least 1', 'Default: 1.');
  for (let attempt = 1; ; attempt++) {
    if (isolationLevel !== undefined) await session.setIsolationLevel(isolationLevel);
    await session.begin();
    let result: T;
    try {
      result = await work(session);
    } catch (error) {
      // Without a rollback that worked, nothing is known to be undone: then the error stands as it is.
      const undone = await rolledBack(session);
      if (undone && attempt < attempts && isLockConflict(error)) continue;
      throw error;
    }
    await session.commit();
    return result;
  }
}

async function rolledBack(session: TransactionSession): Promise<boolean> {
  if (!session.open) return false;
  try {
    await session.rollback();
    return true;
  } catch {
    return false;
  }
}

function isLockConflict(error: unknown): boolean {
  return isIrisError(error) && error.sqlcode !== undefined && LOCK_CONFLICTS.has(error.sqlcode);
}

/** @throws IrisError IRIS_VALUE for a name that is no plain identifier */
export function savepointSql(command: 'SAVEPOINT' | 'ROLLBACK TO SAVEPOINT', name: string): string {
  if (!IDENTIFIER.test(name))
    throw valueError(`'${name}' is no savepoint name`, 'Use letters, digits and underscores.');
  return `${command} ${name}`;
}

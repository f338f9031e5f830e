import type { Session } from '@iris-devtools/core';
import { toPgError } from '../errors.js';

/**
 * Runs several IRIS statements as one PostgreSQL statement. Inside the client's transaction a failure leaves what was
 * done so far; that transaction can then only be rolled back, as PostgreSQL demands.
 */
export async function atomically<T>(session: Session, work: () => Promise<T>): Promise<T> {
  if (session.inTransaction) return work();
  await session.begin();
  try {
    const result = await work();
    await session.commit();
    return result;
  } catch (error) {
    // The first error is the one to report; a lost connection cannot roll back and need not.
    if (session.open) await session.rollback().catch(() => undefined);
    throw toPgError(error);
  }
}

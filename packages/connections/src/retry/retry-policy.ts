import { isIrisError } from '@iris-devtools/core';
import { ExponentialBackoff, handleWhen, retry, type IPolicy } from 'cockatiel';

export interface RetryOptions {
  /** Tries after the first. Default 3; 0: none. */
  readonly attempts?: number;
  /** No further try is started after this. Default 10,000. */
  readonly budgetMs?: number;
  /** First pause; doubles, with jitter. Default 100. */
  readonly initialDelayMs?: number;
  readonly maxDelayMs?: number;
}

/** May this failure be answered by doing the same again? `idempotent`: doing it twice does no harm. */
export function mayRetry(error: unknown, idempotent: boolean): boolean {
  if (!isIrisError(error)) return false;
  if (error.code === 'IRIS_ABORTED' || error.code === 'IRIS_CONNECTION_CLOSED') return false;
  return error.retry === 'safe' || (idempotent && error.retry === 'unknown');
}

/** Back-off with decorrelated jitter, bounded in tries and in time. */
export function retryPolicy(options: RetryOptions, idempotent: boolean): IPolicy {
  const { attempts = 3, budgetMs = 10_000, initialDelayMs = 100, maxDelayMs = 2000 } = options;
  const startedAt = performance.now();
  const again = handleWhen(
    (error) => performance.now() - startedAt < budgetMs && mayRetry(error, idempotent),
  );
  return retry(again, {
    maxAttempts: attempts,
    backoff: new ExponentialBackoff({ initialDelay: initialDelayMs, maxDelay: maxDelayMs }),
  });
}

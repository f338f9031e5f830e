import { IrisError, isIrisError } from '@iris-devtools/core';
import type { ApplicationHost, HostState } from '../host/application-host.js';
import type { Release } from '../release/release.js';

/** Puts back what was there, and gives the error to throw: it says whether that worked. */
export async function rollBack(
  host: ApplicationHost,
  release: Release,
  before: HostState,
  error: unknown,
): Promise<IrisError> {
  const details = isIrisError(error) ? error.details : {};
  const message = isIrisError(error) ? error.message : String(error);
  const hint = isIrisError(error) ? error.hint : undefined;
  const code = isIrisError(error) ? error.code : 'IRIS_DEPLOY';
  try {
    await host.restore(release, before);
  } catch (second) {
    const reason = isIrisError(second) ? second.message : String(second);
    return new IrisError(`${message}; putting back what was there failed as well: ${reason}`, {
      code: 'IRIS_DEPLOY',
      hint: 'Look at the web application and its directory on the server.',
      cause: error,
      details: { ...details, rolledBack: false },
    });
  }
  return new IrisError(message, { code, hint, cause: error, details: { ...details, rolledBack: true } });
}

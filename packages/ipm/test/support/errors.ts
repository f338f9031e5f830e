import { isIrisError } from '@iris-devtools/core';

/** The code of the error that `work` throws; anything else is a failure of the test. */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isIrisError(error)) return error.code;
    throw error;
  }
  throw new Error('expected an error');
}

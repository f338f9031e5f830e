import { IrisError } from '@iris-devtools/core';

/**
 * An ObjectScript error as a native client gets it: `<CODE> *detail`.
 * unverified on a live server: which details follow each code; `<METHOD DOES NOT EXIST> *Method,Class` was seen.
 */
export function nativeError(code: string, detail?: string, hint?: string): IrisError {
  return new IrisError(detail === undefined ? `<${code}>` : `<${code}> *${detail}`, {
    code: 'IRIS_NATIVE',
    ...(hint === undefined ? {} : { hint }),
  });
}

import type { SqlParameter } from '@iris-devtools/core';
import { PgError } from '../pg-error.js';

/**
 * A value as text, as a key of a set or for a pattern.
 * @throws PgError XX000 for the handle of a long value: sessions behind pgwire read long values whole
 */
export function valueText(value: SqlParameter): string {
  if (typeof value === 'object' && value !== null && 'kind' in value) {
    throw new PgError({ sqlstate: 'XX000', message: 'IRIS gave a handle instead of a long value' });
  }
  return String(value);
}

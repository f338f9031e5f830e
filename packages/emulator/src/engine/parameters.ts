import { sqlError } from '@iris-devtools/core';
import type { ParameterKind } from '../compile/context.js';
import { canonicalNumber, doubleText } from '../compile/numbers.js';
import { NUL_MARK } from '../compile/types.js';
import type { EngineParameter } from './engine.js';
import { PG_BYTEA, PG_TEXT } from './storage/pg-writer.js';

/** A parameter as the storage takes it. */
export interface BoundParameter {
  readonly kind: ParameterKind;
  readonly text: string | null;
  readonly type: number;
}

/** Integers beyond 18 digits are decimals for IRIS, too. */
const INTEGER_TEXT = /^-?(0|[1-9]\d{0,17})$/;
const MAX_INT8 = 2n ** 63n - 1n;

/** @throws IrisError -400 for a string with a NUL, which the storage cannot hold */
export function bindParameter(parameter: EngineParameter): BoundParameter {
  switch (parameter.kind) {
    case 'null':
    case 'undefined':
      return { kind: 'null', text: null, type: PG_TEXT };
    case 'integer': {
      const { value } = parameter;
      const fits = value <= MAX_INT8 && value >= -MAX_INT8;
      return { kind: fits ? 'integer' : 'decimal', text: String(value), type: PG_TEXT };
    }
    case 'decimal':
      return { kind: 'decimal', text: canonicalNumber(parameter.value), type: PG_TEXT };
    case 'double':
      return { kind: 'double', text: doubleText(parameter.value), type: PG_TEXT };
    case 'bytes':
      return { kind: 'bytes', text: `\\x${Buffer.from(parameter.value).toString('hex')}`, type: PG_BYTEA };
    case 'string':
      return {
        kind: INTEGER_TEXT.test(parameter.value) ? 'integer-text' : 'string',
        text: storable(parameter.value),
        type: PG_TEXT,
      };
  }
}

/** IRIS strings may hold $CHAR(0); the storage cannot. */
function storable(text: string): string {
  if (text.includes(NUL_MARK)) {
    throw sqlError(-400, 'The emulator cannot store the noncharacter U+10FFFF');
  }
  if (!text.includes('\0')) return text;
  // $CHAR(0) alone is how IRIS itself writes the empty string.
  if (text === '\0') return '';
  throw sqlError(-400, 'The emulator cannot store a string with $CHAR(0) in it', {
    hint: 'Store it as VARBINARY.',
  });
}

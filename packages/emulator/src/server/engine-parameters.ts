import { decimalToText, TYPE_CODE } from '@iris-devtools/protocol';
import { Decimal, textOf } from '../globals/native-value.js';
import type { ListItem } from '@iris-devtools/protocol';
import type { EngineParameter } from '../engine/engine.js';
import type { NativeValue } from '../globals/native-value.js';

/** SQL's empty string on the wire: an empty item is NULL. */
const EMPTY_STRING_MARK = '\0';

const BINARY_TYPES: readonly number[] = [TYPE_CODE.BINARY, TYPE_CODE.VARBINARY, TYPE_CODE.LONGVARBINARY];

/**
 * A parameter as it arrived, for the engine.
 * @param typeCode what the statement expects; the wire has no item of its own for bytes, which are 8-bit strings
 */
export function engineParameter(item: ListItem, typeCode?: number): EngineParameter {
  if (item.type === 'string' && item.wide !== true && item.value !== '' && isBinary(typeCode)) {
    const value = item.value === EMPTY_STRING_MARK ? '' : item.value;
    return { kind: 'bytes', value: Buffer.from(value, 'latin1') };
  }
  switch (item.type) {
    case 'undefined':
      return { kind: 'undefined' };
    case 'null':
      return { kind: 'null' };
    case 'string':
      return stringParameter(item.value);
    case 'bytes':
      return { kind: 'bytes', value: item.value };
    case 'integer':
      return { kind: 'integer', value: BigInt(item.value) };
    case 'decimal':
      return { kind: 'decimal', value: decimalToText(item.value) };
    case 'double':
      return { kind: 'double', value: item.value };
    case 'oref':
      return { kind: 'string', value: item.value };
  }
}

/**
 * An argument of `%Execute`. A client that passes numbers sends doubles even for whole ones.
 * @param typeCode what the statement expects; ObjectScript has no bytes, they are 8-bit strings
 */
export function parameterOfValue(value: NativeValue, typeCode?: number): EngineParameter {
  if (value === undefined) return { kind: 'undefined' };
  if (typeof value === 'bigint') return { kind: 'integer', value };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value)
      ? { kind: 'integer', value: BigInt(value) }
      : { kind: 'double', value };
  }
  if (value instanceof Decimal) return { kind: 'decimal', value: value.text };
  const text = textOf(value);
  if (isBinary(typeCode) && text !== '') return bytesParameter(text);
  return stringParameter(text);
}

/** Characters beyond U+00FF are no bytes: the engine says so. */
function bytesParameter(text: string): EngineParameter {
  if (/[^\0-\xff]/.test(text)) return { kind: 'string', value: text };
  return { kind: 'bytes', value: text === EMPTY_STRING_MARK ? Buffer.alloc(0) : Buffer.from(text, 'latin1') };
}

function isBinary(typeCode: number | undefined): boolean {
  return typeCode !== undefined && BINARY_TYPES.includes(typeCode);
}

function stringParameter(value: string): EngineParameter {
  if (value === '') return { kind: 'null' };
  return { kind: 'string', value: value === EMPTY_STRING_MARK ? '' : value };
}

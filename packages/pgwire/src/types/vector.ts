import { badBinary, codec, trimBlanks, unexpectedValue, type IrisValue } from './codec.js';
import { printSingle } from './float.js';

/** pgvector's own limit for its type. IRIS's longer vectors can be read, in text and in binary. */
const MAX_DIMENSIONS = 0xffff;
const NUMBER = /^[ \t\n\v\f\r]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\v\f\r]*$/;
const SHORTEST = { extraFloatDigits: 1 } as const;
/** Clients of IRIS send vectors in this form too: 4-byte little-endian floats. */
const BASE64_PREFIX = 'base64:';

function parseNumbers(list: string): Float32Array | undefined {
  const items = list.split(',');
  const numbers = new Float32Array(items.length);
  for (const [index, item] of items.entries()) {
    if (!NUMBER.test(item)) return undefined;
    const number = Math.fround(Number(item));
    if (!Number.isFinite(number)) return undefined;
    numbers[index] = number;
  }
  return numbers;
}

function parseBase64(text: string): Float32Array | undefined {
  const bytes = Buffer.from(text.slice(BASE64_PREFIX.length), 'base64');
  if (bytes.length === 0 || bytes.length % 4 !== 0) return undefined;
  const numbers = new Float32Array(bytes.length / 4);
  for (let index = 0; index < numbers.length; index += 1) numbers[index] = bytes.readFloatLE(index * 4);
  return numbers.every(Number.isFinite) ? numbers : undefined;
}

function fromText(text: string): Float32Array | undefined {
  if (text.startsWith(BASE64_PREFIX)) return parseBase64(text);
  const trimmed = trimBlanks(text);
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return undefined;
  return parseNumbers(trimmed.slice(1, -1));
}

/** IRIS prints a vector as `0.1,.2`, without brackets. */
function fromIris(value: IrisValue): Float32Array {
  if (value instanceof Float32Array) return value;
  if (value instanceof Float64Array) return Float32Array.from(value);
  const text = typeof value === 'string' ? trimBlanks(value) : undefined;
  const numbers = text?.startsWith('[')
    ? fromText(text)
    : text === undefined
      ? undefined
      : parseNumbers(text);
  if (numbers === undefined) throw unexpectedValue('vector', value);
  return numbers;
}

export const vector = codec<Float32Array>({
  name: 'vector',
  fromIris,
  // DOUBLE in IRIS, and exactly the numbers that pgvector would have kept.
  toIris: (datum) => Float64Array.from(datum),
  fromText,
  toText: (datum) => `[${Array.from(datum, (number) => printSingle(number, SHORTEST)).join(',')}]`,
  fromBinary: (bytes) => {
    if (bytes.length < 4) throw badBinary('vector');
    const dimensions = bytes.readUInt16BE(0);
    if (dimensions === 0 || bytes.readInt16BE(2) !== 0 || bytes.length !== 4 + 4 * dimensions)
      throw badBinary('vector');
    const numbers = Float32Array.from({ length: dimensions }, (_, index) => bytes.readFloatBE(4 + 4 * index));
    if (!numbers.every(Number.isFinite)) throw badBinary('vector');
    return numbers;
  },
  toBinary: (datum) => {
    if (datum.length > MAX_DIMENSIONS) throw unexpectedValue('vector of up to 65535 dimensions', datum);
    const bytes = Buffer.alloc(4 + 4 * datum.length);
    bytes.writeUInt16BE(datum.length, 0);
    for (const [index, number] of datum.entries()) bytes.writeFloatBE(number, 4 + 4 * index);
    return bytes;
  },
});

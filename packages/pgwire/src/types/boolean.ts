import { codec, requireLength, trimBlanks, unexpectedValue } from './codec.js';

const NAME = 'boolean';
const TRUE_WORDS = new Set(['t', 'tr', 'tru', 'true', 'y', 'ye', 'yes', 'on', '1']);
const FALSE_WORDS = new Set(['f', 'fa', 'fal', 'fals', 'false', 'n', 'no', 'of', 'off', '0']);

/** IRIS has BIT: 0 and 1. */
export const boolean = codec<boolean>({
  name: NAME,
  fromIris: (value) => {
    if (value === true || value === 1 || value === 1n || value === '1') return true;
    if (value === false || value === 0 || value === 0n || value === '0') return false;
    throw unexpectedValue(NAME, value);
  },
  toIris: (datum) => datum,
  fromText: (text) => {
    const word = trimBlanks(text).toLowerCase();
    return TRUE_WORDS.has(word) ? true : FALSE_WORDS.has(word) ? false : undefined;
  },
  toText: (datum) => (datum ? 't' : 'f'),
  fromBinary: (bytes) => requireLength(bytes, 1, NAME)[0] !== 0,
  toBinary: (datum) => Uint8Array.of(datum ? 1 : 0),
});

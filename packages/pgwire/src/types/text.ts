import { codec, readUtf8, unexpectedValue, type Codec, type IrisValue } from './codec.js';

function fromIris(name: string): (value: IrisValue) => string {
  return (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (typeof value === 'boolean') return value ? '1' : '0';
    throw unexpectedValue(name, value);
  };
}

function characters(name: string, pad: (text: string, typeModifier: number) => string): Codec {
  return codec<string>({
    name,
    fromIris: fromIris(name),
    toIris: (datum) => datum,
    fromText: (text) => text,
    toText: (datum, _style, typeModifier) => pad(datum, typeModifier),
    fromBinary: readUtf8,
    toBinary: (datum, typeModifier) => Buffer.from(pad(datum, typeModifier), 'utf8'),
  });
}

const asIs = (text: string): string => text;

/** character(n) is filled with blanks to n characters (not UTF-16 units); the modifier is n + 4. */
function padToLength(text: string, typeModifier: number): string {
  const missing = typeModifier - 4 - Array.from(text).length;
  return missing > 0 ? text + ' '.repeat(missing) : text;
}

export const text = characters('text', asIs);
export const varchar = characters('character varying', asIs);
export const bpchar = characters('character', padToLength);
export const name = characters('name', asIs);
export const unknown = characters('unknown', asIs);

/** `"char"`: one byte. PostgreSQL prints a byte above 127 as an octal escape; IRIS keeps one character. */
export const char = characters('"char"', asIs);

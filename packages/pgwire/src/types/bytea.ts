import { codec, unexpectedValue } from './codec.js';

const HEX = /^\\x((?:[0-9a-fA-F]{2})*)$/;
const ESCAPED = /\\(?:\\|([0-3][0-7][0-7]))/g;
const LATIN1_ONLY = /^[\0-\xff]*$/;

function parseEscaped(text: string): Buffer | undefined {
  // Every backslash must begin `\\` or `\ooo`.
  if (text.replace(ESCAPED, '').includes('\\')) return undefined;
  const bytes: Buffer[] = [];
  let from = 0;
  for (const match of text.matchAll(ESCAPED)) {
    bytes.push(Buffer.from(text.slice(from, match.index), 'utf8'));
    const octal = match[1];
    bytes.push(Buffer.of(octal === undefined ? 0x5c : Number.parseInt(octal, 8)));
    from = match.index + match[0].length;
  }
  bytes.push(Buffer.from(text.slice(from), 'utf8'));
  return Buffer.concat(bytes);
}

function printEscaped(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0x5c) text += '\\\\';
    else if (byte < 0x20 || byte > 0x7e) text += `\\${byte.toString(8).padStart(3, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return text;
}

export const bytea = codec<Uint8Array>({
  name: 'bytea',
  fromIris: (value) => {
    if (value instanceof Uint8Array) return value;
    // IRIS's binary strings have one byte for each character.
    if (typeof value === 'string' && LATIN1_ONLY.test(value)) return Buffer.from(value, 'latin1');
    throw unexpectedValue('bytea', value);
  },
  toIris: (datum) => datum,
  fromText: (text) => {
    if (!text.startsWith('\\x')) return parseEscaped(text);
    const digits = HEX.exec(text)?.[1];
    return digits === undefined ? undefined : Buffer.from(digits, 'hex');
  },
  toText: (datum, { byteaOutput }) =>
    byteaOutput === 'escape' ? printEscaped(datum) : `\\x${Buffer.from(datum).toString('hex')}`,
  // A copy: the client's frame is reused for what comes next.
  fromBinary: (bytes) => Uint8Array.from(bytes),
  toBinary: (datum) => datum,
});

import { badFormat } from './copy-lines.js';
import type { CopyOptions } from './copy-options.js';

/** One field as it stands in the data. */
export interface CopyField {
  readonly bytes: Buffer;
  /** Is it the text that stands for NULL? For csv: and not quoted. */
  readonly isNull: boolean;
  /** csv: a part of it was quoted. */
  readonly quoted: boolean;
}

const BACKSLASH = 0x5c;
const ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }).map(([letter, code]) => [
    letter.charCodeAt(0),
    code,
  ]),
);

/** Splits a line of COPY data. @throws PgError 22P04 */
export function splitFields(line: Buffer, options: CopyOptions): CopyField[] {
  return options.format === 'csv' ? splitCsv(line, options) : splitText(line, options);
}

/** As CopyReadAttributesText. */
function splitText(line: Buffer, { delimiter, nullText }: CopyOptions): CopyField[] {
  const fields: CopyField[] = [];
  let start = 0;
  let escaped = false;
  for (let index = 0; index <= line.length; index += 1) {
    const byte = index < line.length ? line[index] : delimiter;
    if (byte === delimiter) {
      const raw = line.subarray(start, index);
      // NULL is recognised before escapes are: `\N` as a value is written `\\N`.
      const isNull = raw.toString('latin1') === Buffer.from(nullText).toString('latin1');
      fields.push({ bytes: escaped ? unescape(raw) : raw, isNull, quoted: false });
      start = index + 1;
      escaped = false;
    } else if (byte === BACKSLASH) {
      escaped = true;
      // The escaped byte may be the delimiter; a backslash at the very end stands for itself.
      if (index + 1 < line.length) index += 1;
    }
  }
  return fields;
}

function unescape(raw: Buffer): Buffer {
  const out = Buffer.allocUnsafe(raw.length);
  let length = 0;
  for (let index = 0; index < raw.length; index += 1) {
    let byte = raw[index] ?? 0;
    if (byte === BACKSLASH && index + 1 < raw.length) {
      const numeric = numericEscape(raw, index + 1);
      if (numeric === undefined) {
        index += 1;
        byte = raw[index] ?? 0;
        byte = ESCAPES.get(byte) ?? byte;
      } else {
        index = numeric.last;
        byte = numeric.byte;
      }
    }
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
}

/** `\ooo` (one to three octal digits) or `\xhh` (one or two). */
function numericEscape(raw: Buffer, start: number): { byte: number; last: number } | undefined {
  const text = raw.toString('latin1', start, start + 3);
  const octal = /^[0-7]{1,3}/.exec(text)?.[0];
  if (octal !== undefined) return { byte: Number.parseInt(octal, 8) & 0xff, last: start + octal.length - 1 };
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(text)?.[1];
  if (hex !== undefined) return { byte: Number.parseInt(hex, 16), last: start + hex.length };
  return undefined;
}

/** As CopyReadAttributesCSV: quotes may begin and end anywhere in a field. */
function splitCsv(line: Buffer, { delimiter, quote, escape, nullText }: CopyOptions): CopyField[] {
  const fields: CopyField[] = [];
  const value = Buffer.allocUnsafe(line.length);
  let length = 0;
  let quoted = false;
  let inQuotes = false;
  for (let index = 0; index <= line.length; index += 1) {
    const byte = line[index];
    if (!inQuotes && (byte === undefined || byte === delimiter)) {
      const bytes = Buffer.from(value.subarray(0, length));
      fields.push({ bytes, isNull: bytes.toString('utf8') === nullText, quoted });
      length = 0;
      quoted = false;
    } else if (byte === undefined) {
      throw badFormat('unterminated CSV quoted field');
    } else if (!inQuotes && byte === quote) {
      inQuotes = true;
      quoted = true;
    } else if (inQuotes && byte === escape && isEscapable(line[index + 1], quote, escape)) {
      index += 1;
      value[length] = line[index] ?? 0;
      length += 1;
    } else if (inQuotes && byte === quote) {
      inQuotes = false;
    } else {
      value[length] = byte;
      length += 1;
    }
  }
  return fields;
}

function isEscapable(byte: number | undefined, quote: number, escape: number): boolean {
  return byte === quote || byte === escape;
}

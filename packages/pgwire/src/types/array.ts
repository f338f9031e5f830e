import type { SqlValue } from '@iris-devtools/core';
import { PgError } from '../pg-error.js';
import { badBinary, trimBlanks, type Codec } from './codec.js';
import type { TextStyle } from './text-style.js';

/** A PostgreSQL array. IRIS has none: the translator takes it apart (`= ANY($1)`). */
export interface PgArray {
  readonly kind: 'array';
  readonly elementOid: number;
  /** Length of each dimension, outermost first; empty for the empty array. */
  readonly lengths: readonly number[];
  /** In row-major order, all dimensions together. */
  readonly elements: readonly SqlValue[];
}

/** PostgreSQL's own limits. */
const MAX_DIMENSIONS = 6;
const MAX_ELEMENTS = 134_217_727;
const NEEDS_QUOTES = /^$|^null$|[{},"\\ \t\n\v\f\r]/i;

export function isPgArray(value: unknown): value is PgArray {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'array';
}

function quote(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}

function nest(texts: readonly string[], lengths: readonly number[]): string {
  const [length = 0, ...inner] = lengths;
  if (inner.length === 0) return `{${texts.join(',')}}`;
  const size = texts.length / length;
  const parts = Array.from({ length }, (_, index) =>
    nest(texts.slice(index * size, (index + 1) * size), inner),
  );
  return `{${parts.join(',')}}`;
}

export function printArray(array: PgArray, codec: Codec, style: TextStyle, typeModifier: number): string {
  const texts = array.elements.map((value) =>
    value === null ? 'NULL' : quote(codec.encodeText(value, style, typeModifier)),
  );
  return nest(texts, array.lengths);
}

/** Layout: PostgreSQL's array_send: dimensions, has-null flag, element type, (length, lower bound)..., elements. */
export function writeArray(array: PgArray, codec: Codec, typeModifier: number): Buffer {
  const head = Buffer.alloc(12 + 8 * array.lengths.length);
  head.writeInt32BE(array.lengths.length, 0);
  head.writeInt32BE(array.elements.includes(null) ? 1 : 0, 4);
  head.writeUInt32BE(array.elementOid, 8);
  for (const [index, length] of array.lengths.entries()) {
    head.writeInt32BE(length, 12 + 8 * index);
    head.writeInt32BE(1, 16 + 8 * index);
  }
  const elements = array.elements.flatMap((value) => {
    const bytes = value === null ? undefined : codec.encodeBinary(value, typeModifier);
    const size = Buffer.allocUnsafe(4);
    size.writeInt32BE(bytes?.length ?? -1);
    return bytes === undefined ? [size] : [size, bytes];
  });
  return Buffer.concat([head, ...elements]);
}

/** @throws PgError 22P03 */
export function readArray(bytes: Buffer, elementOid: number, codec: Codec): PgArray {
  const bad = badBinary(`${codec.name}[]`);
  if (bytes.length < 12) throw bad;
  const dimensions = bytes.readInt32BE(0);
  if (dimensions < 0 || dimensions > MAX_DIMENSIONS || bytes.length < 12 + 8 * dimensions) throw bad;
  if (bytes.readUInt32BE(8) !== elementOid) {
    throw new PgError({
      sqlstate: '42804',
      message: `binary data has array element type ${bytes.readUInt32BE(8)} instead of expected ${elementOid}`,
    });
  }
  const lengths = Array.from({ length: dimensions }, (_, index) => bytes.readInt32BE(12 + 8 * index));
  const count = dimensions === 0 ? 0 : lengths.reduce((product, length) => product * length, 1);
  // Each element takes four bytes at least, so the count cannot promise more than there is.
  if (lengths.some((length) => length < 0) || count > MAX_ELEMENTS || count * 4 > bytes.length) throw bad;
  const elements: SqlValue[] = [];
  let at = 12 + 8 * dimensions;
  for (let index = 0; index < count; index += 1) {
    if (at + 4 > bytes.length) throw bad;
    const size = bytes.readInt32BE(at);
    at += 4;
    if (size === -1) {
      elements.push(null);
      continue;
    }
    if (size < 0 || at + size > bytes.length) throw bad;
    elements.push(codec.decodeBinary(bytes.subarray(at, at + size)));
    at += size;
  }
  if (at !== bytes.length) throw bad;
  return { kind: 'array', elementOid, lengths: count === 0 ? [] : lengths, elements };
}

/** Reads `{a,"b c",NULL,{...}}`; one instance for one text. */
class ArrayText {
  readonly #text: string;
  readonly #codec: Codec;
  #at = 0;
  readonly elements: SqlValue[] = [];

  constructor(text: string, codec: Codec) {
    this.#text = trimBlanks(text);
    this.#codec = codec;
  }

  /** Lengths of the dimensions, or `undefined` when PostgreSQL has to look at it. */
  read(): number[] | undefined {
    const lengths = this.#list(1);
    return this.#at === this.#text.length ? lengths : undefined;
  }

  #skipBlanks(): string {
    while (/[ \t\n\v\f\r]/.test(this.#text.charAt(this.#at))) this.#at += 1;
    return this.#text.charAt(this.#at);
  }

  #list(depth: number): number[] | undefined {
    if (this.#text.charAt(this.#at) !== '{' || depth > MAX_DIMENSIONS) return undefined;
    this.#at += 1;
    if (this.#skipBlanks() === '}') {
      this.#at += 1;
      return depth === 1 ? [] : undefined;
    }
    let inner: number[] | undefined;
    for (let length = 1; ; length += 1) {
      const found = this.#skipBlanks() === '{' ? this.#list(depth + 1) : this.#element();
      if (found === undefined || (inner !== undefined && inner.join() !== found.join())) return undefined;
      inner = found;
      const next = this.#skipBlanks();
      this.#at += 1;
      if (next === '}') return [length, ...inner];
      if (next !== ',') return undefined;
    }
  }

  #element(): number[] | undefined {
    const raw = this.#text.charAt(this.#at) === '"' ? this.#quoted() : this.#bare();
    if (raw === undefined) return undefined;
    if (raw === null) {
      this.elements.push(null);
      return [];
    }
    const decoded = this.#codec.decodeText(raw);
    if (decoded === undefined) return undefined;
    this.elements.push(decoded.value);
    return [];
  }

  #quoted(): string | undefined {
    let value = '';
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text.charAt(this.#at);
      if (character === '"') {
        this.#at += 1;
        return value;
      }
      if (character === '\\') this.#at += 1;
      value += this.#text.charAt(this.#at);
    }
    return undefined;
  }

  #bare(): string | null | undefined {
    const start = this.#at;
    while (this.#at < this.#text.length && !/[{},"\\]/.test(this.#text.charAt(this.#at))) this.#at += 1;
    if (!/[,}]/.test(this.#text.charAt(this.#at))) return undefined;
    const raw = trimBlanks(this.#text.slice(start, this.#at));
    if (raw === '') return undefined;
    return raw.toUpperCase() === 'NULL' ? null : raw;
  }
}

/** `undefined`: not one of the common spellings (`[2:3]={...}`, ragged, ...). */
export function parseArray(text: string, elementOid: number, codec: Codec): PgArray | undefined {
  const reader = new ArrayText(text, codec);
  const lengths = reader.read();
  return lengths === undefined
    ? undefined
    : { kind: 'array', elementOid, lengths, elements: reader.elements };
}

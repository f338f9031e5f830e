import type { SqlValue } from '@iris-devtools/core';
import { PgError } from '../pg-error.js';
import type { TextStyle } from './text-style.js';

/** A value that is not NULL, as a driver reads it from IRIS. */
export type IrisValue = Exclude<SqlValue, null>;

/** One PostgreSQL type; `D` is its value between the two worlds, exact and free of any session's settings. */
export interface TypeDefinition<D> {
  /** As PostgreSQL's error messages call it. */
  readonly name: string;
  /** @throws PgError XX000 or 22003 when IRIS gave something that is no such value */
  readonly fromIris: (value: IrisValue) => D;
  readonly toIris: (datum: D) => IrisValue;
  /**
   * Reads the common spellings. `undefined`: not one of them, so PostgreSQL itself has to read it, or to refuse it with
   * its own error.
   */
  readonly fromText: (text: string) => D | undefined;
  readonly toText: (datum: D, style: TextStyle, typeModifier: number) => string;
  /** @throws PgError 22P03 */
  readonly fromBinary: (bytes: Buffer) => D;
  readonly toBinary: (datum: D, typeModifier: number) => Uint8Array;
}

/** A {@link TypeDefinition} with the datum hidden inside. */
export interface Codec {
  readonly name: string;
  encodeText(value: IrisValue, style: TextStyle, typeModifier: number): string;
  encodeBinary(value: IrisValue, typeModifier: number): Uint8Array;
  decodeText(text: string): { readonly value: IrisValue } | undefined;
  decodeBinary(bytes: Buffer): IrisValue;
}

export function codec<D>(type: TypeDefinition<D>): Codec {
  return {
    name: type.name,
    encodeText: (value, style, typeModifier) => type.toText(type.fromIris(value), style, typeModifier),
    encodeBinary: (value, typeModifier) => type.toBinary(type.fromIris(value), typeModifier),
    decodeText: (text) => {
      const datum = type.fromText(text);
      return datum === undefined ? undefined : { value: type.toIris(datum) };
    },
    decodeBinary: (bytes) => type.toIris(type.fromBinary(bytes)),
  };
}

/** IRIS answered with something that the described type cannot hold: a fault of ours, never shown as data. */
export function unexpectedValue(typeName: string, value: IrisValue): PgError {
  const kind = value instanceof Date ? 'date' : ArrayBuffer.isView(value) ? 'bytes' : typeof value;
  return new PgError({
    sqlstate: 'XX000',
    message: `IRIS gave a ${kind} where ${typeName} was expected`,
  });
}

export function outOfRange(typeName: string, text: string): PgError {
  return new PgError({ sqlstate: '22003', message: `value "${text}" is out of range for type ${typeName}` });
}

export function badBinary(typeName: string): PgError {
  return new PgError({ sqlstate: '22P03', message: `incorrect binary data format for type ${typeName}` });
}

/** @throws PgError 22P03 */
export function requireLength(bytes: Buffer, length: number, typeName: string): Buffer {
  if (bytes.length !== length) throw badBinary(typeName);
  return bytes;
}

/** PostgreSQL's isspace: not the blanks of Unicode, which JavaScript's trim takes too. */
export function trimBlanks(text: string): string {
  return text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
}

const STRICT_UTF8 = { fatal: true, ignoreBOM: true } as const;

/** @throws PgError 22021 */
export function readUtf8(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', STRICT_UTF8).decode(bytes);
  } catch {
    throw new PgError({ sqlstate: '22021', message: 'invalid byte sequence for encoding "UTF8"' });
  }
  if (text.includes('\0')) {
    throw new PgError({ sqlstate: '22021', message: 'invalid byte sequence for encoding "UTF8": 0x00' });
  }
  return text;
}

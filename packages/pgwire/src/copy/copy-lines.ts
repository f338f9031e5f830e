import { PgError } from '../pg-error.js';
import type { CopyOptions } from './copy-options.js';

export interface CopyLine {
  /** Without its line end. */
  readonly bytes: Buffer;
  /** 1-based; a line with quoted line ends inside counts for several. */
  readonly number: number;
}

type LineEnd = 'unknown' | 'lf' | 'cr' | 'crlf';

const LF = 0x0a;
const CR = 0x0d;
const BACKSLASH = 0x5c;
const END_MARKER = '\\.';

/**
 * Cuts COPY data into lines, whatever pieces it arrives in. As in PostgreSQL the first line end decides which kind
 * counts, a backslash (text) or quotes (csv) protect a line end, and a line `\.` ends the data.
 */
export class CopyLines {
  readonly #options: CopyOptions;
  readonly #maxLineBytes: number;
  #pending: Buffer = Buffer.alloc(0);
  /** How far `#pending` was looked at. */
  #scanned = 0;
  #inQuotes = false;
  #afterEscape = false;
  #lineEnd: LineEnd = 'unknown';
  #number = 0;
  /** Line ends inside quotes of the line that is being read. */
  #innerLineEnds = 0;
  #ended = false;

  constructor(options: CopyOptions, maxLineBytes: number) {
    this.#options = options;
    this.#maxLineBytes = maxLineBytes;
  }

  get lineNumber(): number {
    return this.#number;
  }

  /** The lines that this piece completes. @throws PgError 22P04 for mixed line ends, 54000 for a line that is too long */
  push(chunk: Uint8Array): CopyLine[] {
    if (this.#ended) return [];
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const lines = this.#scan(false);
    if (this.#pending.length > this.#maxLineBytes) {
      throw new PgError({
        sqlstate: '54000',
        message: `a COPY line is longer than ${this.#maxLineBytes} bytes`,
      });
    }
    return lines;
  }

  /** What is left when the data is complete: the last line may lack its line end. */
  finish(): CopyLine[] {
    if (this.#ended) return [];
    const lines = this.#scan(true);
    if (this.#pending.length > 0) {
      const last = this.#emit(this.#pending);
      if (last !== undefined) lines.push(last);
    }
    if (this.#inQuotes) throw badFormat('unterminated CSV quoted field');
    return lines;
  }

  #scan(final: boolean): CopyLine[] {
    const lines: CopyLine[] = [];
    const bytes = this.#pending;
    let start = 0;
    let index = this.#scanned;
    while (index < bytes.length && !this.#ended) {
      const byte = bytes[index] ?? 0;
      if (byte === LF || byte === CR) {
        const width = this.#lineEndAt(bytes, index, final);
        if (width === undefined) break;
        if (width > 0) {
          const line = this.#emit(bytes.subarray(start, index));
          if (line !== undefined) lines.push(line);
          start = index + width;
        }
        index += Math.max(width, 1);
      } else if (this.#options.format === 'text' && byte === BACKSLASH) {
        // The next byte is data, also when it is a line end.
        if (index + 1 >= bytes.length && !final) break;
        index += this.#isEndMarker(bytes, start, index) ? 1 : 2;
      } else {
        if (this.#options.format === 'csv') this.#trackQuotes(byte);
        index += 1;
      }
    }
    this.#scanned = Math.min(index, bytes.length) - start;
    // What follows the end marker is not looked at.
    this.#pending = this.#ended ? Buffer.alloc(0) : bytes.subarray(start);
    return lines;
  }

  /** `\.` at the start of a line: its line end must not be taken for an escaped one. */
  #isEndMarker(bytes: Buffer, start: number, index: number): boolean {
    return index === start && bytes[index + 1] === 0x2e;
  }

  /** How many bytes the line end here has; 0: it is data; `undefined`: the next byte must arrive first. */
  #lineEndAt(bytes: Buffer, index: number, final: boolean): number | undefined {
    if (this.#inQuotes) {
      this.#afterEscape = false;
      if (bytes[index] === LF) this.#innerLineEnds += 1;
      return 0;
    }
    this.#afterEscape = false;
    if (bytes[index] === LF) {
      if (this.#lineEnd === 'unknown') this.#lineEnd = 'lf';
      if (this.#lineEnd === 'lf') return 1;
      throw this.#wrongLineEnd('newline', '\\n');
    }
    if (this.#lineEnd === 'cr') return 1;
    if (this.#lineEnd === 'lf') throw this.#wrongLineEnd('carriage return', '\\r');
    if (index + 1 >= bytes.length && !final) return undefined;
    const isPair = bytes[index + 1] === LF;
    if (this.#lineEnd === 'unknown') this.#lineEnd = isPair ? 'crlf' : 'cr';
    if (this.#lineEnd === 'crlf' && !isPair) throw this.#wrongLineEnd('carriage return', '\\r');
    return isPair ? 2 : 1;
  }

  /** As CopyReadLineText: quotes toggle, an escape inside quotes protects what follows. */
  #trackQuotes(byte: number): void {
    const { quote, escape } = this.#options;
    // With one character for both, a doubled quote closes and opens again, which comes to the same.
    if (this.#inQuotes && byte === escape && escape !== quote) this.#afterEscape = !this.#afterEscape;
    if (byte === quote && !this.#afterEscape) this.#inQuotes = !this.#inQuotes;
    if (byte !== escape) this.#afterEscape = false;
  }

  #emit(bytes: Buffer): CopyLine | undefined {
    this.#number += 1;
    if (bytes.length === END_MARKER.length && bytes.toString('latin1') === END_MARKER) {
      this.#ended = true;
      return undefined;
    }
    const line = { bytes, number: this.#number };
    this.#number += this.#innerLineEnds;
    this.#innerLineEnds = 0;
    return line;
  }

  #wrongLineEnd(what: string, written: string): PgError {
    this.#number += 1;
    return this.#options.format === 'text'
      ? badFormat(`literal ${what} found in data`, `Use "${written}" to represent ${what}.`)
      : badFormat(`unquoted ${what} found in data`, `Use quoted CSV field to represent ${what}.`);
  }
}

/** 22P04 */
export function badFormat(message: string, hint?: string): PgError {
  return new PgError({ sqlstate: '22P04', message, hint });
}

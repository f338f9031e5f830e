import type { CopyOptions } from './copy-options.js';
import { chooses } from './copy-options.js';

const TEXT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
]);

/** Writes the lines of COPY TO. */
export class CopyText {
  readonly #options: CopyOptions;
  readonly #columns: readonly string[];
  readonly #delimiter: string;
  readonly #quote: string;
  readonly #escape: string;

  constructor(options: CopyOptions, columns: readonly string[]) {
    this.#options = options;
    this.#columns = columns;
    this.#delimiter = String.fromCharCode(options.delimiter);
    this.#quote = String.fromCharCode(options.quote);
    this.#escape = String.fromCharCode(options.escape);
  }

  /** The line of column names. */
  header(): Buffer {
    const names = this.#columns.map((name) =>
      this.#options.format === 'csv' ? this.#csv(name, false) : this.#text(name),
    );
    return Buffer.from(`${names.join(this.#delimiter)}\n`);
  }

  line(values: readonly (Uint8Array | null)[]): Buffer {
    const fields = values.map((value, column) => {
      if (value === null) return this.#options.nullText;
      const text = Buffer.from(value.buffer, value.byteOffset, value.length).toString('utf8');
      if (this.#options.format === 'text') return this.#text(text);
      return this.#csv(text, chooses(this.#options.forceQuote, this.#columns[column] ?? ''));
    });
    return Buffer.from(`${fields.join(this.#delimiter)}\n`);
  }

  #text(value: string): string {
    let out = '';
    for (const character of value) {
      const escaped = TEXT_ESCAPES.get(character);
      // A tab is only written as \t, a delimiter of one's own as itself behind a backslash.
      if (escaped !== undefined) out += escaped;
      else out += character === this.#delimiter ? `\\${character}` : character;
    }
    return out;
  }

  #csv(value: string, forced: boolean): string {
    const needsQuotes =
      forced ||
      value === this.#options.nullText ||
      value.includes(this.#delimiter) ||
      value.includes(this.#quote) ||
      /[\r\n]/.test(value) ||
      // Alone on its line it would end the data.
      (this.#columns.length === 1 && value === '\\.');
    if (!needsQuotes) return value;
    let out = this.#quote;
    for (const character of value) {
      if (character === this.#quote || character === this.#escape) out += this.#escape;
      out += character;
    }
    return out + this.#quote;
  }
}

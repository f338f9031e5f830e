import { decimalToText, PARAMETER_KIND, TYPE_CODE } from '@iris-devtools/protocol';
import type { ListItem, ParameterInfo } from '@iris-devtools/protocol';
import { tokenize } from '../sql/parser/lexer.js';
import type { Token } from '../sql/parser/token.js';
import type { ParameterDescription } from '../engine/engine.js';

/**
 * Kinds of literals that a client took out of the text (official Python client 5.4.1: `1` is sent as 10, `1.5` and `1e3` as
 * 11, `'x'` as 4). The Go driver marks every parameter as a literal of mode 4 or 1.
 */
const LIFTED_MODE = { string: 4, integer: 10, number: 11 } as const;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A literal for the description of a statement whose values are not known yet. */
const SAMPLES: Readonly<Record<string, string>> = {
  INTEGER: '1',
  NUMBER: '1.5',
  D: "'2000-01-01'",
  T: "'00:00:00'",
  TS: "'2000-01-01 00:00:00'",
};

const DESCRIPTIONS: Readonly<Record<string, ParameterDescription>> = {
  INTEGER: { typeCode: TYPE_CODE.INTEGER, precision: 10, scale: 0, nullable: false },
  NUMBER: { typeCode: TYPE_CODE.NUMERIC, precision: 19, scale: 2, nullable: false },
};
const TEXT_DESCRIPTION: ParameterDescription = {
  typeCode: TYPE_CODE.VARCHAR,
  precision: 50,
  scale: 0,
  nullable: false,
};

/** `:%qpar(n)` in the text. */
interface Marker {
  /** From 0. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** What must stand here as a literal again; `undefined`: it stays a parameter. */
  readonly literal: string | undefined;
}

/**
 * A statement whose literals the client replaced by parameters. To the parser some of them must be literals again: numbers,
 * which mean something else in ORDER BY, TOP or a type, and the texts of `{d ...}`, `{t ...}` and `{ts ...}`.
 */
export class LiftedStatement {
  readonly #text: string;
  readonly #markers: readonly Marker[];
  readonly #parameterCount: number;

  private constructor(text: string, markers: readonly Marker[], parameterCount: number) {
    this.#text = text;
    this.#markers = markers;
    this.#parameterCount = parameterCount;
  }

  /** `undefined` when every parameter can stay one. */
  static of(
    text: string,
    infos: readonly ParameterInfo[],
    delimitedIdentifiers: boolean,
  ): LiftedStatement | undefined {
    if (!infos.some(({ kind }) => kind === PARAMETER_KIND.CONSTANT)) return undefined;
    const markers = findMarkers(tokenize(text, { delimitedIdentifiers }), infos);
    if (!markers.some(({ literal }) => literal !== undefined)) return undefined;
    return new LiftedStatement(text, markers, infos.length);
  }

  /** The text to describe the statement by, before its values are known. */
  get sample(): string {
    return this.#rewrite(({ literal }) => (literal === undefined ? undefined : SAMPLES[literal]));
  }

  /** The text with its literals in place, and the values of the parameters that are left. */
  withValues(values: readonly ListItem[]): { readonly text: string; readonly values: readonly ListItem[] } {
    const left: ListItem[] = [];
    const text = this.#rewrite(({ index, literal }) => {
      const value = values[index] ?? { type: 'undefined' };
      const written = literal === undefined ? undefined : literalText(literal, value);
      if (written === undefined) left.push(value);
      return written;
    });
    return { text, values: left };
  }

  /** Descriptions of all parameters that the client sent, from those of the sample. */
  describe(ofSample: readonly ParameterDescription[]): readonly ParameterDescription[] {
    const descriptions = Array.from({ length: this.#parameterCount }, () => TEXT_DESCRIPTION);
    let position = 0;
    for (const { index, literal } of this.#markers) {
      const known = literal === undefined ? ofSample[position] : DESCRIPTIONS[literal];
      if (literal === undefined) position += 1;
      descriptions[index] = known ?? TEXT_DESCRIPTION;
    }
    return descriptions;
  }

  /** Puts `replace`'s text in the place of each marker, a question mark where it gives none. */
  #rewrite(replace: (marker: Marker) => string | undefined): string {
    let text = '';
    let from = 0;
    for (const marker of this.#markers) {
      text += `${this.#text.slice(from, marker.start)} ${replace(marker) ?? '?'} `;
      from = marker.end;
    }
    return text + this.#text.slice(from);
  }
}

/** The tokens `:`, `%qpar`, `(`, n, `)`. */
function findMarkers(tokens: readonly Token[], infos: readonly ParameterInfo[]): Marker[] {
  const markers: Marker[] = [];
  tokens.forEach((token, at) => {
    const [name, open, number, close] = tokens.slice(at + 1, at + 5);
    const isMarker =
      token.upper === ':' && name?.upper === '%QPAR' && open?.upper === '(' && number?.kind === 'number';
    if (!isMarker || close?.upper !== ')') return;
    const index = Number(number.text) - 1;
    const literal = literalKind(infos[index], tokens[at - 2], tokens[at - 1]);
    markers.push({ index, start: token.position, end: close.end, literal });
  });
  return markers;
}

function literalKind(info: ParameterInfo | undefined, brace: Token | undefined, word: Token | undefined) {
  if (info?.kind !== PARAMETER_KIND.CONSTANT) return undefined;
  if (info.mode === LIFTED_MODE.integer) return 'INTEGER';
  if (info.mode === LIFTED_MODE.number) return 'NUMBER';
  const isEscape = brace?.upper === '{' && word !== undefined && ['D', 'T', 'TS'].includes(word.upper);
  return isEscape ? word.upper : undefined;
}

/** The literal as SQL text; `undefined` when the value is none of its kind and stays a parameter. */
function literalText(literal: string, value: ListItem): string | undefined {
  const text = plainText(value);
  if (text === undefined) return undefined;
  if (literal === 'INTEGER' || literal === 'NUMBER') return NUMBER.test(text) ? text : undefined;
  return `'${text.replaceAll("'", "''")}'`;
}

function plainText(value: ListItem): string | undefined {
  if (value.type === 'string' || value.type === 'integer') return String(value.value);
  return value.type === 'decimal' ? decimalToText(value.value) : undefined;
}

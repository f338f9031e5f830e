import type { SqlParameter } from '@iris-devtools/core';
import { PgError } from '../pg-error.js';

/** What the values of one execution are computed from. */
export interface RunValues {
  /** The client's `$1..$n`, decoded. */
  readonly parameters: readonly SqlParameter[];
  /** The time that `now()` and its relatives show. */
  readonly now: Date;
  /** Values that a plan feeds from one IRIS statement into the next, e.g. a row id. */
  readonly inputs: readonly SqlParameter[];
}

/** The value of one `?`, computed anew for each execution. */
export type Binding = (run: RunValues) => SqlParameter;
/** Values that become `?, ?, ?`; at least one. */
export type ListBinding = (run: RunValues) => readonly SqlParameter[];

type Part = string | { readonly bind: Binding } | { readonly bindList: ListBinding };

/** What an expression contains; decides where IRIS accepts it. */
export const CONTAINS = { aggregate: 1, window: 2, subquery: 4, parameter: 8, column: 16 } as const;

/** Emulations repeat their operands, so nesting them can multiply the text without end. */
const MAX_PARTS = 400_000;

export interface RenderedSql {
  readonly text: string;
  readonly bindings: readonly Binding[];
}

/** IRIS SQL under construction: text that we wrote, and `?` with the source of its value. Immutable. */
export class Sql {
  readonly parts: readonly Part[];
  /** Bits of {@link CONTAINS}. */
  readonly flags: number;

  /** @throws PgError 54001 when the statement has grown too large */
  constructor(parts: readonly Part[], flags = 0) {
    if (parts.length > MAX_PARTS) {
      const hint = 'Nest fewer CASE, IS DISTINCT FROM, casts and boolean values, or shorten the lists.';
      throw new PgError({ sqlstate: '54001', message: 'statement too complex', hint });
    }
    this.parts = parts;
    this.flags = flags;
  }

  has(flag: keyof typeof CONTAINS): boolean {
    return (this.flags & CONTAINS[flag]) !== 0;
  }

  with(flag: keyof typeof CONTAINS): Sql {
    return new Sql(this.parts, this.flags | CONTAINS[flag]);
  }

  without(flag: keyof typeof CONTAINS): Sql {
    return new Sql(this.parts, this.flags & ~CONTAINS[flag]);
  }

  /** For a query used as a value: what it contains inside is its own affair. */
  asSubquery(): Sql {
    return new Sql(this.parts, (this.flags & CONTAINS.parameter) | CONTAINS.subquery);
  }

  /** Does the text depend on values, because it holds a list of unknown length? */
  get isDynamic(): boolean {
    return this.parts.some((part) => typeof part !== 'string' && 'bindList' in part);
  }

  /** The statement for logs and tests: a list is shown as one `?`. */
  toString(): string {
    return this.parts.map((part) => (typeof part === 'string' ? part : '?')).join('');
  }
}

export const EMPTY = new Sql([]);

/** Text written by this package; never a value or a name that came from a client. */
export function raw(text: string): Sql {
  return new Sql([text]);
}

/** `` sql`ABS(${x})` ``: only fragments can be spliced, so no client text gets in unseen. */
export function sql(strings: TemplateStringsArray, ...values: readonly Sql[]): Sql {
  const parts: Part[] = [];
  let flags = 0;
  for (const [index, text] of strings.entries()) {
    if (text !== '') parts.push(text);
    const value = values[index];
    if (value !== undefined) {
      append(parts, value);
      flags |= value.flags;
    }
  }
  return new Sql(parts, flags);
}

/** Long lists are more than can be spread into the arguments of one call. */
function append(parts: Part[], fragment: Sql): void {
  for (const part of fragment.parts) parts.push(part);
}

export function join(fragments: readonly Sql[], separator = ', '): Sql {
  const parts: Part[] = [];
  let flags = 0;
  for (const [index, fragment] of fragments.entries()) {
    if (index > 0) parts.push(separator);
    append(parts, fragment);
    flags |= fragment.flags;
  }
  return new Sql(parts, flags);
}

/** A delimited identifier. Names that IRIS cannot hold are refused before they come here. */
export function identifier(name: string): Sql {
  return new Sql([`"${name.replaceAll('"', '""')}"`]);
}

const LONGEST_LITERAL = 1000;

/** A string constant: as a literal when short and plain, else bound. */
export function textLiteral(text: string): Sql {
  const plain = text.length <= LONGEST_LITERAL && !hasControlCharacter(text);
  return plain ? new Sql([`'${text.replaceAll("'", "''")}'`]) : constant(text);
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) < 32) return true;
  return false;
}

export function bind(binding: Binding): Sql {
  return new Sql([{ bind: binding }], CONTAINS.parameter);
}

export function bindList(binding: ListBinding): Sql {
  return new Sql([{ bindList: binding }], CONTAINS.parameter);
}

/** A value known at translation that is sent as a bound parameter. */
export function constant(value: SqlParameter): Sql {
  return bind(() => value);
}

/** The statement's text and the bindings of its `?` in order. `run` is needed only where {@link Sql.isDynamic}. */
export function render(fragment: Sql, run?: RunValues): RenderedSql {
  const bindings: Binding[] = [];
  let text = '';
  for (const part of fragment.parts) {
    if (typeof part === 'string') {
      text += part;
    } else if ('bind' in part) {
      text += '?';
      bindings.push(part.bind);
    } else {
      const values = run === undefined ? [null] : part.bindList(run);
      text += values.map(() => '?').join(', ');
      bindings.push(...values.map((value) => () => value));
    }
  }
  return { text, bindings };
}

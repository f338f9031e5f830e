/** What every node has: where its first token starts, counted in UTF-16 units from the start of the statement. */
export interface Node {
  readonly position: number;
}

/** A name as written. Comparison is case-insensitive, delimited or not; the catalog keeps the declared case. */
export interface Identifier extends Node {
  /** Without the double quotes; `""` inside is already one quote. */
  readonly name: string;
  readonly delimited: boolean;
}

/** `name` or `schema.name`. */
export interface QualifiedName extends Node {
  readonly schema?: Identifier;
  readonly name: Identifier;
}

export interface NumberLiteral extends Node {
  readonly kind: 'number';
  /** IRIS canonical form without a sign: `7.7` for `007.70`, `.25` for `0.25`, `1000` for `1E3`. */
  readonly text: string;
  /** No fraction and no exponent was written. */
  readonly isInteger: boolean;
}

export interface StringLiteral extends Node {
  readonly kind: 'string';
  readonly value: string;
}

export interface NullLiteral extends Node {
  readonly kind: 'null';
}

/** `{d '...'}`, `{t '...'}`, `{ts '...'}`. The text is not checked by the parser. */
export interface DateTimeLiteral extends Node {
  readonly kind: 'datetime-literal';
  readonly escape: 'd' | 't' | 'ts';
  readonly value: string;
}

/** `?`, or `:%qpar(n)` that drivers write for it. */
export interface Parameter extends Node {
  readonly kind: 'parameter';
  /** 0-based index into the values that the client sends. */
  readonly index: number;
}

/** `:name`: a variable of a SQL procedure or trigger body; nothing provides one to a client's statement. */
export interface HostVariable extends Node {
  readonly kind: 'host-variable';
  readonly name: string;
}

/** A type as written in DDL, CAST or CONVERT; `resolveType` in `../type-names.ts` gives it meaning. */
export interface TypeName extends Node {
  readonly kind: 'type-name';
  /** Upper case with single blanks for SQL names (`CHARACTER VARYING`), as written for a class (`%Library.String`). */
  readonly name: string;
  /** Undefined: no parentheses, which is not the same as none inside. */
  readonly arguments?: readonly TypeArgument[];
}

export type TypeArgument =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  /** `MAX`, or an element type as in `VECTOR(DOUBLE, 3)`; upper case. */
  | { readonly kind: 'word'; readonly word: string }
  /** `MAXLEN = 45` of a class type. */
  | { readonly kind: 'class-parameter'; readonly name: string; readonly value: string };

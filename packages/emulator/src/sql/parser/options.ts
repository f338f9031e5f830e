/** Settings of a session that change what parses. */
export interface ParserOptions {
  /** SUPPORT_DELIMITED_IDENTIFIERS: `"x"` is a name; otherwise a string. Default true. */
  readonly delimitedIdentifiers?: boolean;
  /** `2024.1` has no LIMIT, OFFSET and FETCH. Default `latest`. */
  readonly irisVersion?: '2024.1' | '2025.1' | 'latest';
  /** Longest statement in UTF-16 units. Default 3,641,144, the longest string of IRIS. */
  readonly maxTextLength?: number;
  /** Deepest nesting of parentheses, subqueries and CASE. Default 200. */
  readonly maxDepth?: number;
}

export type ResolvedOptions = Required<ParserOptions>;

export const DEFAULT_OPTIONS: ResolvedOptions = {
  delimitedIdentifiers: true,
  irisVersion: 'latest',
  maxTextLength: 3_641_144,
  maxDepth: 200,
};

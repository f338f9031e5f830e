import { valueError } from '../errors.js';
import { tokens } from './lexer.js';

/** What the driver must know about SQL text before it sends it. */
export interface Statement {
  /** The text with every parameter rewritten to ` :%qpar(n) `, as the server wants it (go-irisnative sql.go). */
  readonly wireText: string;
  readonly parameterCount: number;
  /** Names of `:name` parameters in order, repeated ones repeated; empty for `?` parameters. */
  readonly names: readonly string[];
  /** Gives rows: sent as a query (DQ, PQ), anything else as an update (DU, PU). */
  readonly isQuery: boolean;
  /** CALL: only the server knows whether it gives rows. */
  readonly isCall: boolean;
  /** What it does to the transaction. */
  readonly transaction: 'begin' | 'end' | 'none';
  /** INSERT, UPDATE, DELETE and the like: opens a transaction when autocommit is off. */
  readonly isChange: boolean;
  /** DDL and options: what is cached about other statements may be wrong after it. */
  readonly isDefinition: boolean;
}

const QUERY_WORDS = new Set(['SELECT', 'WITH', 'CALL', 'EXPLAIN', 'SHOW', 'VALUES']);
const CHANGE_WORDS = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TRUNCATE']);
const DEFINITION_WORDS = new Set([
  'CREATE',
  'ALTER',
  'DROP',
  'SET',
  'USE',
  'GRANT',
  'REVOKE',
  'TUNE',
  'PURGE',
]);
const MAIN_WORDS_AFTER_WITH = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** Reads SQL text once. `named`: `:name` is a parameter and `?` is not; else the other way round. */
export function analyzeStatement(sql: string, named = false): Statement {
  const words: string[] = [];
  const names: string[] = [];
  let wireText = '';
  let copied = 0;
  let parameterCount = 0;
  let depth = 0;
  let mainWord: string | undefined;
  for (const token of tokens(sql)) {
    const text = sql.slice(token.start, token.end);
    if (token.type === (named ? 'named' : 'parameter')) {
      if (named) names.push(text.slice(1));
      wireText += `${sql.slice(copied, token.start)} :%qpar(${++parameterCount}) `;
      copied = token.end;
    } else if (token.type === 'word') {
      const word = text.toUpperCase();
      if (words.length < 4) words.push(word);
      if (depth === 0 && mainWord === undefined && words.length > 1 && MAIN_WORDS_AFTER_WITH.has(word))
        mainWord = word;
    } else if (text === '(') depth++;
    else if (text === ')') depth--;
  }
  wireText += sql.slice(copied);
  const first = words[0] === 'WITH' ? (mainWord ?? 'WITH') : (words[0] ?? '');
  return {
    wireText,
    parameterCount,
    names,
    isQuery: QUERY_WORDS.has(first),
    isCall: first === 'CALL',
    transaction: transactionEffect(words),
    isChange: CHANGE_WORDS.has(first),
    isDefinition: DEFINITION_WORDS.has(first),
  };
}

/** The first word outside of comments, in upper case; `''` for text without one. */
export function firstWord(sql: string): string {
  for (const token of tokens(sql)) {
    if (token.type === 'word') return sql.slice(token.start, token.end).toUpperCase();
  }
  return '';
}

function transactionEffect([first, second, third]: readonly string[]): Statement['transaction'] {
  if (first === 'START' && second === 'TRANSACTION') return 'begin';
  if (first === '%INTRANSACTION' || first === '%INTRANS') return 'none';
  if (first === 'COMMIT') return 'end';
  // ROLLBACK TO SAVEPOINT x leaves the transaction open; ROLLBACK [WORK] ends it.
  if (first === 'ROLLBACK') return second === 'TO' || (second === 'WORK' && third === 'TO') ? 'none' : 'end';
  return 'none';
}

/** Values for `:name` parameters in the order of the text. @throws IrisError IRIS_VALUE for a name without a value */
export function orderNamedValues<T>(
  statement: Statement,
  values: Readonly<Record<string, T>>,
): (T | undefined)[] {
  return statement.names.map((name) => {
    if (!Object.hasOwn(values, name))
      throw valueError(`There is no value for the parameter :${name}`, 'Add it to the parameters.');
    return values[name];
  });
}

/** @throws IrisError IRIS_VALUE when the number of values differs from the number of parameters */
export function requireParameterCount(statement: Pick<Statement, 'parameterCount'>, given: number): void {
  if (given === statement.parameterCount) return;
  throw valueError(
    `The statement has ${statement.parameterCount} parameters, but ${given} values were given`,
    'Give one value for each ? outside of literals, delimited identifiers and comments.',
  );
}

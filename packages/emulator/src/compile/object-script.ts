import { sqlError } from '@iris-devtools/core';
import type { BinaryOperator } from '../sql/ast.js';
import { compileArithmetic } from './arithmetic.js';
import { asText, numberLiteral } from './coerce.js';
import type { CompileContext } from './context.js';
import { canonicalNumber } from './numbers.js';
import type { Typed } from './typed.js';
import { expression, quote } from './typed.js';
import { VARCHAR } from './types.js';

/** Gives the value of `{name}`; undefined when there is no such field. */
export type FieldValue = (name: string) => Typed | undefined;

const TOKEN = /\s*(\{[^{}]*\}|"(?:[^"]|"")*"|\d+(?:\.\d*)?|\.\d+|\*\*|[-+*/\\#_()])/y;
const ASSIGNMENT = /^\s*(?:set|s)\s+\{\s*(\*|[^{}]+?)\s*\}\s*=(.*)$/is;

/**
 * The one kind of COMPUTECODE that is within reach without ObjectScript: a single `set {field} = expression` of
 * fields, numbers, strings and operators. ObjectScript has no precedence: it reads from left to right.
 *
 * @throws IrisError -350 for everything else
 */
export function compileComputeCode(
  code: string,
  field: string,
  fields: FieldValue,
  context: CompileContext,
): Typed {
  const assignment = ASSIGNMENT.exec(code);
  const [, target = '', text = ''] = assignment ?? [];
  if (assignment === null || (target !== '*' && target.toUpperCase() !== field.toUpperCase()))
    throw notRun(field);
  const tokens = tokensOf(text.trim());
  if (tokens === undefined) throw notRun(field);
  const parser = new ExpressionParser(tokens, field, fields, context);
  return parser.whole();
}

const notRun = (field: string): Error =>
  sqlError(-350, ` The COMPUTECODE of '${field}' is ObjectScript that the emulator does not run`, {
    hint: 'Only one assignment of an expression of fields runs here. Test this table against IRIS itself.',
  });

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match?.[1] === undefined) return undefined;
    tokens.push(match[1]);
  }
  return tokens;
}

class ExpressionParser {
  readonly #tokens: readonly string[];
  readonly #field: string;
  readonly #fields: FieldValue;
  readonly #context: CompileContext;
  #at = 0;

  constructor(tokens: readonly string[], field: string, fields: FieldValue, context: CompileContext) {
    this.#tokens = tokens;
    this.#field = field;
    this.#fields = fields;
    this.#context = context;
  }

  whole(): Typed {
    const value = this.#expression();
    if (this.#at < this.#tokens.length) throw notRun(this.#field);
    return value;
  }

  #expression(): Typed {
    let left = this.#operand();
    for (;;) {
      const operator = this.#tokens[this.#at];
      if (operator === undefined || operator === ')') return left;
      this.#at++;
      left = this.#apply(operator, left, this.#operand());
    }
  }

  #apply(operator: string, left: Typed, right: Typed): Typed {
    if (operator === '_') {
      const text = (value: Typed): string => `coalesce(${asText(value, this.#context).sql}, '')`;
      return expression(`(${text(left)} || ${text(right)})`, VARCHAR);
    }
    if (!['+', '-', '*', '/', '\\', '#'].includes(operator)) throw notRun(this.#field);
    return compileArithmetic(operator as Exclude<BinaryOperator, '||'>, left, right, this.#context);
  }

  #operand(): Typed {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw notRun(this.#field);
    if (token === '(') {
      const inner = this.#expression();
      if (this.#tokens[this.#at++] !== ')') throw notRun(this.#field);
      return inner;
    }
    if (token === '-') return compileArithmetic('-', numberLiteral('0'), this.#operand(), this.#context);
    if (token.startsWith('{')) {
      const value = this.#fields(token.slice(1, -1).trim());
      if (value === undefined) throw notRun(this.#field);
      return value;
    }
    if (token.startsWith('"')) {
      const literal = token.slice(1, -1).replaceAll('""', '"');
      return { sql: `${quote(literal)}::text`, type: VARCHAR, origin: 'literal', literal };
    }
    if (!/^[\d.]/.test(token)) throw notRun(this.#field);
    return numberLiteral(canonicalNumber(token));
  }
}

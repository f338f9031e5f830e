import type { A_Const, ParamRef } from '@pgsql/types';
import type { Env } from '../context.js';
import { value, type Constant, type Expr } from '../expr.js';
import { bind, constant, raw, sql, textLiteral, type Sql } from '../fragment.js';
import { BOOL, categoryOf, INT4, INT8, isInteger, NUMERIC, UNKNOWN, type PgType } from '../pg-types.js';
import { OID } from '../../types/oids.js';
import { bytesFromText, dateFromText, timeFromText, timestampFromText } from './datetime-text.js';
import { bindingFor, vectorText } from './binding.js';

const BIGGEST = 9223372036854775807n;

/** `42`, `1.5e3`, `'text'`, `true`, `NULL`. */
export function translateConstant(node: A_Const, env: Env): Expr {
  if (node.isnull === true) return nullConstant(UNKNOWN);
  if (node.boolval !== undefined) {
    const on = node.boolval.boolval === true;
    return value(raw(on ? '1' : '0'), BOOL, { nullable: false, constant: { kind: 'boolean', value: on } });
  }
  if (node.ival !== undefined) return numberConstant(String(node.ival.ival ?? 0), INT4, env, node.location);
  if (node.fval !== undefined) return floatConstant(node.fval.fval ?? '0', env, node.location);
  if (node.sval !== undefined) {
    const text = node.sval.sval ?? '';
    return value(textLiteral(text), UNKNOWN, { nullable: false, constant: { kind: 'string', text } });
  }
  throw env.refuse('a bit string constant', node.location);
}

/** NULL, with its type where IRIS would otherwise take it for text and refuse it beside a number or a date. */
export function nullConstant(type: PgType): Expr {
  const irisType = NULL_TYPES.get(type.oid);
  const written = irisType === undefined ? 'NULL' : `CAST(NULL AS ${irisType})`;
  return value(raw(written), type, { constant: { kind: 'null' } });
}

const NULL_TYPES: ReadonlyMap<number, string> = new Map([
  [OID.bool, 'BIT'],
  [OID.int2, 'SMALLINT'],
  [OID.int4, 'INTEGER'],
  [OID.int8, 'BIGINT'],
  [OID.float4, 'DOUBLE'],
  [OID.float8, 'DOUBLE'],
  [OID.numeric, 'NUMERIC(37,18)'],
  [OID.date, 'DATE'],
  [OID.time, 'TIME'],
  [OID.timestamp, 'TIMESTAMP'],
  [OID.timestamptz, 'TIMESTAMP'],
]);

function floatConstant(text: string, env: Env, location: number | undefined): Expr {
  if (!/^\d+$/.test(text)) return numberConstant(text, NUMERIC, env, location);
  return numberConstant(text, BigInt(text) <= BIGGEST ? INT8 : NUMERIC, env, location);
}

/** A number in decimal notation. IRIS keeps a 64-bit mantissa with a scale up to 18; more would be rounded silently. */
export function numberConstant(text: string, type: PgType, env: Env, location?: number): Expr {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (parts === null || (parts[2] === '' && (parts[3] ?? '') === '')) {
    throw env.refuse(`the number ${text}`, location, 'Write it in decimal notation.');
  }
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = parts;
  const exponent = Number(exponentText);
  const scale = Math.max(0, fraction.length - exponent);
  const exact = type.oid !== OID.float8 && type.oid !== OID.float4;
  const mantissa = BigInt(`${whole}${fraction}` || '0');
  if (exact && (mantissa > BIGGEST || scale > 18 || exponent > 18)) {
    throw env.refuse(`the number ${text}`, location, 'IRIS keeps 18 significant digits of a numeric.');
  }
  const facts = { nullable: false, constant: { kind: 'number', text: text.trim() } as Constant };
  const written = raw(sign === '-' ? text.trim() : text.trim().replace(/^\+/, ''));
  return value(written, type, type.oid === OID.numeric ? { ...facts, scale } : facts);
}

/** `$1`, with the type that PostgreSQL inferred for it. */
export function translateParameter(node: ParamRef, env: Env): Expr {
  const number = node.number ?? 0;
  const oid = env.context.input.description.parameterOids[number - 1];
  if (oid === undefined) {
    throw env.context.error('42P02', `there is no parameter $${number}`, node.location);
  }
  return parameter(number, { oid, modifier: -1 });
}

export function parameter(number: number, type: PgType): Expr {
  const untyped = bind(bindingFor(number - 1, type));
  const isTemporal = ['date', 'time', 'timestamp', 'timestamptz'].includes(categoryOf(type));
  const facts = isTemporal ? { parameter: number, untyped } : { parameter: number };
  return value(typedPlaceholder(untyped, type), type, facts);
}

/** IRIS guesses the type of a bare `?`; where that matters it is told. */
export function typedPlaceholder(placeholder: Sql, type: PgType): Sql {
  switch (categoryOf(type)) {
    case 'date':
      return sql`CAST(${placeholder} AS DATE)`;
    case 'time':
      return sql`CAST(${placeholder} AS TIME)`;
    case 'timestamp':
    case 'timestamptz':
      return sql`CAST(${placeholder} AS TIMESTAMP)`;
    case 'vector':
      return sql`TO_VECTOR(${placeholder}, DOUBLE)`;
    default:
      // Decimal text to an exact number: a double would bring binary fractions in.
      return type.oid === OID.numeric ? sql`TO_NUMBER(${placeholder})` : placeholder;
  }
}

const TRUE_WORDS = /^\s*(t|tr|tru|true|y|ye|yes|on|1)\s*$/i;
const FALSE_WORDS = /^\s*(f|fa|fal|fals|false|n|no|of|off|0)\s*$/i;

/**
 * A quoted constant that its context, or a cast, gave a type. PostgreSQL has already checked it; what is read here is
 * the subset that has one meaning everywhere, and the rest is refused.
 */
export function typedConstant(text: string, type: PgType, env: Env, location?: number): Expr {
  const facts = { nullable: false, constant: { kind: 'string', text } as Constant };
  switch (categoryOf(type)) {
    case 'boolean':
      if (TRUE_WORDS.test(text)) return booleanConstant(true);
      if (FALSE_WORDS.test(text)) return booleanConstant(false);
      throw env.context.error('22P02', `invalid input syntax for type boolean: "${text}"`, location);
    case 'number':
      if (isInteger(type) && !/^\s*[+-]?\d+\s*$/.test(text)) {
        throw env.refuse(`the integer '${text}'`, location, 'Write it in decimal notation.');
      }
      return numberConstant(text, type, env, location);
    case 'text':
      return value(textLiteral(truncated(text, type)), type, facts);
    case 'date':
      return temporalConstant(dateFromText(text, env, location), 'DATE', type);
    case 'time':
      return temporalConstant(timeFromText(text, env, location), 'TIME', type);
    case 'timestamp':
    case 'timestamptz': {
      const withZone = categoryOf(type) === 'timestamptz';
      return temporalConstant(timestampFromText(text, withZone, env, location), 'TIMESTAMP', type);
    }
    case 'uuid': {
      const digits = text.replace(/[{}-]/g, '').toLowerCase();
      const written = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      return value(textLiteral(written), type, { ...facts, constant: { kind: 'string', text: written } });
    }
    case 'json':
      return value(textLiteral(text), type, facts);
    case 'bytes':
      return value(constant(bytesFromText(text, env, location)), type, facts);
    case 'vector':
      return value(sql`TO_VECTOR(${textLiteral(vectorText(text))}, DOUBLE)`, type, facts);
    case 'interval':
    case 'array':
      return value(textLiteral(text), type, facts);
    default:
      throw env.refuse(`a constant of this type`, location);
  }
}

/** `text` is canonical ISO. */
function temporalConstant(text: string, irisType: string, type: PgType): Expr {
  const constant = { kind: 'string', text } as const;
  const untyped = textLiteral(text);
  return value(sql`CAST(${untyped} AS ${raw(irisType)})`, type, { nullable: false, constant, untyped });
}

function booleanConstant(on: boolean): Expr {
  return value(raw(on ? '1' : '0'), BOOL, { nullable: false, constant: { kind: 'boolean', value: on } });
}

/** `'abc'::varchar(2)` is 'ab'. */
function truncated(text: string, type: PgType): string {
  if (type.oid !== OID.varchar && type.oid !== OID.bpchar) return text;
  const cut =
    type.modifier > 4
      ? Array.from(text)
          .slice(0, type.modifier - 4)
          .join('')
      : text;
  return type.oid === OID.bpchar ? cut.replace(/ +$/, '') : cut;
}

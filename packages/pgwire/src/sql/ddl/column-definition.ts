import type { ColumnDef, Constraint, Node, TypeName } from '@pgsql/types';
import {
  declareType,
  describeColumn,
  type DeclaredType,
  type IdentityKind,
} from '../../mirror/declared-type.js';
import { as, lastName } from '../ast.js';
import type { Env } from '../context.js';
import { assign } from '../expression/cast.js';
import { isUtc } from '../expression/datetime-text.js';
import { EMPTY, join, raw, sql, textLiteral, type Sql } from '../fragment.js';
import { categoryOf, type PgType } from '../pg-types.js';
import { newName } from './names.js';

const SERIAL_TYPES: Readonly<Record<string, string | undefined>> = {
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  serial2: 'int2',
};

/** A column of CREATE TABLE or ADD COLUMN; constraints that stand beside it in IRIS are left to the caller. */
export interface ColumnDefinition {
  readonly name: string;
  readonly sql: Sql;
  readonly type: DeclaredType;
  readonly isIdentity: boolean;
  readonly notNull: boolean;
  /** The DEFAULT in IRIS SQL. */
  readonly defaultValue: Sql | undefined;
  /** PRIMARY KEY, UNIQUE and REFERENCES of this column. */
  readonly keys: readonly Constraint[];
}

export function columnDefinition(node: ColumnDef, env: Env): ColumnDefinition {
  const name = node.colname ?? '';
  refuseCollation(node, env);
  const typeName = lastName(node.typeName?.names);
  const serial = SERIAL_TYPES[typeName];
  const constraints = (node.constraints ?? []).map((each) => constraintOf(each, env));
  const identity: IdentityKind | undefined = serial === undefined ? identityOf(constraints, env) : 'serial';
  const type = declaredType(node.typeName, env, serial);
  const notNull = identity !== undefined || constraints.some((each) => each.contype === 'CONSTR_NOTNULL');
  const defaultValue = defaultOf(constraints, type, env);
  const keys = constraints.filter((each) => KEYS.includes(each.contype ?? ''));
  for (const each of constraints) refuseUnlessKnown(each, env);
  const words = [
    raw(type.irisDdl),
    identity === undefined ? EMPTY : raw('IDENTITY'),
    defaultValue === undefined ? EMPTY : sql`DEFAULT ${defaultValue}`,
    notNull && identity === undefined ? raw('NOT NULL') : EMPTY,
    sql`%DESCRIPTION ${textLiteral(describeColumn(type, identity))}`,
  ].filter((each) => each !== EMPTY);
  return {
    name,
    sql: sql`${newName(name, env, node.location)} ${join(words, ' ')}`,
    type,
    isIdentity: identity !== undefined,
    notNull,
    defaultValue,
    keys,
  };
}

const KEYS: readonly string[] = ['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_FOREIGN'];
const HARMLESS: readonly string[] = [
  ...KEYS,
  'CONSTR_NULL',
  'CONSTR_NOTNULL',
  'CONSTR_DEFAULT',
  'CONSTR_IDENTITY',
  'CONSTR_ATTR_NOT_DEFERRABLE',
  'CONSTR_ATTR_IMMEDIATE',
];

/** CHECK, EXCLUDE, GENERATED and deferrable constraints: IRIS has none, and leaving them out would lose data rules. */
export function refuseUnlessKnown(constraint: Constraint, env: Env): void {
  const kind = constraint.contype ?? '';
  if (HARMLESS.includes(kind)) return;
  const words = kind
    .replace('CONSTR_', '')
    .replace('ATTR_', '')
    .replaceAll('_', ' ')
    .replace('GENERATED', 'GENERATED column');
  throw env.refuse(words, constraint.location, 'IRIS cannot enforce it.');
}

function constraintOf(node: Node, env: Env): Constraint {
  const constraint = as(node, 'Constraint');
  if (constraint === undefined) throw env.refuseKind(node);
  return constraint;
}

function refuseCollation(node: ColumnDef, env: Env): void {
  if (node.collClause === undefined) return;
  const name = lastName(node.collClause.collname);
  if (name === 'C' || name === 'POSIX' || name === 'default') return;
  throw env.refuse(
    `COLLATE "${name}"`,
    node.collClause.location,
    'Text is compared by code point (collation C).',
  );
}

export function declaredType(
  node: TypeName | undefined,
  env: Env,
  name = lastName(node?.names),
): DeclaredType {
  if ((node?.arrayBounds ?? []).length > 0)
    throw env.refuse('an array column', node?.location, 'IRIS has no arrays.');
  const modifiers = (node?.typmods ?? []).map((each) => {
    const constant = as(each, 'A_Const');
    if (constant?.ival === undefined) throw env.refuse('this type modifier', each);
    return constant.ival.ival ?? 0;
  });
  try {
    return declareType(name, modifiers);
  } catch (error) {
    throw env.context.located(error, node?.location);
  }
}

function identityOf(constraints: readonly Constraint[], env: Env): IdentityKind | undefined {
  const identity = constraints.find((each) => each.contype === 'CONSTR_IDENTITY');
  if (identity === undefined) return undefined;
  if ((identity.options ?? []).length > 0) {
    throw env.refuse('options of an identity column', identity.location, 'IRIS counts from 1 in steps of 1.');
  }
  return identity.generated_when === 'a' ? 'always' : 'default';
}

function defaultOf(constraints: readonly Constraint[], type: DeclaredType, env: Env): Sql | undefined {
  const constraint = constraints.find((each) => each.contype === 'CONSTR_DEFAULT');
  return constraint?.raw_expr === undefined ? undefined : defaultValue(constraint.raw_expr, type, env);
}

/** IRIS takes literals and a few keywords as DEFAULT. `undefined` for DEFAULT NULL. */
export function defaultValue(node: Node, declared: DeclaredType, env: Env): Sql | undefined {
  const type: PgType = { oid: declared.typeOid, modifier: declared.typeModifier };
  const clock = clockDefault(node, type, env);
  if (clock !== undefined) return clock;
  const expr = assign(env.expression(node), type, env);
  switch (expr.constant?.kind) {
    case 'null':
      return undefined;
    case 'boolean':
      return raw(expr.constant.value ? '1' : '0');
    case 'number':
      return raw(expr.constant.text);
    case 'string':
      return textDefault(expr.constant.text, type, env, node);
    default:
      throw env.refuse('this DEFAULT', node, 'Use a constant, now(), CURRENT_TIMESTAMP or CURRENT_DATE.');
  }
}

const QUOTED: readonly string[] = ['text', 'uuid', 'json', 'date', 'time', 'timestamp', 'timestamptz'];

function textDefault(text: string, type: PgType, env: Env, node: Node): Sql {
  const literal = textLiteral(text);
  const isLiteral = QUOTED.includes(categoryOf(type)) && !literal.has('parameter');
  if (!isLiteral) throw env.refuse('this DEFAULT', node, 'Use a short constant without control characters.');
  return literal;
}

/** The current time as a default: IRIS's own clock, in UTC where the value has a time zone. */
function clockDefault(node: Node, type: PgType, env: Env): Sql | undefined {
  const word = as(node, 'SQLValueFunction')?.op ?? '';
  const call = lastName(as(node, 'FuncCall')?.funcname);
  const isNow = /TIMESTAMP/.test(word) || call === 'now' || call === 'transaction_timestamp';
  const category = categoryOf(type);
  if (isNow && (category === 'timestamptz' || (category === 'timestamp' && isUtc(env))))
    return raw('GETUTCDATE(6)');
  if (word === 'SVFOP_CURRENT_DATE' && category === 'date' && isUtc(env)) return raw('CURRENT_DATE');
  if (isNow || word !== '') throw env.refuse('this DEFAULT for this type in this TimeZone', node);
  return undefined;
}

import { sqlError } from '@iris-devtools/core';
import type { IrisType, IrisTypeName } from '../../sql/types.js';
import type { ArgumentKind, EmitContext, FunctionDefinition } from '../registry-types.js';

export const VARCHAR: IrisType = { name: 'VARCHAR' };
export const INTEGER: IrisType = { name: 'INTEGER' };
export const SMALLINT: IrisType = { name: 'SMALLINT' };
export const BIGINT: IrisType = { name: 'BIGINT' };
export const NUMERIC: IrisType = { name: 'NUMERIC', precision: 36, scale: 18 };
export const DOUBLE: IrisType = { name: 'DOUBLE' };
export const DATE: IrisType = { name: 'DATE' };
export const TIME: IrisType = { name: 'TIME' };
export const TIMESTAMP: IrisType = { name: 'TIMESTAMP' };
export const LIST: IrisType = { name: 'LIST' };
const UNKNOWN: IrisType = { name: 'UNKNOWN' };

type ResultType = FunctionDefinition['resultType'];
type Extra = Partial<
  Pick<FunctionDefinition, 'braceOnly' | 'niladic' | 'acceptsStream' | 'volatile' | 'session'>
>;

/** One entry of the function table. A count of one number is least and most. */
export function define(
  name: string,
  counts: number | readonly [least: number, most: number],
  kinds: readonly ArgumentKind[],
  result: IrisType | ResultType,
  emit: FunctionDefinition['emit'],
  extra: Extra = {},
): FunctionDefinition {
  const [minArgs, maxArgs] = typeof counts === 'number' ? [counts, counts] : counts;
  const resultType: ResultType = typeof result === 'function' ? result : () => result;
  return { name, minArgs, maxArgs, arguments: kinds, resultType, emit, ...extra };
}

/** The same function under other names. */
export function named(names: readonly string[], definition: FunctionDefinition): FunctionDefinition[] {
  return names.map((name) => ({ ...definition, name }));
}

/** `name(a, b)` with what is missing filled in: `call('iris.find', '', '', '1')` adds a third argument 1. */
export const call =
  (name: string, ...defaults: readonly string[]): FunctionDefinition['emit'] =>
  (args) => {
    const missing = args.length < defaults.length ? defaults.slice(args.length) : [];
    return `${name}(${[...args, ...missing].join(', ')})`;
  };

const NUMERIC_STORAGE: Partial<Record<IrisTypeName, string>> = {
  TINYINT: 'int8',
  SMALLINT: 'int8',
  INTEGER: 'int8',
  BIGINT: 'int8',
  BIT: 'int2',
  NUMERIC: 'numeric',
  DOUBLE: 'float8',
};

export const isNumber = (type: IrisType): boolean => NUMERIC_STORAGE[type.name] !== undefined;

const first = (types: readonly IrisType[]): IrisType => types[0] ?? UNKNOWN;

/** NUMERIC, or DOUBLE when the first argument is. */
export const numericOrDouble: ResultType = (types) => (first(types).name === 'DOUBLE' ? DOUBLE : NUMERIC);

/** The numeric type of the first argument; NUMERIC for a text. */
export const sameNumber: ResultType = (types) => (isNumber(first(types)) ? first(types) : NUMERIC);

/** The same with no digits after the point. */
export const wholeNumber: ResultType = (types) => {
  const type = sameNumber(types);
  return type.name === 'NUMERIC' ? { ...type, scale: 0 } : type;
};

/** Casts a numeric result to what the result type is stored as. */
export function stored(sql: string, type: IrisType): string {
  const storage = NUMERIC_STORAGE[type.name];
  return storage === undefined || storage === 'numeric' ? sql : `(${sql})::${storage}`;
}

/** A function of numeric arguments that gives a numeric of `result`'s type. */
export function numeric(
  name: string,
  counts: number | readonly [number, number],
  result: ResultType,
  emit: (args: readonly string[]) => string,
  extra: Extra = {},
): FunctionDefinition {
  return define(
    name,
    counts,
    ['number'],
    result,
    (args, { argumentTypes }) => stored(emit(args), result(argumentTypes)),
    extra,
  );
}

export function typeAt(context: EmitContext, index: number): IrisType {
  return context.argumentTypes[index] ?? UNKNOWN;
}

/** Text of an argument of kind `any`: the logical value, numbers in canonical form. */
export function textOf(arg: string, type: IrisType): string {
  switch (type.name) {
    case 'NUMERIC':
    case 'DOUBLE':
    case 'TIME':
      return `iris_sys.num_text(${arg})`;
    case 'LIST':
      return `iris.list_text(${arg})`;
    case 'VARBINARY':
    case 'LONGVARBINARY':
      return `iris.latin1_text(${arg})`;
    case 'VECTOR':
      return `array_to_string(${arg}, ',')`;
    case 'VARCHAR':
    case 'LONGVARCHAR':
    case 'GUID':
    case 'TIMESTAMP':
    case 'POSIXTIME':
    case 'UNKNOWN':
      return arg;
    default:
      return `(${arg})::text`;
  }
}

/** numeric of an argument of kind `any`; NULL for a text that begins with no number. */
export function numberOrNull(arg: string, type: IrisType): string {
  return isNumber(type) || type.name === 'DATE' || type.name === 'TIME'
    ? `(${arg})::numeric`
    : `iris.number_or_null(${textOf(arg, type)})`;
}

/** A quoted constant of PostgreSQL; only for words that a table of this package holds. */
export const constant = (word: string): string => `'${word.replaceAll("'", "''")}'`;

export const badArgument = (name: string, value: string): never => {
  throw sqlError(-400, ` Invalid argument '${value}' of ${name}()`);
};

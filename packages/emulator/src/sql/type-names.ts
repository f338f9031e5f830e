import { sqlError } from '@iris-devtools/core';
import type { TypeArgument, TypeName } from './ast.js';
import type { IrisType, VectorElementType } from './types.js';

/** NUMERIC keeps at most this many digits before the point. */
const MAX_INTEGER_DIGITS = 19;
const MAX_SCALE = 18;
/** NUMERIC without arguments. */
const DEFAULT_PRECISION = 15;

type Resolver = (type: TypeName) => IrisType | undefined;

const fixed =
  (result: IrisType): Resolver =>
  (type) =>
    type.arguments === undefined ? result : undefined;

/** `INT(11)`: the display width is accepted and ignored. */
const withIgnoredWidth =
  (result: IrisType): Resolver =>
  (type) =>
    numbers(type, 0, 1) === undefined ? undefined : result;

/** The arguments when all of them are numbers and their count is allowed. */
function numbers(type: TypeName, least: number, most: number): readonly number[] | undefined {
  const given = type.arguments ?? [];
  if (given.length < least || given.length > most) return undefined;
  if (type.arguments?.length === 0) return undefined;
  const values: number[] = [];
  for (const argument of given) {
    if (argument.kind !== 'number') return undefined;
    values.push(argument.value);
  }
  return values;
}

const MAX_DIGITS_TEXT = (precision: number, scale: number): string => {
  const whole = '9'.repeat(Math.max(0, precision - scale));
  const fraction = '9'.repeat(scale);
  return fraction === '' ? whole || '0' : `${whole || '0'}.${fraction}`;
};

/** NUMERIC(p, s) has MINVAL and MAXVAL from p and s; beyond 19 digits before the point p is cut. */
function numeric(precision: number, scale: number): IrisType {
  const keptScale = Math.min(MAX_SCALE, Math.max(0, scale));
  const keptPrecision = Math.min(precision, MAX_INTEGER_DIGITS + keptScale);
  const max = MAX_DIGITS_TEXT(keptPrecision, keptScale);
  return {
    name: 'NUMERIC',
    precision: keptPrecision,
    scale: keptScale,
    minValue: `-${max}`,
    maxValue: max,
    className: '%Library.Numeric',
  };
}

const numericResolver: Resolver = (type) => {
  const values = numbers(type, 0, 2);
  if (values === undefined) return undefined;
  const [precision = DEFAULT_PRECISION, scale = 0] = values;
  return numeric(precision, scale);
};

/** Character types: no length means 1, MAX a stream, `('')` no limit. */
const characters =
  (withoutLength: number): Resolver =>
  (type) => {
    const className = '%Library.String';
    if (type.arguments === undefined) return { name: 'VARCHAR', length: withoutLength, className };
    const [first, second, ...rest] = type.arguments;
    if (first === undefined || rest.length > 0) return undefined;
    // VARCHAR(n,m) and NVARCHAR(n,m) exist; m means nothing.
    if (second !== undefined && !(second.kind === 'number' && /^N?VARCHAR$/.test(type.name)))
      return undefined;
    if (first.kind === 'number') return { name: 'VARCHAR', length: first.value, className };
    if (first.kind === 'string' && first.value === '') return { name: 'VARCHAR', className };
    if (first.kind === 'word' && first.word === 'MAX') return CHARACTER_STREAM;
    return undefined;
  };

const bytes: Resolver = (type) => {
  const [first, ...rest] = type.arguments ?? [];
  if (first?.kind === 'string' && first.value === '' && rest.length === 0) {
    return { name: 'VARBINARY', className: '%Library.Binary' };
  }
  const values = numbers(type, 0, 1);
  if (values === undefined) return undefined;
  return { name: 'VARBINARY', length: values[0] ?? 1, className: '%Library.Binary' };
};

const CHARACTER_STREAM: IrisType = { name: 'LONGVARCHAR', className: '%Stream.GlobalCharacter' };
const BINARY_STREAM: IrisType = { name: 'LONGVARBINARY', className: '%Stream.GlobalBinary' };
/** The earliest timestamp, unless MINVAL allows others. */
const FIRST_TIMESTAMP = '1840-12-31 00:00:00';
const TIMESTAMP_TEXT: IrisType = {
  name: 'TIMESTAMP',
  minValue: FIRST_TIMESTAMP,
  className: '%Library.TimeStamp',
};
const DATETIME: IrisType = { ...TIMESTAMP_TEXT, className: '%Library.DateTime' };
const POSIXTIME: IrisType = { name: 'POSIXTIME', className: '%Library.PosixTime' };
const DOUBLE: IrisType = { name: 'DOUBLE', className: '%Library.Double' };
const MONEY: IrisType = { name: 'NUMERIC', precision: 19, scale: 4, className: '%Library.Currency' };
const INTEGER: IrisType = {
  name: 'INTEGER',
  minValue: '-2147483648',
  maxValue: '2147483647',
  className: '%Library.Integer',
};
const DATE: IrisType = { name: 'DATE', minValue: '0', className: '%Library.Date' };

const VECTOR_ELEMENTS: Readonly<Record<string, VectorElementType>> = {
  DOUBLE: 'DOUBLE',
  FLOAT: 'FLOAT',
  DECIMAL: 'DECIMAL',
  INTEGER: 'INTEGER',
  INT: 'INTEGER',
  TIMESTAMP: 'TIMESTAMP',
  STRING: 'STRING',
};

/** Since 2024.3; DOUBLE before. */
export const DEFAULT_VECTOR_ELEMENT: VectorElementType = 'FLOAT';

/** The element type that a word of VECTOR(...) or TO_VECTOR(..., word) names. */
export function vectorElementType(word: string): VectorElementType | undefined {
  return Object.hasOwn(VECTOR_ELEMENTS, word) ? VECTOR_ELEMENTS[word] : undefined;
}

const vector: Resolver = (type) => {
  const className = '%Library.Vector';
  // unverified on a live server: the manual names FLOAT the default, the system type map of 2025 has DOUBLE
  if (type.arguments === undefined) return { name: 'VECTOR', elementType: DEFAULT_VECTOR_ELEMENT, className };
  const [element, length, ...rest] = type.arguments;
  if (element?.kind !== 'word' || rest.length > 0) return undefined;
  const elementType = vectorElementType(element.word);
  if (elementType === undefined) return undefined;
  if (length === undefined) return { name: 'VECTOR', elementType, className };
  if (length.kind !== 'number' || length.value < 1) return undefined;
  return { name: 'VECTOR', elementType, dimension: length.value, className };
};

const embedding: Resolver = (type) => {
  const [config, source, ...rest] = type.arguments ?? [];
  if (config?.kind !== 'string' || source?.kind !== 'string' || rest.length > 0) return undefined;
  return {
    name: 'VECTOR',
    elementType: 'DOUBLE',
    className: '%Library.Embedding',
    embedding: { config: config.value, source: source.value },
  };
};

const time: Resolver = (type) => {
  const values = numbers(type, 0, 1);
  if (values === undefined) return undefined;
  const [scale] = values;
  return { name: 'TIME', ...(scale === undefined ? {} : { scale }), className: '%Library.Time' };
};

/** The system map of DDL names: name and number of arguments decide. */
const DDL_TYPES: ReadonlyMap<string, Resolver> = new Map<string, Resolver>([
  ['BIGINT', withIgnoredWidth({ name: 'BIGINT', className: '%Library.BigInt' })],
  ['INT', withIgnoredWidth(INTEGER)],
  ['INTEGER', withIgnoredWidth(INTEGER)],
  ['MEDIUMINT', withIgnoredWidth({ ...INTEGER, minValue: '-8388608', maxValue: '8388607' })],
  [
    'SMALLINT',
    withIgnoredWidth({
      name: 'SMALLINT',
      minValue: '-32768',
      maxValue: '32767',
      className: '%Library.SmallInt',
    }),
  ],
  [
    'TINYINT',
    withIgnoredWidth({ name: 'TINYINT', minValue: '-128', maxValue: '127', className: '%Library.TinyInt' }),
  ],
  ['BIT', fixed({ name: 'BIT', className: '%Library.Boolean' })],
  ...['NUMERIC', 'NUMBER', 'DECIMAL', 'DEC'].map((name): [string, Resolver] => [name, numericResolver]),
  ['MONEY', fixed(MONEY)],
  ['SMALLMONEY', fixed(MONEY)],
  ['DOUBLE', fixed(DOUBLE)],
  ['DOUBLE PRECISION', fixed(DOUBLE)],
  ['FLOAT', withIgnoredWidth(DOUBLE)],
  ['REAL', fixed(DOUBLE)],
  ...[
    'CHAR',
    'CHARACTER',
    'VARCHAR',
    'VARCHAR2',
    'CHAR VARYING',
    'CHARACTER VARYING',
    'NCHAR',
    'NVARCHAR',
    'NATIONAL CHAR',
    'NATIONAL CHARACTER',
    'NATIONAL CHAR VARYING',
    'NATIONAL CHARACTER VARYING',
    'NATIONAL VARCHAR',
  ].map((name): [string, Resolver] => [name, characters(1)]),
  ['SYSNAME', fixed({ name: 'VARCHAR', length: 128, className: '%Library.String' })],
  ...['TEXT', 'NTEXT', 'LONGTEXT', 'MEDIUMTEXT', 'CLOB', 'LONG', 'LONG VARCHAR', 'LONGVARCHAR'].map(
    (name): [string, Resolver] => [name, fixed(CHARACTER_STREAM)],
  ),
  ['BINARY', bytes],
  ['VARBINARY', bytes],
  ['BINARY VARYING', bytes],
  ['RAW', bytes],
  ...['BLOB', 'IMAGE', 'LONGVARBINARY', 'LONG BINARY', 'LONG RAW'].map((name): [string, Resolver] => [
    name,
    fixed(BINARY_STREAM),
  ]),
  ['DATE', fixed(DATE)],
  ['TIME', time],
  ['TIMESTAMP2', fixed(TIMESTAMP_TEXT)],
  ['DATETIME', fixed(DATETIME)],
  ['DATETIME2', fixed(DATETIME)],
  ['SMALLDATETIME', fixed({ ...DATETIME, minValue: '1900-01-01 00:00:00', maxValue: '2079-06-06 23:59:59' })],
  // TIMESTAMP means %PosixTime since 2022.1.
  ['TIMESTAMP', fixed(POSIXTIME)],
  ['POSIXTIME', fixed(POSIXTIME)],
  ['UNIQUEIDENTIFIER', fixed({ name: 'GUID', length: 36, className: '%Library.UniqueIdentifier' })],
  ['SERIAL', fixed({ name: 'BIGINT', counter: 'SERIAL', className: '%Library.Counter' })],
  ['ROWVERSION', fixed({ name: 'BIGINT', counter: 'ROWVERSION', className: '%Library.RowVersion' })],
  ['VECTOR', vector],
  ['EMBEDDING', embedding],
]);

/** Classes that may be named as a type, with what they hold. Upper case, without `%Library.`. */
const CLASS_TYPES: ReadonlyMap<string, IrisType> = new Map<string, IrisType>([
  ['STRING', { name: 'VARCHAR', length: 50, className: '%Library.String' }],
  ['NAME', { name: 'VARCHAR', length: 50, className: '%Library.Name' }],
  ['INTEGER', INTEGER],
  ['BIGINT', { name: 'BIGINT', className: '%Library.BigInt' }],
  ['SMALLINT', { name: 'SMALLINT', minValue: '-32768', maxValue: '32767', className: '%Library.SmallInt' }],
  ['TINYINT', { name: 'TINYINT', minValue: '-128', maxValue: '127', className: '%Library.TinyInt' }],
  ['BOOLEAN', { name: 'BIT', className: '%Library.Boolean' }],
  ['NUMERIC', { name: 'NUMERIC', precision: 15, scale: 2, className: '%Library.Numeric' }],
  ['DECIMAL', { name: 'NUMERIC', precision: 15, scale: 2, className: '%Library.Decimal' }],
  ['CURRENCY', MONEY],
  ['DOUBLE', DOUBLE],
  ['FLOAT', { name: 'DOUBLE', className: '%Library.Float' }],
  ['DATE', DATE],
  ['TIME', { name: 'TIME', className: '%Library.Time' }],
  ['TIMESTAMP', TIMESTAMP_TEXT],
  ['DATETIME', DATETIME],
  ['POSIXTIME', POSIXTIME],
  ['BINARY', { name: 'VARBINARY', length: 50, className: '%Library.Binary' }],
  ['VARCHAR', { name: 'VARCHAR', length: 1, className: '%Library.String' }],
  ['LIST', { name: 'LIST', className: '%Library.List' }],
  ['UNIQUEIDENTIFIER', { name: 'GUID', length: 36, className: '%Library.UniqueIdentifier' }],
  ['VECTOR', { name: 'VECTOR', elementType: DEFAULT_VECTOR_ELEMENT, className: '%Library.Vector' }],
  ['STREAM.GLOBALCHARACTER', CHARACTER_STREAM],
  ['STREAM.GLOBALBINARY', BINARY_STREAM],
]);

function classType(type: TypeName): IrisType | undefined {
  // A name without a percent sign is a class of the schema's own package: BOOLEAN is not %Library.Boolean.
  if (!type.name.startsWith('%')) return undefined;
  const key = type.name
    .toUpperCase()
    .replace(/^%LIBRARY\./, '')
    .replace(/^%/, '');
  const base = CLASS_TYPES.get(key);
  if (base === undefined) return undefined;
  return (type.arguments ?? []).reduce<IrisType | undefined>(withClassParameter, base);
}

const withoutLength = (type: IrisType): IrisType => ({
  name: type.name,
  ...(type.className === undefined ? {} : { className: type.className }),
});

function withClassParameter(type: IrisType | undefined, argument: TypeArgument): IrisType | undefined {
  if (type === undefined || argument.kind !== 'class-parameter') return undefined;
  const { value } = argument;
  switch (argument.name.toUpperCase()) {
    case 'MAXLEN':
      return value === '' ? withoutLength(type) : { ...type, length: Number(value) };
    case 'SCALE':
      return { ...type, scale: Number(value) };
    case 'PRECISION':
      return { ...type, precision: Number(value) };
    case 'MINVAL':
      return { ...type, minValue: value };
    case 'MAXVAL':
      return { ...type, maxValue: value };
    case 'COLLATION':
      return { ...type, collation: `%${value.replace(/^%/, '').toUpperCase()}` };
    case 'DATATYPE': {
      const elementType = vectorElementType(value.toUpperCase());
      return elementType === undefined ? undefined : { ...type, elementType };
    }
    case 'VALUELIST':
      // The first character is the separator.
      return { ...type, valueList: value.slice(1).split(value.slice(0, 1)) };
    case 'TRUNCATE':
      return { ...type, truncate: value === '1' };
    case 'LEN':
      return { ...type, dimension: Number(value) };
    default:
      // Other parameters of a class (CAPTION, DISPLAYLIST ...) do not change how values are stored.
      return type;
  }
}

/**
 * What a type name in DDL means. IRIS matches name and number of arguments against its system map; a name that is
 * not there is taken for a class, and compiling the table's class then fails.
 *
 * @throws IrisError -400 for a name that is neither
 */
export function resolveType(type: TypeName): IrisType {
  const found = DDL_TYPES.get(type.name)?.(type) ?? classType(type);
  if (found !== undefined) return found;
  const written = type.arguments === undefined ? type.name : `${type.name}(...)`;
  // unverified on a live server: the exact wording of the class compiler's error
  throw sqlError(-400, `ERROR #5821: Cannot find the datatype class '${written}'`, {
    hint: 'Use a type of the InterSystems SQL data type table with the number of arguments given there.',
  });
}

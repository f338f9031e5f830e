import { sqlError } from '@iris-devtools/core';
import type { CastExpression, TypeName } from '../sql/ast.js';
import type { IrisType } from '../sql/types.js';
import { asNumber, asText, refuseStream, typedNull } from './coerce.js';
import type { CompileContext } from './context.js';
import { compileExpression } from './expression.js';
import type { Frame } from './scope.js';
import type { Typed } from './typed.js';
import { expression, isNull } from './typed.js';
import { DOUBLE, isInteger, isNumeric, isText, isTimestamp, VARCHAR } from './types.js';

export interface Target {
  readonly type: IrisType;
  /** Characters or bytes kept. */
  readonly length?: number;
  /** Digits after the point; -1 cuts instead of rounding. */
  readonly scale?: number;
}

/** NUMERIC without a scale. */
const DEFAULT_SCALE = 15;
const CHAR_LENGTH = 1;
const VARCHAR_LENGTH = 30;
const GUID_LENGTH = 36;

/** @throws IrisError -376 for a type that CAST does not know */
export function targetOf(node: TypeName): Target {
  const args = (node.arguments ?? []).map((argument) =>
    argument.kind === 'number' ? argument.value : undefined,
  );
  const [first, second] = args;
  const isMax = node.arguments?.[0]?.kind === 'word' && node.arguments[0].word === 'MAX';
  const characters = (length: number | undefined): Target => {
    const kept = isMax ? undefined : (first ?? length);
    return kept === undefined ? { type: VARCHAR } : { type: { name: 'VARCHAR', length: kept }, length: kept };
  };
  switch (node.name) {
    case 'CHAR':
    case 'CHARACTER':
    case 'NCHAR':
    case 'NATIONAL CHAR':
    case 'NATIONAL CHARACTER':
      return characters(CHAR_LENGTH);
    case 'VARCHAR':
    case 'NVARCHAR':
    case 'VARCHAR2':
    case 'NATIONAL VARCHAR':
      return characters(VARCHAR_LENGTH);
    case 'CHAR VARYING':
    case 'CHARACTER VARYING':
    case 'NATIONAL CHAR VARYING':
    case 'NATIONAL CHARACTER VARYING':
      return characters(undefined);
    case 'INT':
    case 'INTEGER':
      return { type: { name: 'INTEGER' } };
    case 'BIGINT':
    case 'SMALLINT':
    case 'TINYINT':
      return { type: { name: node.name } };
    case 'DEC':
    case 'DECIMAL':
    case 'NUMERIC':
    case 'NUMBER':
      return decimal(first, second, args.length);
    case 'MONEY':
    case 'SMALLMONEY':
      return { type: { name: 'NUMERIC', precision: 19, scale: 4 }, scale: 4 };
    case 'DOUBLE':
    case 'DOUBLE PRECISION':
    case 'FLOAT':
    case 'REAL':
      return { type: DOUBLE };
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case 'POSIXTIME':
    case 'BIT':
      return { type: { name: node.name } };
    case 'DATETIME':
    case 'DATETIME2':
    case 'SMALLDATETIME':
    case 'TIMESTAMP2':
      return { type: { name: 'TIMESTAMP' } };
    case 'BINARY':
    case 'BINARY VARYING':
    case 'VARBINARY': {
      const length = first ?? (node.name === 'BINARY' ? CHAR_LENGTH : VARCHAR_LENGTH);
      return { type: { name: 'VARBINARY', length }, length };
    }
    case 'GUID':
    case 'UNIQUEIDENTIFIER':
      return { type: { name: 'GUID', length: GUID_LENGTH }, length: GUID_LENGTH };
    default:
      throw sqlError(-376, ` Unsupported CAST target '${node.name}' specified`);
  }
}

function decimal(precision: number | undefined, scale: number | undefined, count: number): Target {
  const kept = scale ?? (count === 1 ? 0 : DEFAULT_SCALE);
  return { type: { name: 'NUMERIC', precision: precision ?? 18, scale: Math.max(0, kept) }, scale: kept };
}

export function compileCast(node: CastExpression, frame: Frame): Typed {
  const target = targetOf(node.type);
  const value = compileExpression(node.operand, frame);
  refuseStream(value, 'CAST');
  return castTo(value, target, frame.context);
}

/** A value that is no number, date or time becomes 0, 1840-12-31 or 00:00:00; text is cut. */
export function castTo(value: Typed, target: Target, context: CompileContext): Typed {
  if (value.origin === 'parameter') context.learnParameter(value.parameterIndex, target.type);
  if (isNull(value)) return expression(typedNull(target.type), target.type);
  const { type } = target;
  if (isNumeric(type)) return expression(numberText(value, target, context), type);
  switch (type.name) {
    case 'VARCHAR': {
      const text = displayText(value, context);
      return expression(target.length === undefined ? text : `left(${text}, ${target.length})`, type);
    }
    case 'GUID':
      return expression(`left(${asText(value, context).sql}, ${GUID_LENGTH})`, type);
    case 'VARBINARY': {
      const bytes = ['VARBINARY', 'LONGVARBINARY', 'LIST'].includes(value.type.name)
        ? value.sql
        : `iris_sys.bytes_of(${displayText(value, context)})`;
      return expression(`substr(${bytes}, 1, ${target.length ?? 1})`, type);
    }
    case 'DATE':
      return expression(dateText(value, context), type);
    case 'TIME':
      return expression(timeText(value, context), type);
    default:
      return expression(timestampText(value, context), type);
  }
}

function numberText(value: Typed, target: Target, context: CompileContext): string {
  const number = asNumber(value, context).sql;
  switch (target.type.name) {
    case 'BIT':
      if (isText(value.type)) return `iris_sys.cast_bit(${asText(value, context).sql})`;
      return `(CASE WHEN ${number} <> 0 THEN 1 WHEN ${number} = 0 THEN 0 END)::int2`;
    case 'DOUBLE':
      return `${number}::float8`;
    case 'NUMERIC':
      return target.scale === -1
        ? `trunc(${number}::numeric)`
        : `round(${number}::numeric, ${target.scale ?? DEFAULT_SCALE})`;
    // The range of an integer type is one of columns: a cast takes what is beyond it.
    default:
      return isInteger(value.type) ? `(${number})::int8` : `trunc(${number})::int8`;
  }
}

/** Text as it would be displayed: dates and times in ODBC form. */
export function displayText(value: Typed, context: CompileContext): string {
  if (value.type.name === 'DATE') return `iris_sys.date_text(${value.sql})`;
  if (value.type.name === 'TIME') return `iris_sys.time_text(${value.sql})`;
  return asText(value, context).sql;
}

function dateText(value: Typed, context: CompileContext): string {
  if (value.type.name === 'DATE') return value.sql;
  if (isNumeric(value.type)) return `trunc(${asNumber(value, context).sql})::int4`;
  const text = asText(value, context).sql;
  return `iris_sys.cast_date(${text})`;
}

function timeText(value: Typed, context: CompileContext): string {
  if (value.type.name === 'TIME') return value.sql;
  if (isNumeric(value.type)) return `${asNumber(value, context).sql}::numeric`;
  return `iris_sys.cast_time(${asText(value, context).sql})`;
}

function timestampText(value: Typed, context: CompileContext): string {
  if (isTimestamp(value.type)) return value.sql;
  if (value.type.name === 'DATE') return `(iris_sys.date_text(${value.sql}) || ' 00:00:00')`;
  // A time is on the current day.
  if (value.type.name === 'TIME') return `iris_sys.time_on(iris.now_day(false), ${value.sql})`;
  return `iris_sys.cast_timestamp(${displayText(value, context)})`;
}

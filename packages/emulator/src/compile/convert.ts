import type { ConvertExpression } from '../sql/ast.js';
import { castTo, targetOf } from './cast.js';
import type { Target } from './cast.js';
import { asNumber, asText, refuseStream } from './coerce.js';
import type { CompileContext } from './context.js';
import { compileExpression } from './expression.js';
import type { Frame } from './scope.js';
import type { Typed } from './typed.js';
import { expression, isNull } from './typed.js';
import { isStream, isText, isTimestamp } from './types.js';

const SQL_TYPES: Readonly<Record<string, string>> = {
  SQL_BIGINT: 'BIGINT',
  SQL_BINARY: 'BINARY',
  SQL_BIT: 'BIT',
  SQL_CHAR: 'CHAR VARYING',
  SQL_DATE: 'DATE',
  SQL_DECIMAL: 'DECIMAL',
  SQL_DOUBLE: 'DOUBLE',
  SQL_FLOAT: 'DOUBLE',
  SQL_INTEGER: 'INTEGER',
  SQL_NUMERIC: 'NUMERIC',
  SQL_POSIXTIME: 'POSIXTIME',
  SQL_REAL: 'DOUBLE',
  SQL_SMALLINT: 'SMALLINT',
  SQL_TIME: 'TIME',
  SQL_TIMESTAMP: 'TIMESTAMP',
  SQL_TINYINT: 'TINYINT',
  SQL_VARBINARY: 'VARBINARY',
  SQL_VARCHAR: 'VARCHAR',
};

/** The day of a time that becomes a timestamp. */
const DAY_OF_CONVERT = `DATE '1900-01-01'`;
const DAY_OF_BRACES = `DATE '1841-01-01'`;

/**
 * CONVERT(type, value [, style]) and `{fn CONVERT(value, SQL_type)}`.
 *
 * @throws IrisError -141 for an invalid value, -37 for a stream, which only CONVERT(VARCHAR(n), x) takes
 */
export function compileConvert(node: ConvertExpression, frame: Frame): Typed {
  const { context } = frame;
  const target = targetOf({ ...node.type, name: targetName(node) });
  const value = compileExpression(node.operand, frame);
  if (isStream(value.type) && (node.brace || target.type.name !== 'VARCHAR')) refuseStream(value, 'CONVERT');
  if (isNull(value)) return castTo(value, target, context);
  if (target.type.name === 'BIT') {
    return expression(`iris_sys.convert_bit(${asText(value, context).sql})`, { name: 'BIT' });
  }
  const style =
    node.style === undefined
      ? undefined
      : `${asNumber(compileExpression(node.style, frame), context).sql}::int4`;
  return (
    styledText(value, target, style, context) ??
    momentOfText(value, target, style, node.brace, context) ??
    momentOfTime(value, target, node.brace) ??
    castTo(value, target, context)
  );
}

function targetName({ type, brace }: ConvertExpression): string {
  if (brace) return SQL_TYPES[type.name] ?? type.name;
  // Without a length CONVERT keeps more of binary values than CAST.
  return type.name === 'BINARY' && type.arguments === undefined ? 'VARBINARY' : type.name;
}

/** A date or time as text of a format code. */
function styledText(
  value: Typed,
  target: Target,
  style: string | undefined,
  context: CompileContext,
): Typed | undefined {
  if (style === undefined || target.type.name !== 'VARCHAR') return undefined;
  const moment = momentText(value, context);
  if (moment === undefined) return undefined;
  const text = `iris_sys.styled(${moment}, ${style})`;
  return expression(target.length === undefined ? text : `left(${text}, ${target.length})`, target.type);
}

/** A text as a date or timestamp: of the format code, or of the form that it has. */
function momentOfText(
  value: Typed,
  target: Target,
  style: string | undefined,
  brace: boolean,
  context: CompileContext,
): Typed | undefined {
  const { type } = target;
  // SQL_DATE is day 0 for what is no date.
  const isMoment = (type.name === 'DATE' && !brace) || isTimestamp(type);
  if (!isText(value.type) || !(isMoment || (type.name === 'TIME' && style !== undefined))) return undefined;
  const text = asText(value, context).sql;
  if (value.origin === 'parameter') context.learnParameter(value.parameterIndex, type);
  const moment =
    style === undefined ? `iris_sys.convert_moment(${text})` : `iris_sys.parse_styled(${text}, ${style})`;
  if (type.name === 'DATE') return expression(`(${moment}::date - DATE '1840-12-31')`, type);
  if (type.name === 'TIME') return expression(`trim_scale(extract(epoch FROM ${moment}::time))`, type);
  return expression(`iris.moment_text(${moment})`, type);
}

function momentOfTime(value: Typed, target: Target, brace: boolean): Typed | undefined {
  if (value.type.name !== 'TIME' || !isTimestamp(target.type)) return undefined;
  const day = `(${brace ? DAY_OF_BRACES : DAY_OF_CONVERT} - DATE '1840-12-31')`;
  return expression(`iris_sys.time_on(${day}, ${value.sql})`, target.type);
}

/** A date or time as a timestamp of PostgreSQL. */
function momentText(value: Typed, context: CompileContext): string | undefined {
  if (value.type.name === 'DATE') return `(DATE '1840-12-31' + ${value.sql})::timestamp`;
  if (value.type.name === 'TIME')
    return `(TIMESTAMP '1900-01-01' + make_interval(secs => ${value.sql}::float8))`;
  if (isTimestamp(value.type)) return `${asText(value, context).sql}::timestamp`;
  return undefined;
}

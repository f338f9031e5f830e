import { sqlError } from '@iris-devtools/core';
import type { SetOperation } from '../sql/ast.js';
import type { IrisType } from '../sql/types.js';
import { asType } from './coerce.js';
import { groupingKey } from './comparison.js';
import type { CompileContext } from './context.js';
import type { CompiledQuery, OutputColumn } from './output.js';
import { compileBody } from './query.js';
import type { Frame } from './scope.js';
import type { Collation, Typed } from './typed.js';
import { EXACT, sameCollation } from './typed.js';
import { commonType, hasPrecedence, isTemporal, isText, VARCHAR } from './types.js';

/** UNION, INTERSECT, EXCEPT, left to right. @throws IrisError -9 when the legs do not fit */
export function compileSetOperation(
  node: SetOperation,
  context: CompileContext,
  outer: Frame | undefined,
): CompiledQuery {
  return node.rest.reduce<CompiledQuery>(
    (left, operand) => {
      const right = compileBody(operand.body, context, outer);
      return combine(left, right, operand.operator, operand.all, context);
    },
    compileBody(node.first, context, outer),
  );
}

function combine(
  left: CompiledQuery,
  right: CompiledQuery,
  operator: string,
  all: boolean,
  context: CompileContext,
): CompiledQuery {
  if (left.columns.length !== right.columns.length) {
    throw sqlError(-9, ' Incompatible SELECT lists used in UNION');
  }
  const columns = left.columns.map((column, index) => {
    const other = right.columns[index] ?? column;
    return merge(column, other, index, operator);
  });
  const leg = (query: CompiledQuery): string => {
    const items = columns.map((column, index) => {
      const source = query.columns[index] ?? column;
      const value = converted(source, column.type, context);
      const key = all
        ? value
        : groupingKey({
            ...value,
            ...(column.collation === undefined ? {} : { collation: column.collation }),
          });
      return `${key.sql} AS ${column.sqlName}`;
    });
    return `SELECT ${items.join(', ')} FROM (${query.sql}) AS l`;
  };
  return { columns, sql: `(${leg(left)}) ${operator}${all ? ' ALL' : ''} (${leg(right)})` };
}

function merge(column: OutputColumn, other: OutputColumn, index: number, operator: string): OutputColumn {
  const type = legType(column, other, operator);
  const collation: Collation | undefined = !isText(type)
    ? undefined
    : sameCollation(column.collation, other.collation)
      ? column.collation
      : EXACT;
  return {
    name: column.name,
    sqlName: `r${index + 1}`,
    type,
    isAliased: column.isAliased,
    isExpression: column.isExpression,
    ...(collation === undefined ? {} : { collation }),
    ...(column.source === undefined ? {} : { source: column.source }),
  };
}

function legType(left: OutputColumn, right: OutputColumn, operator: string): IrisType {
  // What is taken away is converted to what it is taken from.
  if (operator === 'EXCEPT' && left.weak !== true) return left.type;
  const found = commonType(left.type, right.type);
  if (found !== undefined) return found;
  // A date next to a literal text stays a date.
  if (right.weak === true && isTemporal(left.type)) return left.type;
  if (left.weak === true && isTemporal(right.type)) return right.type;
  // A type without precedence gives way to any that has one.
  return [left.type, right.type].find(hasPrecedence) ?? VARCHAR;
}

function converted(source: OutputColumn, type: IrisType, context: CompileContext): Typed {
  const value: Typed = { sql: `l.${source.sqlName}`, type: source.type, origin: 'expression' };
  if (source.weak === true && isTemporal(type) && isText(source.type)) {
    const name = type.name === 'DATE' ? 'odbc_date' : type.name === 'TIME' ? 'odbc_time' : 'odbc_timestamp';
    return { ...value, sql: `iris_sys.${name}(${value.sql})`, type };
  }
  return asType(value, type, context);
}

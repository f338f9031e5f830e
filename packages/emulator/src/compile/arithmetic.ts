import type { BinaryOperator } from '../sql/ast.js';
import type { IrisType } from '../sql/types.js';
import { asNumber } from './coerce.js';
import type { CompileContext } from './context.js';
import type { Typed } from './typed.js';
import { expression } from './typed.js';
import { BIGINT, DOUBLE, INTEGER, isInteger, storageType } from './types.js';

type ArithmeticOperator = Exclude<BinaryOperator, '||'>;

/** Digits of IRIS numbers: 36 in all, 17 after the point of a product or quotient. */
const MAX_PRECISION = 36;
const MAX_SCALE = 17;
const INTEGER_PRECISION = 18;

/** Arithmetic with IRIS's result types: division is never that of integers, DOUBLE wins, products are NUMERIC. */
export function compileArithmetic(
  operator: ArithmeticOperator,
  leftValue: Typed,
  rightValue: Typed,
  context: CompileContext,
): Typed {
  learn(leftValue, rightValue, context);
  const left = asNumber(leftValue, context);
  const right = asNumber(rightValue, context);
  const double = left.type.name === 'DOUBLE' || right.type.name === 'DOUBLE';
  const integers = isInteger(left.type) && isInteger(right.type);
  const type = double ? DOUBLE : resultType(operator, left.type, right.type);
  const cast = double ? 'float8' : integers && (operator === '+' || operator === '-') ? 'int8' : 'numeric';
  const [a, b] = [`${left.sql}::${cast}`, `${right.sql}::${cast}`];
  switch (operator) {
    case '+':
    case '-':
      return expression(stored(`(${a} ${operator} ${b})`, type), type);
    case '*':
      return expression(`(${a} * ${b})`, type);
    case '/':
      return expression(`iris_sys.divide(${a}, ${b})`, type);
    case '\\':
      return fromNumeric(`iris_sys.int_divide(${left.sql}::numeric, ${right.sql}::numeric)`, type);
    case '#':
      return fromNumeric(`iris_sys.modulo(${left.sql}::numeric, ${right.sql}::numeric)`, type);
  }
}

/** Sums of integers are computed as int8. */
const stored = (sql: string, type: IrisType): string =>
  isInteger(type) && type.name !== 'BIGINT' ? `${sql}::${storageType(type)}` : sql;

function fromNumeric(sql: string, type: IrisType): Typed {
  if (type.name === 'DOUBLE') return expression(`${sql}::float8`, type);
  return expression(isInteger(type) ? `${sql}::${storageType(type)}` : sql, type);
}

function learn(left: Typed, right: Typed, context: CompileContext): void {
  for (const [side, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (side.origin === 'parameter') {
      const known = isInteger(other.type) || other.type.name === 'DOUBLE' || other.type.name === 'NUMERIC';
      context.learnParameter(
        side.parameterIndex,
        known ? other.type : { name: 'NUMERIC', precision: 18, scale: 9 },
      );
    }
  }
}

function digits(type: IrisType): { precision: number; scale: number } {
  if (isInteger(type)) return { precision: INTEGER_PRECISION, scale: 0 };
  return { precision: type.precision ?? INTEGER_PRECISION, scale: type.scale ?? 0 };
}

/** Sums of small integers are the next larger type, those with an INTEGER in them BIGINT. */
function wholeResult(left: IrisType, right: IrisType): IrisType {
  const small = [left, right].filter((type) => type.name === 'SMALLINT').length;
  const tiny = [left, right].filter((type) => type.name === 'TINYINT').length;
  if (tiny === 2) return { name: 'SMALLINT' };
  return small + tiny === 2 ? INTEGER : BIGINT;
}

function resultType(operator: ArithmeticOperator, left: IrisType, right: IrisType): IrisType {
  if (isInteger(left) && isInteger(right) && operator !== '*' && operator !== '/')
    return wholeResult(left, right);
  const [a, b] = [digits(left), digits(right)];
  const bounded = (precision: number, scale: number): IrisType => ({
    name: 'NUMERIC',
    precision: Math.min(MAX_PRECISION, precision),
    scale,
  });
  if (operator === '*') return bounded(a.precision + b.precision + 1, Math.min(MAX_SCALE, a.scale + b.scale));
  if (operator === '/') {
    const extra = Math.max(6, a.scale + b.precision + 1);
    return bounded(a.precision - a.scale + b.scale + extra, Math.min(MAX_SCALE, extra));
  }
  const scale = Math.max(a.scale, b.scale);
  return bounded(scale + Math.max(a.precision - a.scale, b.precision - b.scale) + 1, scale);
}

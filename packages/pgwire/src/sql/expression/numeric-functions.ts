import { integerConstant, value, type Expr } from '../expr.js';
import { raw, sql, type Sql } from '../fragment.js';
import { commonNumber, FLOAT8, isFloat, isInteger, isNumeric, NUMERIC, type PgType } from '../pg-types.js';
import { coerce, roundHalfEven, toDouble } from './cast.js';
import { argument, result, type Call, type FunctionRule, type FunctionTable } from './function-rule.js';

/** ROUND, CEILING and FLOOR of an integer are double precision in PostgreSQL. */
function roundedType(type: PgType): PgType {
  return isNumeric(type) ? NUMERIC : FLOAT8;
}

const whole =
  (irisName: string): FunctionRule =>
  (call) => {
    const x = coerce(argument(call, 0), roundedType(argument(call, 0).type), call.env, call.location);
    return result(call, sql`${raw(irisName)}(${x.sql})`, x.type, isNumeric(x.type) ? { scale: 0 } : {});
  };

const abs: FunctionRule = (call) => {
  const x = argument(call, 0);
  return result(call, sql`ABS(${x.sql})`, x.type, x.scale === undefined ? {} : { scale: x.scale });
};

const sign: FunctionRule = (call) => {
  const x = argument(call, 0);
  return result(call, sql`SIGN(${x.sql})`, roundedType(x.type), isNumeric(x.type) ? { scale: 0 } : {});
};

/** numeric rounds half away from zero, as IRIS does; double precision rounds half to even. */
const round: FunctionRule = (call) => {
  const x = argument(call, 0);
  if (call.args.length === 1) {
    if (isNumeric(x.type)) return result(call, sql`ROUND(${x.sql}, 0)`, NUMERIC, { scale: 0 });
    return result(call, isInteger(x.type) ? x.sql : roundHalfEven(x.sql), FLOAT8);
  }
  return digits(call, (number, places) => sql`ROUND(${number}, ${places})`);
};

const trunc: FunctionRule = (call) => {
  const x = argument(call, 0);
  if (call.args.length === 1) {
    return result(
      call,
      sql`{fn TRUNCATE(${x.sql}, 0)}`,
      roundedType(x.type),
      isNumeric(x.type) ? { scale: 0 } : {},
    );
  }
  return digits(call, (number, places) => sql`{fn TRUNCATE(${number}, ${places})}`);
};

function digits(call: Call, emit: (number: Sql, places: Sql) => Sql): Expr {
  const [x, places] = [argument(call, 0), argument(call, 1)];
  const known = integerConstant(places);
  return result(
    call,
    emit(x.sql, places.sql),
    NUMERIC,
    known === undefined ? {} : { scale: Math.max(0, known) },
  );
}

/** Functions that PostgreSQL computes in double precision. */
const double =
  (irisName: string): FunctionRule =>
  (call) => {
    return result(
      call,
      sql`{fn ${raw(irisName)}(${toDouble(argument(call, 0), call.env, call.location)})}`,
      FLOAT8,
    );
  };

const power: FunctionRule = (call) => {
  const isDouble = call.args.some((each) => isFloat(each.type));
  if (!isDouble && call.args.some((each) => isNumeric(each.type))) {
    throw call.env.refuse('power of numeric', call.location, 'Cast an argument to double precision.');
  }
  const [x, y] = [argument(call, 0), argument(call, 1)].map((each) =>
    toDouble(each, call.env, call.location),
  );
  return result(call, sql`POWER(${x ?? raw('NULL')}, ${y ?? raw('NULL')})`, FLOAT8);
};

const logarithm: FunctionRule = (call) => {
  if (call.args.length > 1)
    throw call.env.refuse('log with a base', call.location, 'Divide ln(x) by ln(base).');
  return double('LOG10')(call);
};

const radian =
  (irisName: string): FunctionRule =>
  (call) =>
    result(call, sql`${raw(irisName)}(${toDouble(argument(call, 0), call.env, call.location)})`, FLOAT8);

/** IRIS's MOD has the sign of the dividend, as in PostgreSQL; its operator # has the divisor's. */
const remainder: FunctionRule = (call) => {
  const [x, y] = [argument(call, 0), argument(call, 1)];
  const type = commonNumber(x.type, y.type);
  const scale = x.scale === undefined || y.scale === undefined ? {} : { scale: Math.max(x.scale, y.scale) };
  return result(call, sql`MOD(${x.sql}, ${y.sql})`, type, isNumeric(type) ? scale : {});
};

/** div(a, b): the integer quotient of numerics, cut toward zero. */
const quotient: FunctionRule = (call) => {
  const [x, y] = [argument(call, 0), argument(call, 1)];
  if (isFloat(x.type) || isFloat(y.type)) throw call.env.refuse('div of double precision', call.location);
  return result(call, sql`(${x.sql} \\ ${y.sql})`, NUMERIC, { scale: 0 });
};

/** PostgreSQL's mathematical functions. What is missing here is refused. */
export const NUMERIC_FUNCTIONS: FunctionTable = {
  abs,
  ceil: whole('CEILING'),
  ceiling: whole('CEILING'),
  floor: whole('FLOOR'),
  sign,
  round,
  trunc,
  mod: remainder,
  div: quotient,
  power,
  pow: power,
  sqrt: double('SQRT'),
  exp: double('EXP'),
  ln: double('LOG'),
  log: logarithm,
  log10: double('LOG10'),
  sin: double('SIN'),
  cos: double('COS'),
  tan: double('TAN'),
  cot: double('COT'),
  asin: double('ASIN'),
  acos: double('ACOS'),
  atan: double('ATAN'),
  degrees: radian('DEGREES'),
  radians: radian('RADIANS'),
  pi: () => value(sql`{fn PI()}`, FLOAT8, { nullable: false }),
};

import type { FunctionDefinition } from '../registry-types.js';
import {
  define,
  INTEGER,
  isNumber,
  named,
  NUMERIC,
  numberOrNull,
  numeric,
  numericOrDouble,
  sameNumber,
  stored,
  textOf,
  typeAt,
  VARCHAR,
  wholeNumber,
} from './define.js';

const braceOnly = { braceOnly: true } as const;

/** CEILING and FLOOR give NULL for a text that is no number, where others see 0. */
const whole = (name: string, postgres: string): FunctionDefinition =>
  define(name, 1, ['any'], wholeNumber, ([x = ''], context) =>
    stored(`${postgres}(${numberOrNull(x, typeAt(context, 0))})`, wholeNumber(context.argumentTypes)),
  );

/** NUMERIC of so many digits, 18 of them after the point, or DOUBLE. */
const digits =
  (precision: number): FunctionDefinition['resultType'] =>
  (types) =>
    types[0]?.name === 'DOUBLE' ? types[0] : { ...NUMERIC, precision };

const SINE_DIGITS = 19;
const LOGARITHM_DIGITS = 21;

const trigonometric = (name: string, result: FunctionDefinition['resultType']): FunctionDefinition =>
  numeric(name, 1, result, ([x = '']) => `iris.exact(${name.toLowerCase()}((${x})::float8))`, braceOnly);

const toNumber = numeric('TO_NUMBER', 1, numericOrDouble, ([x = '']) => x);

export const NUMBER_DEFINITIONS: readonly FunctionDefinition[] = [
  numeric('ABS', 1, sameNumber, ([x = '']) => `abs(${x})`),
  whole('CEILING', 'ceil'),
  whole('FLOOR', 'floor'),
  define('SIGN', 1, ['any'], INTEGER, ([x = ''], context) => {
    return `sign(${numberOrNull(x, typeAt(context, 0))})::int4`;
  }),
  numeric(
    'ROUND',
    [2, 3],
    sameNumber,
    ([x = '', places = '', flag = '0']) => `iris.round(${x}, ${places}, ${flag})`,
  ),
  numeric('TRUNCATE', 2, sameNumber, ([x = '', places = '']) => `iris.round(${x}, ${places}, 1)`, braceOnly),
  numeric('MOD', 2, numericOrDouble, ([a = '', b = '']) => `iris.mod(${a}, ${b})`),
  numeric('POWER', 2, numericOrDouble, ([x = '', y = '']) => `iris.power(${x}, ${y})`),
  numeric('SQRT', 1, numericOrDouble, ([x = '']) => `iris.sqrt(${x})`),
  numeric('SQUARE', 1, numericOrDouble, ([x = '']) => `trim_scale((${x}) * (${x}))`),
  numeric('EXP', 1, numericOrDouble, ([x = '']) => `iris.exp(${x})`, braceOnly),
  numeric('LOG', 1, digits(LOGARITHM_DIGITS), ([x = '']) => `iris.log(${x}, false)`, braceOnly),
  numeric('LOG10', 1, digits(LOGARITHM_DIGITS), ([x = '']) => `iris.log(${x}, true)`, braceOnly),
  ...['SIN', 'COS'].map((name) => trigonometric(name, digits(SINE_DIGITS))),
  ...['TAN', 'ATAN'].map((name) => trigonometric(name, numericOrDouble)),
  numeric('COT', 1, numericOrDouble, ([x = '']) => `iris.cot(${x})`, braceOnly),
  numeric('ACOS', 1, digits(SINE_DIGITS), ([x = '']) => `iris.arc('cos', ${x})`, braceOnly),
  numeric('ASIN', 1, digits(SINE_DIGITS), ([x = '']) => `iris.arc('sin', ${x})`, braceOnly),
  numeric(
    'ATAN2',
    2,
    numericOrDouble,
    ([y = '', x = '']) => `iris.exact(atan2((${y})::float8, (${x})::float8))`,
    braceOnly,
  ),
  numeric('DEGREES', 1, numericOrDouble, ([x = '']) => `iris.degrees(${x})`),
  numeric('RADIANS', 1, numericOrDouble, ([x = '']) => `iris.radians(${x})`),
  define('PI', 0, [], { ...NUMERIC, precision: 19 }, () => '3.141592653589793238::numeric', braceOnly),
  define('ISNUMERIC', 1, ['any'], INTEGER, ([x = ''], context) => {
    const type = typeAt(context, 0);
    if (type.name === 'LIST') return `CASE WHEN ${x} IS NOT NULL THEN 0 END`;
    return isNumber(type) ? `CASE WHEN ${x} IS NOT NULL THEN 1 END` : `iris.isnumeric(${textOf(x, type)})`;
  }),
  ...named(['TO_NUMBER', 'TONUMBER'], toNumber),
  define(
    'STR',
    [1, 3],
    ['string', 'integer'],
    VARCHAR,
    ([x = '', size = '10', places = '0']) => `iris.str(${x}, ${size}, ${places})`,
  ),
  define('$JUSTIFY', [2, 3], ['string', 'integer'], VARCHAR, (args) => `iris.justify(${args.join(', ')})`),
];

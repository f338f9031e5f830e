import { asValue, condition, integerConstant, value, type Expr } from '../expr.js';
import { join, raw, sql, textLiteral, type Sql } from '../fragment.js';
import { categoryOf, INT4, TEXT, UUID } from '../pg-types.js';
import { toText } from './cast.js';
import {
  argument,
  constantText,
  result,
  textArgument,
  unlessNull,
  type Call,
  type FunctionRule,
  type FunctionTable,
} from './function-rule.js';

/** A text function that IRIS computes alike under another name. */
const same =
  (irisName: string): FunctionRule =>
  (call) => {
    const args = call.args.map((_, index) => textArgument(call, index));
    return result(call, sql`${raw(irisName)}(${join(args)})`, TEXT);
  };

const number = (call: Call, index: number): Sql => asValue(argument(call, index));

const length: FunctionRule = (call) => {
  if (categoryOf(argument(call, 0).type) === 'bytes') throw call.env.refuse('length of bytea', call.location);
  // LENGTH would not count trailing blanks.
  return result(call, sql`CHAR_LENGTH(${textArgument(call, 0)})`, INT4);
};

/** IRIS gives NULL for a length of 0 and has rules of its own for a start before the text. */
const substring: FunctionRule = (call) => {
  const [text, start, count] = [textArgument(call, 0), argument(call, 1), call.args[2]];
  if (categoryOf(start.type) !== 'number') throw call.env.refuse('substring with a pattern', call.location);
  const [from, many] = [integerConstant(start), integerConstant(count)];
  const args = count === undefined ? [text, start.sql] : [text, start.sql, count.sql];
  const plain = sql`SUBSTRING(${join(args)})`;
  if (from !== undefined && from >= 1 && (count === undefined || (many ?? 0) > 0))
    return result(call, plain, TEXT);
  if (count === undefined) {
    const whole = sql`CASE WHEN ${start.sql} < 1 THEN ${text} ELSE ${plain} END`;
    return result(call, unlessNull(call.args, whole), TEXT);
  }
  const head = sql`SUBSTRING(${text}, 1, ${start.sql} + ${count.sql} - 1)`;
  // A negative length fails in IRIS too, once the row gets here.
  const negative = sql`SUBSTRING(${text}, 1, ${count.sql})`;
  const cases = sql`CASE WHEN ${count.sql} < 0 THEN ${negative} WHEN ${count.sql} = 0 OR ${start.sql} + ${count.sql} <= 1 THEN '' WHEN ${start.sql} < 1 THEN ${head} ELSE ${plain} END`;
  return result(call, unlessNull(call.args, cases), TEXT);
};

/** `position(a in b)` arrives as `position(b, a)`; the empty text is found at 1, by IRIS at 0. */
const position: FunctionRule = (call) => {
  const [text, sought] = [textArgument(call, 0), textArgument(call, 1)];
  const found = sql`POSITION(${sought} IN ${text})`;
  const constant = argument(call, 1).constant;
  if (constant?.kind === 'string' && constant.text !== '') return result(call, found, INT4);
  return result(call, unlessNull(call.args, sql`CASE WHEN ${sought} = '' THEN 1 ELSE ${found} END`), INT4);
};

const trim =
  (side: 'BOTH' | 'LEADING' | 'TRAILING'): FunctionRule =>
  (call) => {
    const characters = call.args.length > 1 ? constantText(call, 1) : ' ';
    const text = textArgument(call, 0);
    if (characters === '') return result(call, text, TEXT);
    return result(call, sql`TRIM(${raw(side)} ${textLiteral(characters)} FROM ${text})`, TEXT);
  };

const replace: FunctionRule = (call) => {
  const [text, from, to] = [textArgument(call, 0), textArgument(call, 1), textArgument(call, 2)];
  const replaced = sql`REPLACE(${text}, ${from}, ${to})`;
  const known = argument(call, 1).constant;
  if (known?.kind === 'string' && known.text !== '') return result(call, replaced, TEXT);
  return result(
    call,
    unlessNull(call.args, sql`CASE WHEN ${from} = '' THEN ${text} ELSE ${replaced} END`),
    TEXT,
  );
};

/** concat() skips NULLs, IRIS's || and CONCAT do not. */
const concat: FunctionRule = (call) => {
  const parts = call.args.map((each) => emptyForNull(printed(each, call)));
  return { ...result(call, sql`(${join(parts, ' || ')})`, TEXT), nullable: false };
};

/** concat() prints a boolean as t or f, unlike a cast to text. */
function printed(expr: Expr, call: Call): Expr {
  if (categoryOf(expr.type) !== 'boolean') return toText(expr, call.env, call.location);
  const letter = sql`CASE ${asValue(expr)} WHEN 1 THEN 't' WHEN 0 THEN 'f' END`;
  return { form: 'value', sql: letter, type: TEXT, nullable: expr.nullable };
}

function emptyForNull(expr: Expr): Sql {
  return expr.nullable ? sql`COALESCE(${asValue(expr)}, '')` : asValue(expr);
}

const concatWithSeparator: FunctionRule = (call) => {
  const separator = textArgument(call, 0);
  const parts = call.args.slice(1).map((each) => {
    const text = asValue(printed(each, call));
    return sql`CASE WHEN ${text} IS NULL THEN '' ELSE ${separator} || ${text} END`;
  });
  // Only a NULL separator makes the result NULL.
  const first = { ...call, args: [argument(call, 0)] };
  const joined = sql`SUBSTRING(${join(parts, ' || ')}, CHAR_LENGTH(${separator}) + 1)`;
  return result(first, unlessNull(first.args, joined), TEXT);
};

/** left(s, n): a negative n leaves that many characters off the end. */
const left: FunctionRule = (call) => {
  const [text, count] = [textArgument(call, 0), number(call, 1)];
  const known = integerConstant(argument(call, 1));
  if (known !== undefined && known > 0) return result(call, sql`SUBSTRING(${text}, 1, ${count})`, TEXT);
  const kept = sql`(CHAR_LENGTH(${text}) + ${count})`;
  const cases = sql`CASE WHEN ${count} > 0 THEN SUBSTRING(${text}, 1, ${count}) WHEN ${count} = 0 OR ${kept} <= 0 THEN '' ELSE SUBSTRING(${text}, 1, ${kept}) END`;
  return result(call, unlessNull(call.args, cases), TEXT);
};

/** right(s, n): a negative n leaves that many characters off the beginning. */
const right: FunctionRule = (call) => {
  const [text, count] = [textArgument(call, 0), number(call, 1)];
  const tail = sql`SUBSTRING(${text}, CHAR_LENGTH(${text}) - ${count} + 1)`;
  const cases = sql`CASE WHEN ${count} < 0 THEN SUBSTRING(${text}, 1 - ${count}) WHEN ${count} = 0 THEN '' WHEN ${count} >= CHAR_LENGTH(${text}) THEN ${text} ELSE ${tail} END`;
  return result(call, unlessNull(call.args, cases), TEXT);
};

const padded =
  (side: 'LPAD' | 'RPAD'): FunctionRule =>
  (call) => {
    const [text, count] = [textArgument(call, 0), number(call, 1)];
    const fill = call.args.length > 2 ? constantText(call, 2) : ' ';
    if (fill === '') throw call.env.refuse(`${call.name} with an empty fill`, call.location);
    const filled = sql`${raw(side)}(${text}, ${count}, ${textLiteral(fill)})`;
    if ((integerConstant(argument(call, 1)) ?? 0) > 0) return result(call, filled, TEXT);
    return result(call, unlessNull(call.args, sql`CASE WHEN ${count} <= 0 THEN '' ELSE ${filled} END`), TEXT);
  };

const repeat: FunctionRule = (call) => {
  const [text, count] = [textArgument(call, 0), number(call, 1)];
  const repeated = sql`REPEAT(${text}, ${count})`;
  if ((integerConstant(argument(call, 1)) ?? 0) > 0) return result(call, repeated, TEXT);
  return result(call, unlessNull(call.args, sql`CASE WHEN ${count} <= 0 THEN '' ELSE ${repeated} END`), TEXT);
};

const splitPart: FunctionRule = (call) => {
  const [text, delimiter, field] = [
    textArgument(call, 0),
    constantText(call, 1),
    integerConstant(call.args[2]),
  ];
  if (field === undefined || field < 1 || delimiter === '') {
    throw call.env.refuse(
      'split_part with this delimiter or field',
      call.location,
      'Use constants; fields from 1 on.',
    );
  }
  const piece = sql`COALESCE($PIECE(${text}, ${textLiteral(delimiter)}, ${raw(String(field))}), '')`;
  return result(call, unlessNull(call.args, piece), TEXT);
};

const startsWith: FunctionRule = (call) => {
  const [text, prefix] = [textArgument(call, 0), textArgument(call, 1)];
  // The blank keeps the length above 0, where SUBSTRING would give NULL.
  const found = sql`SUBSTRING(' ' || ${text}, 1, CHAR_LENGTH(${prefix}) + 1) = ' ' || ${prefix}`;
  return condition(
    found,
    call.args.some((each) => each.nullable),
  );
};

/** IRIS makes a new one for each row too. */
const newUuid: FunctionRule = () => value(sql`LOWER($TSQL_NEWID())`, UUID, { nullable: false });

/** PostgreSQL's string functions. What is missing here is refused. */
export const STRING_FUNCTIONS: FunctionTable = {
  length,
  char_length: length,
  character_length: length,
  lower: same('LOWER'),
  upper: same('UPPER'),
  reverse: same('REVERSE'),
  translate: same('$TRANSLATE'),
  substring,
  substr: substring,
  position,
  strpos: position,
  btrim: trim('BOTH'),
  ltrim: trim('LEADING'),
  rtrim: trim('TRAILING'),
  replace,
  concat,
  concat_ws: concatWithSeparator,
  left,
  right,
  lpad: padded('LPAD'),
  rpad: padded('RPAD'),
  repeat,
  split_part: splitPart,
  starts_with: startsWith,
  gen_random_uuid: newUuid,
};

import type { JsonArrayExpression, JsonObjectExpression } from '../sql/ast.js';
import { displayText } from './cast.js';
import { asText } from './coerce.js';
import type { CompileContext } from './context.js';
import { compileValue } from './expression.js';
import type { Frame } from './scope.js';
import type { Typed } from './typed.js';
import { expression, isNull } from './typed.js';
import { isNumeric, VARCHAR } from './types.js';

/**
 * A value as an element of JSON text, NULL for NULL: numbers in canonical form, everything else a string, dates and
 * times in ODBC form, which is the select mode of a session.
 * @param emptyIsNul JSON_ARRAYAGG gives the empty string as `"\u0000"`
 */
export function jsonElement(value: Typed, context: CompileContext, emptyIsNul = false): string {
  if (isNull(value)) return 'NULL::text';
  const text = displayText(value, context);
  if (isNumeric(value.type)) return text;
  // An element that is JSON of our own making goes in as it is.
  if (value.type.className === JSON_CLASS) return text;
  const string = `to_json(${text})::text`;
  return emptyIsNul ? `(CASE WHEN ${text} = '' THEN '"\\u0000"' ELSE ${string} END)` : string;
}

const JSON_CLASS = '%Library.DynamicAbstractObject';
const JSON_TEXT = { ...VARCHAR, className: JSON_CLASS };

export function compileJsonObject(node: JsonObjectExpression, frame: Frame): Typed {
  const members = node.members.map(({ key, value }) => {
    const name = `to_json(${asText(compileValue(key, frame, 'JSON_OBJECT'), frame.context).sql})::text`;
    const element = jsonElement(compileValue(value, frame, 'JSON_OBJECT'), frame.context);
    return node.onNull === 'NULL'
      ? `(${name} || ':' || coalesce(${element}, 'null'))`
      : `(${name} || ':' || ${element})`;
  });
  return expression(`('{' || concat_ws(',', ${['NULL::text', ...members].join(', ')}) || '}')`, JSON_TEXT);
}

export function compileJsonArray(node: JsonArrayExpression, frame: Frame): Typed {
  const elements = node.elements.map((item) => {
    const element = jsonElement(compileValue(item, frame, 'JSON_ARRAY'), frame.context);
    return node.onNull === 'NULL' ? `coalesce(${element}, 'null')` : element;
  });
  return expression(`('[' || concat_ws(',', ${['NULL::text', ...elements].join(', ')}) || ']')`, JSON_TEXT);
}

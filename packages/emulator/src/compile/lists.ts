import { asText, asType } from './coerce.js';
import type { Frame } from './scope.js';
import type { Typed } from './typed.js';

/** The elements of a $LIST as rows of text, for %INLIST. A string that is no list fails with -400. */
export function listElements(list: Typed, frame: Frame): string {
  return `iris.list_elements(${asType(list, { name: 'LIST' }, frame.context).sql})`;
}

/** Elements of a list or of a comma separated text with their keys, for FOR SOME %ELEMENT. */
export function elementRows(field: Typed, frame: Frame): string {
  if (field.type.name === 'LIST') return `iris.list_rows(${field.sql})`;
  return `(SELECT e.v, e.n::text FROM unnest(string_to_array(${asText(field, frame.context).sql}, ',')) WITH ORDINALITY AS e(v, n))`;
}

import { CONVERT_FUNCTIONS } from './prelude/convert.js';
import { DATE_FUNCTIONS } from './prelude/date.js';
import { FORMAT_FUNCTIONS } from './prelude/format.js';
import { LIST_FUNCTIONS } from './prelude/list.js';
import { MOMENT_FUNCTIONS } from './prelude/moment.js';
import { NUMERIC_FUNCTIONS } from './prelude/numeric.js';
import { PARSE_FORMAT_FUNCTIONS } from './prelude/parse-format.js';
import { STRING_FUNCTIONS } from './prelude/string.js';
import { VECTOR_FUNCTIONS } from './prelude/vector.js';

/**
 * The SQL functions of IRIS as functions of PostgreSQL in schema `iris`. Run it after the `iris_sys` operators, whose
 * number and date conversions it uses; it may be run again. Errors have SQLSTATE IRnnn for SQLCODE -nnn.
 */
export const FUNCTION_PRELUDE = [
  'CREATE SCHEMA IF NOT EXISTS iris;',
  // Bodies name functions that come later in the text.
  'SET check_function_bodies = off;',
  STRING_FUNCTIONS,
  NUMERIC_FUNCTIONS,
  LIST_FUNCTIONS,
  MOMENT_FUNCTIONS,
  CONVERT_FUNCTIONS,
  DATE_FUNCTIONS,
  FORMAT_FUNCTIONS,
  PARSE_FORMAT_FUNCTIONS,
  VECTOR_FUNCTIONS,
  'RESET check_function_bodies;',
].join('\n');

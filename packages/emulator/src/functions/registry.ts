import { CLOCK_DEFINITIONS, DATE_DEFINITIONS } from './definitions/dates.js';
import { FORMAT_DEFINITIONS } from './definitions/formats.js';
import { LIST_DEFINITIONS } from './definitions/lists.js';
import { NUMBER_DEFINITIONS } from './definitions/numbers.js';
import { SESSION_DEFINITIONS } from './definitions/session.js';
import { STRING_DEFINITIONS } from './definitions/strings.js';
import { VECTOR_DEFINITIONS } from './definitions/vectors.js';
import type { FunctionDefinition } from './registry-types.js';

/**
 * The system functions of IRIS SQL. Not here, because they have a syntax or typing of their own: CAST, CONVERT, TRIM,
 * TO_VECTOR, CASE, COALESCE, NVL, ISNULL, IFNULL, NULLIF, GREATEST, LEAST, DECODE, JSON and XML constructors, aggregates.
 */
const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  [
    ...STRING_DEFINITIONS,
    ...NUMBER_DEFINITIONS,
    ...DATE_DEFINITIONS,
    ...CLOCK_DEFINITIONS,
    ...LIST_DEFINITIONS,
    ...VECTOR_DEFINITIONS,
    ...FORMAT_DEFINITIONS,
    ...SESSION_DEFINITIONS,
  ].map((definition): [string, FunctionDefinition] => [definition.name, definition]),
);

/** @param name in upper case; `SCHEMA.NAME` for those in a schema */
export function findFunction(name: string): FunctionDefinition | undefined {
  return FUNCTIONS.get(name);
}

/** Names of all system functions, in upper case. */
export function functionNames(): string[] {
  return [...FUNCTIONS.keys()];
}

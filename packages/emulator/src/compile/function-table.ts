import type { FunctionDefinition } from '../functions/registry-types.js';

/** The system function of that name (upper case, `SCHEMA.NAME` for those in a schema). */
export function findFunction(_name: string): FunctionDefinition | undefined {
  return undefined;
}

import { CONSTRAINT_TABLES } from './constraint-tables.js';
import { RELATION_TABLES } from './relation-tables.js';
import { ROUTINE_TABLES } from './routine-tables.js';
import type { SystemTableDefinition } from './system-table.js';

/** The tables of INFORMATION_SCHEMA (classes INFORMATION.SCHEMA.*), 2024.1, as far as drivers read them. */
export const INFORMATION_SCHEMA: readonly SystemTableDefinition[] = [
  ...RELATION_TABLES,
  ...CONSTRAINT_TABLES,
  ...ROUTINE_TABLES,
];

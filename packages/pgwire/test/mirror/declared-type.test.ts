import { describe, expect, it } from '@jest/globals';
import { declareType, describeColumn, readColumnHint } from '../../src/mirror/declared-type.js';
import { PgError } from '../../src/pg-error.js';

const declarations: [
  name: string,
  modifiers: number[],
  pgType: string,
  irisDdl: string,
  typeModifier: number,
][] = [
  ['bool', [], 'boolean', 'BIT', -1],
  ['int4', [], 'integer', 'INTEGER', -1],
  ['float4', [], 'real', 'DOUBLE', -1],
  ['numeric', [], 'numeric', 'NUMERIC(37,18)', -1],
  ['numeric', [12, 2], 'numeric(12,2)', 'NUMERIC(12,2)', 786_438],
  ['numeric', [5], 'numeric(5,0)', 'NUMERIC(5,0)', 327_684],
  ['text', [], 'text', 'VARCHAR(65535) COLLATE %EXACT', -1],
  ['varchar', [], 'character varying', 'VARCHAR(65535) COLLATE %EXACT', -1],
  ['varchar', [20], 'character varying(20)', 'VARCHAR(20) COLLATE %EXACT', 24],
  ['bpchar', [3], 'character(3)', 'VARCHAR(3) COLLATE %EXACT', 7],
  ['bpchar', [], 'bpchar', 'VARCHAR(65535) COLLATE %EXACT', -1],
  ['char', [], '"char"', 'VARCHAR(1) COLLATE %EXACT', -1],
  ['time', [], 'time without time zone', 'TIME(6)', -1],
  ['time', [3], 'time(3) without time zone', 'TIME(6)', 3],
  ['timestamp', [], 'timestamp without time zone', 'TIMESTAMP', -1],
  ['timestamptz', [], 'timestamp with time zone', 'TIMESTAMP', -1],
  ['timestamptz', [0], 'timestamp(0) with time zone', 'TIMESTAMP', 0],
  ['jsonb', [], 'jsonb', 'VARCHAR(65535) COLLATE %EXACT', -1],
  ['uuid', [], 'uuid', 'VARCHAR(36) COLLATE %EXACT', -1],
  ['vector', [], 'vector', 'VECTOR(DOUBLE)', -1],
  ['vector', [1024], 'vector(1024)', 'VECTOR(DOUBLE,1024)', 1024],
];

function sqlstateOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof PgError ? error.sqlstate : String(error);
  }
}

describe('declareType', () => {
  it.each(declarations)('%s %j is %s, kept as %s', (name, modifiers, pgType, irisDdl, typeModifier) => {
    expect(declareType(name, modifiers)).toMatchObject({ pgType, irisDdl, typeModifier });
  });

  it.each([
    ['varchar', [0], '22023'],
    ['varchar', [5_000_000], '0A000'],
    ['numeric', [0, 0], '22023'],
    ['numeric', [40, 2], '0A000'],
    ['numeric', [10, -2], '0A000'],
    ['vector', [0], '22023'],
    ['vector', [16_001], '22023'],
    ['int4', [3], '42601'],
    ['interval', [], '0A000'],
    ['nosuch', [], '42704'],
  ])('%s %j is refused with %s', (name, modifiers, sqlstate) => {
    expect(sqlstateOf(() => declareType(name, modifiers))).toBe(sqlstate);
  });
});

describe('the hint in a column description', () => {
  it.each(declarations)('%s %j is read back', (name, modifiers) => {
    const type = declareType(name, modifiers);
    for (const identity of [undefined, 'serial', 'always', 'default'] as const) {
      expect(readColumnHint(describeColumn(type, identity))).toEqual({ type, identity });
    }
  });

  it.each([
    null,
    undefined,
    '',
    'A film',
    'pg:',
    'pg:nosuch',
    'pg:vector(99999)',
    'pg:text;oops',
    'pg:table',
  ])('%j is no hint', (description) => {
    expect(readColumnHint(description)).toBeUndefined();
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSqlEngine } from '../../../dist/engine/create-engine.js';
import type { EngineValue, SqlEngine } from '../../../dist/engine/engine.js';
import { openTestSession } from '../../engine/sql-session.js';
import type { TestSession } from '../../engine/sql-session.js';

/**
 * A statement and what comes back, value by value and to the last digit: integers and DOUBLE as numbers, NUMERIC as
 * text in canonical form, bytes as `0x...`. `source` is the page of the manual with the rule.
 */
interface Case {
  readonly sql: string;
  readonly row?: readonly (string | number | null)[];
  readonly sqlcode?: number;
  /** Types of the columns, where the rule is about them. */
  readonly types?: readonly string[];
  readonly source: string;
}

const files = readdirSync(__dirname).filter((name) => name.endsWith('.jsonl'));

const casesOf = (file: string): Case[] =>
  readFileSync(join(__dirname, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);

let engine: SqlEngine;
let test: TestSession;

beforeAll(async () => {
  engine = await createSqlEngine();
  test = await openTestSession(engine, 'USER');
});

afterAll(async () => {
  await test.session.close();
  await engine.close();
});

function plain(value: EngineValue): string | number | null {
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  return typeof value === 'bigint' ? String(value) : value;
}

describe.each(files)('%s', (file) => {
  it.each(casesOf(file))('$sql', async ({ sql, row, sqlcode, types }) => {
    if (row === undefined) {
      expect(await test.code(sql)).toBe(sqlcode);
      return;
    }
    const prepared = await test.session.prepare(sql);
    const { rows } = await test.session.execute(prepared, []);
    expect(rows[0]?.map(plain)).toEqual(row);
    if (types !== undefined) expect(prepared.columns.map((column) => column.type)).toEqual(types);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineParameter, EngineValue } from '../../src/engine/engine.js';

/** One line of iris-sql.jsonl. */
export interface CorpusEntry {
  readonly id: string;
  readonly sql: string;
  /** Statements that must succeed first, in an empty default schema. */
  readonly setup: readonly string[];
  readonly expect: 'ok' | 'error';
  /** The code of the error, or 1 or 100 for a status; null: not fixed by any source. */
  readonly sqlcode: number | null;
  /** null: not asserted. */
  readonly rows: readonly (readonly CorpusValue[])[] | null;
  readonly ordered: boolean;
  readonly params?: readonly CorpusValue[];
  readonly confidence: 'high' | 'medium' | 'low';
  readonly category: string;
}

export type CorpusValue = null | string | number | boolean;

export function loadCorpus(): readonly CorpusEntry[] {
  return readFileSync(join(__dirname, 'iris-sql.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CorpusEntry);
}

export function parameter(value: CorpusValue): EngineParameter {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'integer', value: value ? 1n : 0n };
  if (typeof value === 'string') return { kind: 'string', value };
  return Number.isInteger(value) ? { kind: 'integer', value: BigInt(value) } : { kind: 'double', value };
}

const TOLERANCE = 1e-12;

/** Numbers compare by value, everything else by its text; '' and NULL are distinct. */
function sameValue(wanted: CorpusValue, got: EngineValue | undefined): boolean {
  if (wanted === null || got === null || got === undefined) return wanted === null && got === null;
  if (typeof wanted === 'number') {
    const number = got === '' ? NaN : Number(got);
    return Math.abs(number - wanted) <= TOLERANCE * Math.max(1, Math.abs(wanted));
  }
  return String(got) === (typeof wanted === 'boolean' ? String(Number(wanted)) : wanted);
}

const sameRow = (wanted: readonly CorpusValue[], got: readonly EngineValue[] | undefined): boolean =>
  wanted.length === got?.length && wanted.every((value, index) => sameValue(value, got[index]));

export function sameRows(
  wanted: readonly (readonly CorpusValue[])[],
  got: readonly (readonly EngineValue[])[],
  ordered: boolean,
): boolean {
  if (wanted.length !== got.length) return false;
  if (ordered) return wanted.every((row, index) => sameRow(row, got[index]));
  const left = [...got];
  return wanted.every((row) => {
    const index = left.findIndex((candidate) => sameRow(row, candidate));
    if (index < 0) return false;
    left.splice(index, 1);
    return true;
  });
}

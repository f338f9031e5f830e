import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isIrisError } from '@iris-devtools/core';
import { parseStatement } from '../../src/sql/parser.js';

interface Case {
  readonly id: string;
  readonly sql: string;
  readonly expect: 'ok' | 'error';
  readonly sqlcode?: number;
  readonly source: string;
  readonly why: string;
}

const cases = readFileSync(join(__dirname, 'iris-sql-cases.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

function codeOf(sql: string): number | 'ok' {
  try {
    parseStatement(sql);
    return 'ok';
  } catch (error) {
    if (!isIrisError(error) || error.sqlcode === undefined) throw error;
    return error.sqlcode;
  }
}

describe('statements with a stated outcome', () => {
  it.each(cases)('$id: $sql', ({ sql, expect: outcome, sqlcode }) => {
    const code = codeOf(sql);
    if (outcome === 'ok') expect(code).toBe('ok');
    else if (sqlcode === undefined) expect(code).not.toBe('ok');
    else expect(code).toBe(sqlcode);
  });
});

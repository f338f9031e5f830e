import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadModule, parseSync } from 'libpg-query';
import { splitFields } from '../../src/copy/copy-fields.js';
import { CopyLines } from '../../src/copy/copy-lines.js';
import { readCopyOptions } from '../../src/copy/copy-options.js';
import type { CopyOptions } from '../../src/copy/copy-options.js';
import { CopyText } from '../../src/copy/copy-text.js';

beforeAll(loadModule);

/** Options as PostgreSQL's grammar gives them for the end of a COPY statement. */
function options(clause: string, isFrom = true): CopyOptions {
  const { stmts = [] } = parseSync(`COPY t ${isFrom ? 'FROM STDIN' : 'TO STDOUT'} ${clause}`);
  const node = stmts[0]?.stmt;
  if (node === undefined || !('CopyStmt' in node)) throw new Error('not a COPY');
  return readCopyOptions(node.CopyStmt.options ?? [], isFrom);
}

/** Rows of texts and NULLs. */
function read(chunks: readonly (string | Uint8Array)[], clause: string): (string | null)[][] {
  const how = options(clause);
  const lines = new CopyLines(how, 1_000_000);
  const all = [...chunks.flatMap((chunk) => lines.push(Buffer.from(chunk))), ...lines.finish()];
  return all.map((line) =>
    splitFields(line.bytes, how).map((field) =>
      field.isNull && !field.quoted ? null : field.bytes.toString('utf8'),
    ),
  );
}

describe('text format', () => {
  it.each([
    [
      'plain fields',
      'a\tb\nc\td\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['NULL and the empty text', '\\N\t\n', [[null, '']]],
    ['a last line without its end', 'a\nb', [['a'], ['b']]],
    ['carriage returns as line ends', 'a\rb\r', [['a'], ['b']]],
    ['DOS line ends', 'a\r\nb\r\n', [['a'], ['b']]],
    ['escapes', '\\b\\f\\n\\r\\t\\v\\\\\\x41\\101\\q\n', [['\b\f\n\r\t\v\\AAq']]],
    ['an escaped line end', 'a\\\nb\n', [['a\nb']]],
    ['an escaped delimiter', 'a\\\tb\n', [['a\tb']]],
    ['a literal backslash N', '\\\\N\n', [['\\N']]],
    ['data behind the end marker', 'a\n\\.\nb\n', [['a']]],
    ['no data', '', []],
    ['an empty line', '\n', [['']]],
  ])('%s', (_name, data, rows) => {
    expect(read([data], '')).toEqual(rows);
    expect(
      read(
        Array.from(Buffer.from(data), (byte) => Uint8Array.of(byte)),
        '',
      ),
    ).toEqual(rows);
  });

  it('with a delimiter and a NULL of one’s own', () => {
    expect(read(['a|-|\n'], `(DELIMITER '|', NULL '-')`)).toEqual([['a', null, '']]);
  });

  it.each([
    ['a\nb\r', 'literal carriage return found in data'],
    ['a\r\nb\n', 'literal newline found in data'],
  ])('refuses mixed line ends: %j', (data, message) => {
    expect(() => read([data], '')).toThrow(message);
  });
});

describe('csv format', () => {
  it.each([
    ['quotes', '"a,b",c\n', [['a,b', 'c']]],
    [
      'a line end inside quotes',
      '"a\nb",c\nd,e\n',
      [
        ['a\nb', 'c'],
        ['d', 'e'],
      ],
    ],
    ['doubled quotes', '"say ""hi""",x\n', [['say "hi"', 'x']]],
    ['quotes in the middle', 'a"b,c"d,e\n', [['ab,cd', 'e']]],
    ['NULL and the quoted empty text', ',""\n', [[null, '']]],
    ['backslashes as they are', 'a\\nb,\\N\n', [['a\\nb', '\\N']]],
  ])('%s', (_name, data, rows) => {
    expect(read([data], '(FORMAT csv)')).toEqual(rows);
    expect(
      read(
        Array.from(Buffer.from(data), (byte) => Uint8Array.of(byte)),
        'CSV',
      ),
    ).toEqual(rows);
  });

  it('with quote and escape of one’s own', () => {
    expect(read(["'it\\'s',2\n"], `(FORMAT csv, QUOTE '''', ESCAPE '\\')`)).toEqual([["it's", '2']]);
  });

  it('refuses a field that is never closed', () => {
    expect(() => read(['"a\nb\n'], 'CSV')).toThrow('unterminated CSV quoted field');
  });

  it('counts lines inside quotes', () => {
    const lines = new CopyLines(options('CSV'), 1000);
    const found = [...lines.push(Buffer.from('"a\nb",c\nd,e\n')), ...lines.finish()];
    expect(found.map((line) => line.number)).toEqual([1, 3]);
  });
});

describe('what COPY TO writes, COPY FROM reads', () => {
  const value = fc.option(
    fc.string({ unit: fc.constantFrom('a', '\\', '"', "'", ',', '\t', '\n', '\r', 'N', '.', 'é', '😀') }),
    {
      nil: null,
    },
  );
  const columns = ['one', 'two', 'three'];

  it.each([
    '',
    '(FORMAT csv)',
    `(FORMAT csv, DELIMITER ';', QUOTE '''', ESCAPE '\\')`,
    `(DELIMITER '|', NULL 'nil')`,
  ])('with %j', (clause) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { maxLength: 5 }), fc.nat(), (rows, cut) => {
        const writer = new CopyText(options(clause, false), columns);
        const data = Buffer.concat(
          rows.map((row) => writer.line(row.map((text) => (text === null ? null : Buffer.from(text))))),
        );
        const at = data.length === 0 ? 0 : cut % data.length;
        expect(read([data.subarray(0, at), data.subarray(at)], clause)).toEqual(rows);
      }),
    );
  });
});

describe('options', () => {
  it.each([
    [`(FORMAT csv, DELIMITER '||')`, 'COPY delimiter must be a single one-byte character'],
    [`(DELIMITER 'a')`, 'COPY delimiter cannot be "a"'],
    [`(FORMAT csv, DELIMITER '"')`, 'COPY delimiter and quote must be different'],
    [`(QUOTE '"')`, 'COPY QUOTE requires CSV mode'],
    [`(NULL E'\\n')`, 'COPY null representation cannot use newline or carriage return'],
    [`(FORMAT csv, NULL 'a,b')`, 'COPY delimiter character must not appear in the NULL specification'],
    ['(FORMAT binary)', 'COPY in binary format is not supported'],
    ['(FORMAT xml)', 'COPY format "xml" not recognized'],
    ['(FORMAT csv, FORMAT csv)', 'conflicting or redundant options'],
    ['(nonsense)', 'option "nonsense" not recognized'],
    ['(FORMAT csv, FORCE_QUOTE *)', 'COPY FORCE_QUOTE cannot be used with COPY FROM'],
  ])('%s is refused', (clause, message) => {
    expect(() => options(clause)).toThrow(message);
  });

  it('are read from the old syntax, too', () => {
    expect(options(`WITH DELIMITER AS ';' NULL AS 'x' CSV HEADER QUOTE AS '"'`)).toMatchObject({
      format: 'csv',
      nullText: 'x',
      header: 'line',
      delimiter: 0x3b,
    });
  });

  it('choose columns by name or all', () => {
    expect(options('(FORMAT csv, FORCE_NULL (a, b), FORCE_NOT_NULL *)')).toMatchObject({
      forceNull: new Set(['a', 'b']),
      forceNotNull: 'all',
    });
  });
});

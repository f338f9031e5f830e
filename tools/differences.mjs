// `npm run docs:emulator`: runs the statements below on PostgreSQL (PGlite) and on the emulator and writes both answers into
// docs/emulator.md, beside what the InterSystems documentation says. With --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { build, root, say } from './lib/workspace.mjs';

/** `setup` runs on both sides; `pg` is PostgreSQL's text where it differs from IRIS's. */
const DIFFERENCES = [
  { about: 'division of integers', iris: 'SELECT 7/2', says: 'always fractional (GSQL_langelements)' },
  {
    about: 'integer division',
    iris: 'SELECT 7\\2',
    pg: 'SELECT 7/2',
    says: '`\\` is integer division (GSQL_langelements)',
  },
  {
    about: 'modulo of a negative number',
    iris: 'SELECT -12 # 7',
    pg: 'SELECT -12 % 7',
    says: 'the sign of the divisor (RSQL_mod)',
  },
  { about: 'fractions as text', iris: "SELECT 0.5||''", says: 'canonical numbers have no leading zero' },
  {
    about: 'comparing text',
    iris: "SELECT COUNT(*) FROM words WHERE w = 'ABC'",
    says: '%SQLUPPER: case does not count (GSQL_collation)',
  },
  {
    about: 'DISTINCT',
    iris: 'SELECT DISTINCT w FROM words ORDER BY w',
    says: 'one of the spellings, in upper case (GSQL_collation)',
  },
  {
    about: 'trailing blanks',
    iris: "SELECT COUNT(*) FROM words WHERE w = 'abc  '",
    says: '%SQLUPPER strips them (GSQL_collation)',
  },
  {
    about: 'two literals',
    iris: "SELECT COUNT(*) FROM words WHERE 'a' = 'A'",
    says: 'compared exactly: no column, no collation',
  },
  { about: 'order of NULL', iris: 'SELECT k FROM words ORDER BY n', says: 'NULL is lowest (RSQL_orderby)' },
  {
    about: 'GREATEST with NULL',
    iris: 'SELECT GREATEST(1, NULL)',
    says: 'NULL if any argument is NULL (RSQL_greatest)',
  },
  {
    about: 'text to number',
    iris: "SELECT CAST('7dwarves' AS INTEGER)",
    says: 'the leading number, else 0, never an error (RSQL_cast)',
  },
  { about: 'number to integer', iris: 'SELECT CAST(2.7 AS INTEGER)', says: 'truncates (RSQL_cast)' },
  {
    about: 'CAST to VARCHAR',
    iris: "SELECT LENGTH(CAST('This string is more than 30 characters.' AS VARCHAR))",
    says: '30 characters (RSQL_cast)',
  },
  { about: 'LENGTH of trailing blanks', iris: "SELECT LENGTH('ab  ')", says: 'not counted (RSQL_length)' },
  { about: 'rounding', iris: 'SELECT ROUND(10.004, 2)', says: 'canonical: zeros are dropped (RSQL_round)' },
  {
    about: 'an aggregate beside a column',
    iris: 'SELECT k, COUNT(*) FROM words',
    says: 'one row for each row (RSQL_select)',
  },
  {
    about: 'GROUP BY a number',
    iris: 'SELECT COUNT(*) FROM words GROUP BY 1',
    says: 'a literal, not a position (RSQL_groupby)',
  },
  { about: 'a condition as a value', iris: 'SELECT 1 = 1', says: 'not allowed' },
  { about: 'a terminator', iris: 'SELECT 1;', says: 'input after the end of the query' },
  {
    about: 'several rows in VALUES',
    iris: "INSERT INTO words (k, w) VALUES (8, 'x'), (9, 'y')",
    says: 'not in the grammar (RSQL_insert)',
  },
  {
    about: 'VARCHAR without a length',
    iris: "INSERT INTO short (s) VALUES ('ab')",
    says: 'one character; longer is -104 (RSQL_datatype)',
  },
  {
    about: 'name of an unnamed column',
    iris: 'SELECT COUNT(*) FROM words',
    names: true,
    says: '`Aggregate_1` (RSQL_select)',
  },
];
const SETUP = [
  'CREATE TABLE words (k INTEGER, w VARCHAR(20), n INTEGER)',
  "INSERT INTO words (k, w, n) VALUES (1, 'abc', 2)",
  "INSERT INTO words (k, w, n) VALUES (2, 'ABC', NULL)",
  "INSERT INTO words (k, w, n) VALUES (3, 'def', 1)",
  'CREATE TABLE short (s VARCHAR)',
];

const show = (value) => (value === null ? 'NULL' : typeof value === 'string' ? `'${value}'` : String(value));
const rowsText = (rows) =>
  rows.length === 0 ? 'no row' : rows.map((row) => row.map(show).join(', ')).join(' · ');

async function onPostgres(db, { iris, pg = iris, names }) {
  try {
    const { rows, fields, affectedRows } = await db.query(pg, [], { rowMode: 'array' });
    if (names) return `\`${fields[0].name}\``;
    return fields.length === 0 ? `${affectedRows} row(s) changed` : rowsText(rows);
  } catch (error) {
    return error.code;
  }
}

async function onEmulator(emulator, { iris, names }) {
  try {
    const { columns, rows, rowCount } = await emulator.sql(iris);
    if (names) return `\`${columns[0].label}\``;
    return columns.length === 0 ? `${rowCount} row(s) changed` : rowsText(rows);
  } catch (error) {
    return `SQLCODE ${error.sqlcode}`;
  }
}

const cell = (text) => text.replaceAll('|', '\\|');

async function differences(startEmulator) {
  const emulator = await startEmulator();
  const db = await PGlite.create();
  for (const sql of SETUP) await Promise.all([emulator.sql(sql), db.exec(sql)]);
  const lines = [
    '| | statement | PostgreSQL | IRIS, as documented | emulator |',
    '| --- | --- | --- | --- | --- |',
  ];
  for (const row of DIFFERENCES) {
    const [pg, iris] = [await onPostgres(db, row), await onEmulator(emulator, row)];
    const text = row.pg === undefined ? `\`${row.iris}\`` : `\`${row.iris}\` (PostgreSQL: \`${row.pg}\`)`;
    lines.push(`| ${[row.about, cell(text), cell(pg), row.says, cell(iris)].join(' | ')} |`);
  }
  await Promise.all([emulator.stop(), db.close()]);
  return lines.join('\n');
}

await build();
const require = createRequire(import.meta.url);
const { startEmulator } = require('@iris-devtools/emulator');

const document = path.join(root, 'docs', 'emulator.md');
const before = readFileSync(document, 'utf8');
const fill = (text, mark, content) => {
  const [head, tail] = text.split(new RegExp(`<!-- ${mark} -->[\\s\\S]*<!-- /${mark} -->`));
  return `${head}<!-- ${mark} -->\n\n${content}\n\n<!-- /${mark} -->${tail}`;
};
const after = fill(before, 'differences', await differences(startEmulator));
if (after !== before && process.argv.includes('--check')) {
  say('docs/emulator.md is out of date: run npm run docs:emulator');
  process.exitCode = 1;
} else writeFileSync(document, after);

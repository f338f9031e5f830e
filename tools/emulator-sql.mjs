// `npm run docs:emulator-sql`: runs an example of every statement, clause, predicate, function and data type of the SQL
// reference through the emulator and writes into docs/emulator-sql.md which ones run. With --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AGGREGATES, FUNCTIONS, WINDOWS } from './emulator-sql/functions.mjs';
import { CLAUSES, EXPRESSIONS, PREDICATES } from './emulator-sql/queries.mjs';
import { STATEMENTS } from './emulator-sql/statements.mjs';
import { TYPES } from './emulator-sql/types.mjs';
import { build, root, say } from './lib/workspace.mjs';

const SETUP = [
  'CREATE TABLE t (k INTEGER PRIMARY KEY, v VARCHAR(20), n INTEGER)',
  "INSERT INTO t VALUES (1, 'a', 1)",
  "INSERT INTO t VALUES (2, 'b', 1)",
  'CREATE TABLE c (r INTEGER REFERENCES t (k))',
];

await build();
const require = createRequire(import.meta.url);
// The engine alone: nothing here needs a server.
const { createSqlEngine } = require(
  path.join(root, 'packages', 'emulator', 'dist', 'engine', 'create-engine.js'),
);
const engine = await createSqlEngine();
let serial = 0;

/** Each example has a namespace of its own. */
async function answer(sql, setup = [], after = []) {
  const session = await engine.openSession({ user: '_SYSTEM', namespace: `DOCS${++serial}` });
  const run = async (text) => {
    const statement = await session.prepare(text);
    return session.execute(
      statement,
      statement.parameters.map(() => ({ kind: 'undefined' })),
    );
  };
  try {
    for (const text of [...SETUP, ...setup]) await run(text);
    await run(sql);
    for (const text of after) await run(text);
    return 'runs';
  } catch (error) {
    if (error.sqlcode === undefined) throw error;
    return String(error.sqlcode);
  } finally {
    await session.close();
  }
}

const cell = (text) => `\`${text.replaceAll('|', '\\|')}\``;

/** A table of pages, examples and answers. */
async function pages(rows, statementOf = (example) => example) {
  const lines = ['| page | example | emulator |', '| --- | --- | --- |'];
  for (const [page, example, setup = [], after = []] of rows) {
    const first = setup.map((text) => ` after ${cell(text)}`).join('');
    lines.push(
      `| ${page} | ${cell(example)}${first} | ${await answer(statementOf(example), setup, after)} |`,
    );
  }
  return lines.join('\n');
}

/** What runs as a list, what does not with its SQLCODE. */
async function list(examples, statementOf) {
  const runs = [];
  const refused = [];
  for (const example of examples) {
    const result = await answer(statementOf(example));
    if (result === 'runs') runs.push(cell(example));
    else refused.push(`${cell(example)} ${result}`);
  }
  const none = refused.length === 0 ? 'none' : refused.join(', ');
  return `Run: ${runs.join(', ')}\n\nRefused: ${none}`;
}

const CONTENT = {
  statements: await pages(STATEMENTS),
  clauses: await pages(CLAUSES),
  predicates: await pages(PREDICATES, (text) => `SELECT k FROM t WHERE ${text}`),
  expressions: await pages(EXPRESSIONS, (text) => `SELECT ${text} FROM t`),
  functions: await list(FUNCTIONS, (text) => `SELECT ${text} FROM t`),
  aggregates: await list([...AGGREGATES, ...WINDOWS], (text) => `SELECT ${text} FROM t`),
  types: await list(TYPES, (text) => `CREATE TABLE s (a ${text}, b INTEGER)`),
};
await engine.close();

const document = path.join(root, 'docs', 'emulator-sql.md');
const before = readFileSync(document, 'utf8');
let after = before;
for (const [mark, content] of Object.entries(CONTENT)) {
  const [head, tail] = after.split(new RegExp(`<!-- ${mark} -->[\\s\\S]*<!-- /${mark} -->`));
  after = `${head}<!-- ${mark} -->\n\n${content}\n\n<!-- /${mark} -->${tail}`;
}
if (after !== before && process.argv.includes('--check')) {
  say('docs/emulator-sql.md is out of date: run npm run docs:emulator-sql');
  process.exitCode = 1;
} else writeFileSync(document, after);

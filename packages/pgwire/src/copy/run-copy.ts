import { as, strings } from '../sql/ast.js';
import type { NodeOf } from '../sql/ast.js';
import type { MirrorTable } from '../sql/plan.js';
import { notSupported, PgError } from '../pg-error.js';
import { parseStatements } from '../statement/parse-statements.js';
import type { CopyStatement, Statement } from '../statement/statement.js';
import { copyQuery } from '../statement/token-slices.js';
import type { Cancellation } from '../session/cancellation.js';
import type { Client } from '../session/client.js';
import type { InnerStatements } from '../session/commands/command.js';
import { completed, expandFormats } from '../session/execution.js';
import type { Execution } from '../session/execution.js';
import { NO_PARAMETERS } from '../session/run-query.js';
import { CopyFromReader } from './copy-from.js';
import { insertRows } from './insert-rows.js';
import { readCopyOptions } from './copy-options.js';
import type { CopyOptions } from './copy-options.js';
import { CopyText } from './copy-text.js';

type Contents = NodeOf<'CopyStmt'>;

/** COPY, from its first message to the last; what is left to say is the command tag. */
export async function runCopy(
  client: Client,
  { sql, node }: CopyStatement,
  cancellation: Cancellation,
  inner: InnerStatements,
): Promise<Execution> {
  const contents = as(node, 'CopyStmt');
  if (contents === undefined) throw new PgError({ sqlstate: 'XX000', message: 'COPY without its statement' });
  const isFrom = contents.is_from === true;
  if (contents.filename !== undefined || contents.is_program === true) {
    throw new PgError({
      sqlstate: '42501',
      message: `permission denied to COPY ${isFrom ? 'from' : 'to'} a file or program of the server`,
      hint: "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone.",
    });
  }
  const options = readCopyOptions(contents.options ?? [], isFrom);
  const rowCount = isFrom
    ? await copyFrom(client, contents, options, cancellation, inner)
    : await copyTo(client, sql, contents, options, cancellation, inner);
  return completed(`COPY ${rowCount}`);
}

async function copyFrom(
  client: Client,
  contents: Contents,
  options: CopyOptions,
  cancellation: Cancellation,
  inner: InnerStatements,
): Promise<number> {
  if (client.transaction.modes.readOnly) {
    throw new PgError({ sqlstate: '25006', message: 'cannot execute COPY FROM in a read-only transaction' });
  }
  if (contents.whereClause !== undefined) throw notSupported('COPY FROM with a WHERE clause');
  const table = findTable(client, contents);
  const columns = columnsOf(table, contents);
  const name = qualifiedName(table.pgSchema, table.pgName);
  const list = columns.map(delimited).join(', ');
  const values = columns.map((_column, index) => `$${index + 1}`).join(', ');
  const insert = await compileText(client, `INSERT INTO ${name} (${list}) VALUES (${values})`, inner);
  if (insert.kind !== 'iris') throw notSupported(`COPY into ${name}`);

  // All rows or none: without a block of the client's own, this statement is one.
  client.transaction.beginImplicit();
  const formats = expandFormats([], columns.length, String);
  client.output.send({ kind: 'CopyInResponse', overallFormat: 0, columnFormats: formats });
  await client.output.flush();
  const reader = new CopyFromReader(client, { table: table.pgName, columns, insert }, options);
  return insertRows(client, insert, reader, cancellation);
}

async function copyTo(
  client: Client,
  sql: string,
  contents: Contents,
  options: CopyOptions,
  cancellation: Cancellation,
  inner: InnerStatements,
): Promise<number> {
  const statement = await compileText(client, selectOf(client, sql, contents), inner);
  const { fields } = statement.description;
  if (fields === null) throw notSupported('COPY of a statement without rows');
  const execution = await inner.open(client, statement, NO_PARAMETERS, [], cancellation);
  const { output } = client;
  try {
    const columnFormats = expandFormats([], fields.length, String);
    output.send({ kind: 'CopyOutResponse', overallFormat: 0, columnFormats });
    const text = new CopyText(
      options,
      fields.map((field) => field.name),
    );
    if (options.header === 'line') output.send({ kind: 'CopyData', data: text.header() });
    let rowCount = 0;
    for (let step = await execution.next(); step.done !== true; step = await execution.next()) {
      cancellation.signal.throwIfAborted();
      output.send({ kind: 'CopyData', data: text.line(execution.encode(step.value, columnFormats)) });
      if (output.full) await output.flush();
      rowCount += 1;
    }
    output.send({ kind: 'CopyDone' });
    return rowCount;
  } finally {
    await execution.close();
  }
}

function selectOf(client: Client, sql: string, contents: Contents): string {
  if (contents.query !== undefined) return copyQuery(sql);
  const { schemaname, relname = '' } = contents.relation ?? {};
  const known = client.services.mirror.catalog.findTable(
    schemaname,
    relname,
    client.settings.searchPath(client.user),
  );
  if (known?.kind === 'view') {
    throw new PgError({
      sqlstate: '42809',
      message: `cannot copy from view "${relname}"`,
      hint: 'Try the COPY (SELECT ...) TO variant.',
    });
  }
  const columns = strings(contents.attlist).map(delimited).join(', ');
  return `SELECT ${columns === '' ? '*' : columns} FROM ${qualifiedName(schemaname, relname)}`;
}

function findTable(client: Client, contents: Contents): MirrorTable {
  const { schemaname, relname = '' } = contents.relation ?? {};
  const { mirror } = client.services;
  const table = mirror.catalog.findTable(schemaname, relname, client.settings.searchPath(client.user));
  if (table === undefined) {
    const name = schemaname === undefined ? relname : `${schemaname}.${relname}`;
    throw new PgError({ sqlstate: '42P01', message: `relation "${name}" does not exist` });
  }
  if (table.kind === 'view') {
    throw new PgError({ sqlstate: '42809', message: `cannot copy to view "${relname}"` });
  }
  return table;
}

function columnsOf(table: MirrorTable, contents: Contents): string[] {
  const all = table.columns.map((column) => column.pgName);
  const asked = strings(contents.attlist);
  const seen = new Set<string>();
  for (const name of asked) {
    if (!all.includes(name)) {
      throw new PgError({
        sqlstate: '42703',
        message: `column "${name}" of relation "${table.pgName}" does not exist`,
      });
    }
    if (seen.has(name)) {
      throw new PgError({ sqlstate: '42701', message: `column "${name}" specified more than once` });
    }
    seen.add(name);
  }
  return asked.length > 0 ? asked : all;
}

async function compileText(client: Client, sql: string, inner: InnerStatements): Promise<Statement> {
  const [parsed] = parseStatements(sql);
  if (parsed === undefined) throw new PgError({ sqlstate: '42601', message: 'COPY has no query' });
  return inner.compile(client, parsed, []);
}

function qualifiedName(schema: string | undefined, name: string): string {
  return schema === undefined ? delimited(name) : `${delimited(schema)}.${delimited(name)}`;
}

/** Always in quotes: a name may be a key word. */
function delimited(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

import { PgError } from '../../pg-error.js';
import { parseStatements } from '../../statement/parse-statements.js';
import { executeParameters, prepareParts } from '../../statement/token-slices.js';
import type { Client, PreparedStatement } from '../client.js';
import { completed, expandFormats } from '../execution.js';
import { freshStatement, findPrepared } from '../prepared-statements.js';
import { queryText } from '../query-text.js';
import type { Command } from './command.js';

/** PREPARE name (types) AS statement */
export const prepareCommand: Command<'PrepareStmt'> = {
  async run({ client, sql, contents, inner }) {
    const name = contents.name ?? '';
    if (client.statements.has(name)) {
      throw new PgError({ sqlstate: '42P05', message: `prepared statement "${name}" already exists` });
    }
    const { types, query } = prepareParts(sql);
    const givenOids = await Promise.all(types.map((type) => typeOid(client, type)));
    const [parsed] = parseStatements(query);
    if (parsed === undefined) throw new PgError({ sqlstate: '42601', message: 'nothing to prepare' });
    const statement = await inner.compile(client, parsed, givenOids);
    const catalogVersion = client.services.mirror.catalog.version;
    client.statements.set(name, { name, statement, givenOids, catalogVersion });
    return completed('PREPARE');
  },
};

/** EXECUTE name (expressions) */
export const executeCommand: Command<'ExecuteStmt'> = {
  async describe(client, contents, compile) {
    const statement = await freshStatement(client, findPrepared(client, contents.name ?? ''), compile);
    return { parameterOids: [], fields: statement.description.fields };
  },
  async run({ client, sql, contents, resultFormats, cancellation, inner }) {
    const prepared = findPrepared(client, contents.name ?? '');
    const statement = await freshStatement(client, prepared, inner.compile);
    const values = await evaluate(client, prepared, executeParameters(sql));
    const bound = { values, formats: expandFormats([], values.length, String) };
    return inner.open(client, statement, bound, resultFormats, cancellation);
  },
};

/** DEALLOCATE name | ALL */
export const deallocateCommand: Command<'DeallocateStmt'> = {
  run({ client, contents }) {
    if (contents.isall === true) {
      client.statements.clear();
      return Promise.resolve(completed('DEALLOCATE ALL'));
    }
    const { name } = findPrepared(client, contents.name ?? '');
    client.statements.delete(name);
    return Promise.resolve(completed('DEALLOCATE'));
  },
};

async function typeOid(client: Client, type: string): Promise<number> {
  const [row] = await queryText(client, 'SELECT $1::pg_catalog.regtype::pg_catalog.oid', [type]);
  return Number(row?.[0] ?? 0);
}

/** PostgreSQL computes the expressions and converts each to its parameter's type. */
async function evaluate(
  client: Client,
  prepared: PreparedStatement,
  expressions: readonly string[],
): Promise<(Uint8Array | null)[]> {
  const oids = prepared.statement.description.parameterOids;
  if (expressions.length !== oids.length) {
    throw new PgError({
      sqlstate: '42601',
      message: `wrong number of parameters for prepared statement "${prepared.name}"`,
      detail: `Expected ${oids.length} parameters but got ${expressions.length}.`,
    });
  }
  const values: (Uint8Array | null)[] = [];
  for (const [index, expression] of expressions.entries()) {
    const [typeRow] = await queryText(client, 'SELECT pg_catalog.format_type($1::pg_catalog.oid, NULL)', [
      String(oids[index] ?? 0),
    ]);
    const [row] = await queryText(
      client,
      `SELECT CAST((${expression.trim()}) AS ${typeRow?.[0] ?? 'text'})`,
      [],
    );
    const text = row?.[0] ?? null;
    values.push(text === null ? null : Buffer.from(text));
  }
  return values;
}

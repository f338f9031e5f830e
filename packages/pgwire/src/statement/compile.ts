import type { Node } from '@pgsql/types';
import type { Client } from '../session/client.js';
import { describeCommand } from '../session/commands/commands.js';
import { PgError } from '../pg-error.js';
import type { Description, OracleRequest } from '../oracle/oracle.js';
import type { ParsedStatement } from './parse-statements.js';
import { routeOf } from './route.js';
import { setConfigCalls } from './set-config.js';
import { NO_DESCRIPTION } from './statement.js';
import type { QueryStatement, Statement } from './statement.js';

/** What a plan may depend on besides its text. */
const PLAN_SETTINGS = ['search_path', 'TimeZone', 'DateStyle', 'IntervalStyle'] as const;

/** Errors that another client's, or IRIS's own, DDL may have made untrue by now. */
const CATALOG_ERRORS: ReadonlySet<string> = new Set(['42P01', '42703', '3F000']);

/**
 * Makes a parsed statement ready to run: finds who answers it, its types and, for IRIS, its plan.
 * @param givenOids parameter types that the client fixed; 0 or absent leaves one to PostgreSQL
 * @throws PgError with PostgreSQL's SQLSTATE and a position in `parsed.sql`
 */
export async function compile(
  client: Client,
  parsed: ParsedStatement,
  givenOids: readonly number[],
): Promise<Statement> {
  const { sql, node } = parsed;
  const route = routeOf(sql, node, client.services);
  switch (route) {
    case 'session':
      return { kind: 'session', sql, node, description: await describeCommand(client, node, compile) };
    case 'copy':
      return { kind: 'copy', sql, node, description: NO_DESCRIPTION };
    case 'oracle':
    case 'iris':
      return compileQuery(client, parsed, givenOids, route);
  }
}

async function compileQuery(
  client: Client,
  parsed: ParsedStatement,
  givenOids: readonly number[],
  route: 'oracle' | 'iris',
): Promise<QueryStatement> {
  const { statementCache } = client.services;
  const key = cacheKey(client, parsed.sql, givenOids);
  const known = statementCache.get(key);
  if (known !== undefined) return known;
  const statement = await prepareQuery(client, parsed, givenOids, route);
  // The catalog may have been read again meanwhile.
  statementCache.set(cacheKey(client, parsed.sql, givenOids), statement);
  return statement;
}

function cacheKey(client: Client, sql: string, givenOids: readonly number[]): string {
  const { settings, services, user, database } = client;
  const values = PLAN_SETTINGS.map((name) => settings.get(name) ?? '');
  return JSON.stringify([services.mirror.catalog.version, user, database, givenOids, values, sql]);
}

async function prepareQuery(
  client: Client,
  { sql, node }: ParsedStatement,
  givenOids: readonly number[],
  route: 'oracle' | 'iris',
): Promise<QueryStatement> {
  const { services, settings, user, database } = client;
  const isQuery = Object.keys(node)[0]?.match(/^(Select|Insert|Update|Delete|Merge)Stmt$/) !== null;
  const description = isQuery
    ? await describe(client, { sql, parameterOids: givenOids, settings: settings.effective, user, database })
    : NO_DESCRIPTION;
  if (route === 'oracle') {
    return { kind: 'oracle', sql, description, setConfigCalls: setConfigCalls(sql, node) };
  }
  const plan = services.translate({
    sql,
    node,
    description,
    catalog: services.mirror.catalog,
    searchPath: settings.searchPath(user),
    settings: settings.effective,
  });
  return { kind: 'iris', sql, description, plan, writes: writes(node) };
}

async function describe(client: Client, request: OracleRequest): Promise<Description> {
  const { oracle, mirror, source } = client.services;
  try {
    return await oracle.describe(request);
  } catch (error) {
    if (!(error instanceof PgError) || !CATALOG_ERRORS.has(error.sqlstate)) throw error;
    const before = mirror.catalog.version;
    const session = await source.acquire();
    try {
      await mirror.refresh(session);
    } finally {
      await session.close();
    }
    if (mirror.catalog.version === before) throw error;
    return oracle.describe(request);
  }
}

function writes(node: Node): boolean {
  const kind = Object.keys(node)[0] ?? '';
  return kind !== 'SelectStmt' || ('SelectStmt' in node && node.SelectStmt.intoClause !== undefined);
}

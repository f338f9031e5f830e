import type { Node } from '@pgsql/types';
import type { Client } from '../session/client.js';
import { describeCommand } from '../session/commands/commands.js';
import { describeResolved, resolveNames } from '../mirror/name-resolution.js';
import { PgError } from '../pg-error.js';
import type { Description, OracleRequest } from '../oracle/oracle.js';
import type { ParsedStatement } from './parse-statements.js';
import { referencesOf } from './references.js';
import { routeOf } from './route.js';
import { readSetConfig } from './set-config.js';
import { readSleep } from './sleep.js';
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
  parsed: ParsedStatement,
  givenOids: readonly number[],
  route: 'oracle' | 'iris',
): Promise<QueryStatement> {
  const { sql } = parsed;
  const { services, settings, user, database } = client;
  const isQuery = Object.keys(parsed.node)[0]?.match(/^(Select|Insert|Update|Delete|Merge)Stmt$/) !== null;
  const request = { sql, parameterOids: givenOids, settings: settings.effective, user, database };
  const { description, node } = isQuery
    ? await describe(client, request, parsed.node, route)
    : { description: NO_DESCRIPTION, node: parsed.node };
  if (route === 'oracle') {
    const readsCatalog = referencesOf(node).relations.length > 0;
    const setConfig = readSetConfig(sql, node);
    return { kind: 'oracle', sql, description, readsCatalog, setConfig, sleep: readSleep(node) };
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

interface Described {
  readonly description: Description;
  /** With PostgreSQL's names where the client wrote them as only IRIS understands. */
  readonly node: Node;
}

/**
 * A name that PostgreSQL does not find is looked up as IRIS does, without case; and one that IRIS may have by now, though
 * the mirror does not, is looked for again before it is refused.
 */
async function describe(
  client: Client,
  request: OracleRequest,
  node: Node,
  route: 'oracle' | 'iris',
): Promise<Described> {
  try {
    return { description: await client.services.oracle.describe(request), node };
  } catch (error) {
    if (route === 'oracle' || !(error instanceof PgError) || !CATALOG_ERRORS.has(error.sqlstate)) throw error;
    const found = await describeAsIris(client, request, node);
    if (found !== undefined) return found;
    if (!(await catalogChanged(client))) throw error;
    const again = await describeAsIris(client, request, node);
    return again ?? { description: await client.services.oracle.describe(request), node };
  }
}

/** `undefined` when no name of the statement is IRIS's in another case. */
async function describeAsIris(
  client: Client,
  request: OracleRequest,
  node: Node,
): Promise<Described | undefined> {
  const { mirror, oracle } = client.services;
  const searchPath = client.settings.searchPath(client.user);
  const resolved = resolveNames(request.sql, node, mirror.catalog, searchPath);
  if (resolved.edits.length === 0) return undefined;
  return {
    description: await describeResolved(oracle, request, resolved.edits),
    node: resolved.node as Node,
  };
}

async function catalogChanged(client: Client): Promise<boolean> {
  const { mirror, source, logger } = client.services;
  const before = mirror.catalog.version;
  try {
    const session = await source.acquire();
    try {
      await mirror.refresh(session);
    } finally {
      await session.close();
    }
  } catch (error) {
    logger.log('warn', 'the catalog of IRIS could not be read again', { error: String(error) });
  }
  return mirror.catalog.version !== before;
}

function writes(node: Node): boolean {
  const kind = Object.keys(node)[0] ?? '';
  return kind !== 'SelectStmt' || ('SelectStmt' in node && node.SelectStmt.intoClause !== undefined);
}

import { sqlError } from '@iris-devtools/core';
import type { Column } from '@iris-devtools/core';
import { CompileContext } from '../compile/context.js';
import type { ExplainStatement } from '../sql/ast.js';
import type { EngineCore } from './core.js';
import type { SqlOutcome } from './engine.js';
import { describeColumn } from './output-values.js';
import { compileStatement, isCompilable } from './prepared.js';
import type { CompiledStatement } from './prepared.js';
import { factsOf } from './run-compiled.js';
import { sessionValue } from './session-state.js';
import { toSqlError } from './sql-errors.js';
import type { PgResult } from './storage/pg-reader.js';
import type { StorageRequest } from './storage/statement-names.js';
import type { SessionState } from './session-state.js';

const PLAN_COLUMN = {
  name: 'Plan',
  sqlName: 'r1',
  type: { name: 'VARCHAR' },
  isAliased: false,
  isExpression: true,
} as const;

export const planColumns = (namespace: string): readonly Column[] => [describeColumn(PLAN_COLUMN, namespace)];

/** @throws IrisError -481 for INSERT, -51 for other statements that have no plan */
export function compileExplained(
  statement: ExplainStatement,
  parameterCount: number,
  session: SessionState,
): CompiledStatement {
  const explained = statement.statement;
  if (explained.kind === 'insert') {
    throw sqlError(-481, ' Explain does not support the following SQL statement type: INSERT');
  }
  if (!isCompilable(explained)) throw sqlError(-51, ' SQL statement expected');
  const context = new CompileContext({
    catalog: session.core.catalog,
    session: factsOf(session),
    parameterCount,
    kinds: Array.from({ length: parameterCount }, () => 'null' as const),
  });
  return compileStatement(explained, context);
}

/** The plan of the storage in the outer form of IRIS's. */
export async function runExplain(
  statement: ExplainStatement,
  parameterCount: number,
  session: SessionState,
): Promise<SqlOutcome> {
  const compiled = compileExplained(statement, parameterCount, session);
  const { core } = session;
  await core.systemTables.ensure(compiled.systemTables, session.namespace);
  const own = compiled.sessionParameters.map((parameter) => sessionValue(parameter, session));
  const [result] = await explained(core, [
    {
      sql: `EXPLAIN (FORMAT TEXT) ${compiled.sql}`,
      parameters: [...Array.from({ length: parameterCount }, () => null), ...own],
      once: true,
    },
  ]);
  const lines = (result?.rows ?? []).map(([line]) => line ?? '');
  const cost = /cost=[\d.]+\.\.([\d.]+)/.exec(lines[0] ?? '')?.[1] ?? '0';
  const plan = [
    '<plans>',
    ' <plan>',
    ` <sql>${escape(statement.text)}</sql>`,
    ` <cost value="${Math.ceil(Number(cost))}"/>`,
    // unverified on a live server: the text between <cost> and </plan> describes IRIS's own modules and loops
    ...lines.map((line) => escape(line)),
    ' </plan>',
    '</plans>',
  ].join('\r\n');
  return { sqlcode: 0, rows: [[plan]], rowCount: 1 };
}

async function explained(
  core: EngineCore,
  requests: readonly StorageRequest[],
): Promise<readonly PgResult[]> {
  try {
    return await core.storage.run(requests);
  } catch (error) {
    throw toSqlError(error, core.catalog, 'query');
  }
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

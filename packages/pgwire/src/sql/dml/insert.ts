import type { InsertStmt, Node, SelectStmt } from '@pgsql/types';
import type { ArrayRow, SqlParameter } from '@iris-devtools/core';
import { as } from '../ast.js';
import type { Env } from '../context.js';
import { value, type Expr } from '../expr.js';
import { typedPlaceholder } from '../expression/literal.js';
import { bind, identifier, join, sql, type Binding } from '../fragment.js';
import type { PgType } from '../pg-types.js';
import { PgError } from '../../pg-error.js';
import type { MirrorColumn, Plan, PlanResult, PlanRun } from '../plan.js';
import { withCommonTables } from '../query/with.js';
import { executionOf, Statement, withInputs, type Execution } from '../run/statement.js';
import { atomically } from '../run/transaction.js';
import { insertStatement, LAST_IDENTITY, rowsOfValues, type RowToInsert } from './insert-rows.js';
import { conflictRule, type ConflictRule } from './on-conflict.js';
import { returningOf, type Returning } from './returning.js';
import {
  columnNamed,
  inputBinding,
  notNull,
  placeholder,
  targetOf,
  typeOfColumn,
  type Target,
} from './target.js';
import { valueText } from '../../types/value-text.js';

/** INSERT .. VALUES, DEFAULT VALUES or SELECT, with ON CONFLICT and RETURNING. */
export function translateInsert(node: InsertStmt, outer: Env): Plan {
  const env = withCommonTables(node.withClause, outer);
  if (node.override === 'OVERRIDING_USER_VALUE') throw env.refuse('OVERRIDING USER VALUE');
  const target = targetOf(node.relation, env);
  const columns = targetColumns(node, target, env);
  const returning = returningOf(node.returningClause, target, env);
  const select = as(node.selectStmt, 'SelectStmt');
  if (select === undefined || isPlainValues(select)) {
    const rows =
      select === undefined ? [NO_VALUES] : rowsOfValues(select.valuesLists ?? [], columns, target, env);
    return insertValues(rows, node, target, returning, env);
  }
  if (returning === undefined && node.onConflictClause === undefined)
    return insertSelect(select, columns, target, env);
  return insertRowByRow(select, columns, node, target, returning, env);
}

function isPlainValues(select: SelectStmt): boolean {
  return (
    select.valuesLists !== undefined && select.sortClause === undefined && select.limitCount === undefined
  );
}

function targetColumns(node: InsertStmt, target: Target, env: Env): MirrorColumn[] {
  if (node.cols === undefined || node.cols.length === 0) return [...target.table.columns];
  return node.cols.map((each: Node) => {
    const column = as(each, 'ResTarget');
    if ((column?.indirection ?? []).length > 0) throw env.refuse('assigning to a part of a column', each);
    return columnNamed(target, column?.name ?? '', env, column?.location);
  });
}

const NO_VALUES: RowToInsert = { columns: [], values: [], proposed: [] };

/** One row with its statement and what to do when its key is taken. */
interface PreparedRow {
  readonly statement: Statement;
  readonly conflict: ConflictRule | undefined;
}

function insertValues(
  rows: readonly RowToInsert[],
  node: InsertStmt,
  target: Target,
  returning: Returning | undefined,
  env: Env,
): Plan {
  const prepared = rows.map((row) => prepareRow(row, node, target, env));
  const [only] = prepared;
  const isSimple = node.onConflictClause === undefined && returning === undefined && prepared.length === 1;
  const plan: Plan = {
    tag: 'INSERT 0',
    tagHasCount: true,
    changesCatalog: false,
    irisSql: statementTexts(prepared, returning),
    run: async (run) => {
      const execution = executionOf(run);
      if (isSimple && only !== undefined) return counted(await only.statement.execute(execution));
      return atomically(run.session, () => insertAll(prepared, execution, returning, env));
    },
  };
  if (!isSimple || only === undefined) return plan;
  return { ...plan, runMany: (run, sets) => insertMany(only.statement, run, sets) };
}

function prepareRow(row: RowToInsert, node: InsertStmt, target: Target, env: Env): PreparedRow {
  return {
    statement: new Statement(insertStatement(row, target), env.context),
    conflict: conflictRule(node.onConflictClause, row, target, env),
  };
}

function insertMany(
  statement: Statement,
  run: PlanRun,
  sets: readonly (readonly SqlParameter[])[],
): Promise<number> {
  return atomically(run.session, () => statement.executeMany(executionOf(run), sets));
}

function statementTexts(rows: readonly PreparedRow[], returning: Returning | undefined): string[] {
  const texts = rows.flatMap(({ statement, conflict }) => [...(conflict?.irisSql ?? []), statement.text]);
  const follow = returning === undefined ? [] : [LAST_IDENTITY.toString(), returning.statement.text];
  return [...new Set([...texts, ...follow])];
}

/** Inserts row by row; `affected` holds the row ids that this command has written so far. */
async function insertAll(
  rows: readonly PreparedRow[],
  execution: Execution,
  returning: Returning | undefined,
  env: Env,
  affected = new Set<string>(),
): Promise<PlanResult> {
  const results: ArrayRow[] = [];
  let count = 0;
  const identity = new Statement(LAST_IDENTITY, env.context);
  for (const { statement, conflict } of rows) {
    const outcome = conflict === undefined ? 'insert' : await conflict.resolve(execution, affected);
    if (outcome === 'skip') continue;
    let id: SqlParameter;
    if (outcome === 'insert') {
      const inserted = await executeUnlessTaken(statement, execution, conflict);
      if (inserted === 0) continue;
      if (returning === undefined && conflict === undefined) {
        count += inserted;
        continue;
      }
      id = (await identity.rows(execution))[0]?.[0] ?? null;
    } else {
      id = outcome.updated;
    }
    count++;
    affected.add(valueText(id));
    if (returning !== undefined) results.push(...(await returning.read(execution, id)));
  }
  return { rows: results, rowCount: () => count };
}

/** IRIS undoes a refused INSERT alone, so DO NOTHING can go on after it. */
async function executeUnlessTaken(
  statement: Statement,
  execution: Execution,
  conflict: ConflictRule | undefined,
): Promise<number> {
  try {
    return await statement.execute(execution);
  } catch (error) {
    if (conflict?.skipsAnyConflict === true && error instanceof PgError && error.sqlstate === '23505')
      return 0;
    throw error;
  }
}

function insertSelect(select: SelectStmt, columns: readonly MirrorColumn[], target: Target, env: Env): Plan {
  const types = columns.map(typeOfColumn);
  const query = env.query(select, { types, keepsOrder: true });
  const used = columns.slice(0, query.columns.length);
  if (query.columns.length > columns.length) {
    throw env.context.error('42601', 'INSERT has more expressions than target columns');
  }
  const names = join(used.map((column) => identifier(column.irisName)));
  const statement = new Statement(sql`INSERT INTO ${target.name} (${names}) ${query.sql}`, env.context);
  return {
    tag: 'INSERT 0',
    tagHasCount: true,
    changesCatalog: false,
    irisSql: [statement.text],
    run: async (run) => counted(await statement.execute(executionOf(run))),
  };
}

/** INSERT .. SELECT with RETURNING or ON CONFLICT: the rows are read first, then inserted one by one. */
function insertRowByRow(
  select: SelectStmt,
  columns: readonly MirrorColumn[],
  node: InsertStmt,
  target: Target,
  returning: Returning | undefined,
  env: Env,
): Plan {
  const query = env.query(select, { types: columns.map(typeOfColumn), keepsOrder: true });
  const used = columns.slice(0, query.columns.length);
  const source = new Statement(query.sql, env.context);
  const bindings = used.map((column, index) => inputBinding(index, typeOfColumn(column)));
  const row: RowToInsert = {
    columns: used,
    values: used.map((column, index) => {
      const binding = bindings[index] ?? ((): null => null);
      return placeholder(column.nullable ? binding : notNull(binding, column, target), column);
    }),
    proposed: used.map((column, index) =>
      inputValue(bindings[index] ?? ((): null => null), typeOfColumn(column)),
    ),
  };
  const prepared = [prepareRow(row, node, target, env)];
  return {
    tag: 'INSERT 0',
    tagHasCount: true,
    changesCatalog: false,
    irisSql: [source.text, ...statementTexts(prepared, returning)],
    run: (run) =>
      atomically(run.session, async () => {
        const execution = executionOf(run);
        const affected = new Set<string>();
        const parts: PlanResult[] = [];
        for (const inputs of await source.rows(execution)) {
          parts.push(await insertAll(prepared, withInputs(execution, inputs), returning, env, affected));
        }
        return {
          rows: parts.flatMap((part) => part.rows as ArrayRow[]),
          rowCount: () => parts.reduce((sum, part) => sum + part.rowCount(), 0),
        };
      }),
  };
}

function inputValue(binding: Binding, type: PgType): Expr {
  return value(typedPlaceholder(bind(binding), type), type);
}

export function counted(count: number): PlanResult {
  const rows = Math.max(0, count);
  return { rows: [], rowCount: () => rows };
}

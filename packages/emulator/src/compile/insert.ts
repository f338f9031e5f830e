import { sqlError } from '@iris-devtools/core';
import type { ColumnDef, TableDef } from '../catalog/model.js';
import { counterSequence, physicalColumn, physicalTable, rowIdSequence } from '../catalog/model.js';
import type { Expression, InsertStatement } from '../sql/ast.js';
import { asNumber } from './coerce.js';
import { compareValues } from './comparison.js';
import { computedText, isAlwaysComputed } from './computed.js';
import type { CompileContext } from './context.js';
import { resolveTarget, writableColumn } from './dml-target.js';
import type { ResolvedTarget } from './dml-target.js';
import { compileExpression } from './expression.js';
import { columnValue } from './from.js';
import { compileQuery } from './query.js';
import { frameOf } from './scope.js';
import { storeValue } from './store.js';
import type { StoreTarget } from './store.js';
import type { Typed } from './typed.js';
import { expression, quote } from './typed.js';

/** A statement that changes rows. */
export interface CompiledChange {
  readonly sql: string;
  readonly table: TableDef;
  /** The text's rows are the RowIDs of inserted rows, or, `counts`, one row with the count and the last RowID. */
  readonly result: 'row-ids' | 'counts' | 'none';
  readonly unchecked: boolean;
}

interface Assigned {
  readonly column: ColumnDef;
  readonly sql: string;
}

export function compileInsert(node: InsertStatement, context: CompileContext): CompiledChange {
  const target = resolveTarget(node.target ?? { kind: 'table', name: node.table }, 'INSERT', context);
  const updating = node.orUpdate ? context.need('UPDATE', target.need.relation) : undefined;
  const unchecked = node.keywords.includes('%NOCHECK');
  const possible = insertColumns(node, target);
  const { values, source } = sourceValues(node, possible.length, target, context);
  const columns = node.source.kind === 'query' ? possible.slice(0, values.length) : possible;
  for (const name of namesIn(target, columns)) {
    target.need.columns.add(name);
    updating?.columns.add(name);
  }
  const assigned = columns.map((column, index) => {
    const value = values[index] ?? expression('NULL', column.type);
    return { column, sql: insertValue(value, column, target.table, unchecked, context) };
  });
  const given = assigned.filter(({ column }) => !isAlwaysComputed(column) && isOpen(column, target, context));
  const rest = target.table.columns
    .filter((column) => !given.some((other) => other.column === column))
    .map((column) => ({ column, sql: omittedValue(column, target.table, context) }))
    .filter((assigned): assigned is Assigned => assigned.sql !== undefined);
  // %NOCHECK looks for no key, so that it finds none.
  if (node.orUpdate && !unchecked && keysOf(target.table).length > 0) {
    return { ...insertOrUpdate(target, given, rest, source, context), unchecked };
  }
  const all = [...given, ...rest];
  const checks = unchecked ? [] : checkTexts(target, 'IR136', 'INSERT');
  const session = target.table.temporary
    ? [`${context.sessionValue({ kind: 'fact', name: 'session-id' })}::int8`]
    : [];
  const names = [...all.map(({ column }) => physicalColumn(column)), ...session.map(() => 'sid')].join(', ');
  const items = [...all.map(({ sql }) => sql), ...session].join(', ');
  const body =
    names === ''
      ? 'DEFAULT VALUES'
      : `(${names}) SELECT ${items}${source === undefined ? '' : ` FROM ${source}`}`;
  const returning = ['rid', ...checks].join(', ');
  return {
    sql: `INSERT INTO ${physicalTable(target.table)} AS ${target.sqlAlias} ${body} RETURNING ${returning}`,
    table: target.table,
    result: 'row-ids',
    unchecked,
  };
}

/** Upper-case names of columns as the statement's table or view has them. */
const namesIn = (target: ResolvedTarget, columns: readonly ColumnDef[]): string[] =>
  target.source.columns
    .filter(({ value }) => columns.some((column) => column === value.column?.column))
    .map(({ name }) => name.toUpperCase());

/** @throws IrisError -99 a column that needs a value, which the user may not give */
function isOpen(column: ColumnDef, target: ResolvedTarget, context: CompileContext): boolean {
  if (!namesIn(target, [column]).some((name) => context.closedColumns.has(name))) return true;
  if (column.notNull && column.defaultValue === undefined) {
    const { user } = context.session;
    throw sqlError(-99, ` User ${user} is not privileged for the operation: INSERT of '${column.name}'`);
  }
  return false;
}

/** @throws IrisError -29, -111, -138, -377 */
function insertColumns(node: InsertStatement, target: ResolvedTarget): ColumnDef[] {
  if (node.source.kind === 'default-values') return [];
  if (node.columns === undefined) {
    return target.source.columns
      .filter((column) => !column.hidden)
      .map((column) => column.value.column?.column)
      .filter((column): column is ColumnDef => column !== undefined && column !== 'rowid')
      .filter((column) => isInsertable(column, target.table));
  }
  const columns: ColumnDef[] = [];
  for (const [index, { name }] of node.columns.entries()) {
    const column = writableColumn(target, name);
    if (column === undefined || column === 'rowid') throw identityRefused(node, index);
    if (column.generation === 'identity' && !allowsIdentityInsert(target.table))
      throw identityRefused(node, index);
    if (column.generation === 'rowversion' || column.computed?.mode === 'ON_CHANGE')
      throw readOnlyField(column, target.table);
    if (columns.includes(column))
      throw sqlError(-377, ` Field '${name}' appears more than once in assignment list`);
    columns.push(column);
  }
  return columns;
}

/** NULL for an identity is a missing value, any other one is refused. */
function identityRefused(node: InsertStatement, index: number): Error {
  const value = node.source.kind === 'values' ? node.source.values[index] : undefined;
  if (value?.kind === 'null') return sqlError(-108, ' Required field missing; INSERT or UPDATE not allowed');
  return sqlError(-111, " Cannot INSERT into a 'Default Only' RowID or RowID based on field");
}

export const readOnlyField = (column: ColumnDef, table: TableDef): Error =>
  sqlError(
    -138,
    ` Cannot INSERT/UPDATE a value for a read only field '${table.schema}.${table.name}.${column.name}'`,
  );

const allowsIdentityInsert = (table: TableDef): boolean =>
  table.classParameters['ALLOWIDENTITYINSERT'] === '1';

function isInsertable(column: ColumnDef, table: TableDef): boolean {
  if (column.generation === 'identity') return allowsIdentityInsert(table);
  const isComputed = column.computed !== undefined && column.computed.mode !== 'INSERT';
  return column.generation !== 'rowversion' && !isComputed;
}

interface SourceValues {
  readonly values: readonly Typed[];
  /** Undefined: one row without FROM. */
  readonly source: string | undefined;
}

/** @throws IrisError -62 too few, -116 too many values, -144 a subquery as a value */
function sourceValues(
  node: InsertStatement,
  count: number,
  target: ResolvedTarget,
  context: CompileContext,
): SourceValues {
  const { source } = node;
  switch (source.kind) {
    case 'default-values':
      return { values: [], source: undefined };
    case 'values': {
      checkValueCount(source.values.length, count);
      // %TABLENAME and %CLASSNAME are known, columns are not.
      const frame = frameOf(context, [{ ...target.source, columns: [] }], undefined, 'values');
      return {
        source: undefined,
        values: source.values.map((value) => {
          if (isSubquery(value))
            throw sqlError(-144, " A subquery is not allowed in an insert statement's set/values clause");
          return compileExpression(value, frame);
        }),
      };
    }
    case 'query': {
      const query = compileQuery(source.query, context, undefined);
      if (node.columns === undefined) checkQueryWidth(query.columns.length, count);
      else checkValueCount(query.columns.length, count);
      const values = query.columns.map((column) => {
        const value = expression(`s.${column.sqlName}`, column.type, column.collation);
        return value;
      });
      return { values, source: `(${query.sql}) AS s` };
    }
  }
}

/** Without a list of columns the query may have fewer of them. */
function checkQueryWidth(given: number, wanted: number): void {
  if (given > wanted)
    throw sqlError(-64, ' The query of INSERT has more columns than the table has to be filled');
}

function checkValueCount(given: number, wanted: number): void {
  if (given < wanted) throw sqlError(-62, ' Additional new values expected for INSERT/UPDATE');
  if (given > wanted)
    throw sqlError(
      -116,
      ' Cardinality mismatch on INSERT/UPDATE between values list and number of table columns.',
    );
}

function isSubquery(value: Expression): boolean {
  return value.kind === 'subquery' || (value.kind === 'parenthesized' && isSubquery(value.expression));
}

function insertValue(
  value: Typed,
  column: ColumnDef,
  table: TableDef,
  unchecked: boolean,
  context: CompileContext,
): string {
  const target: StoreTarget = { table, column, kind: 'INSERT', unchecked };
  switch (column.generation) {
    case 'identity':
      return `iris_sys.next_serial('${rowIdSequence(table)}', ${asNumber(value, context).sql}::numeric)`;
    case 'auto-increment': {
      if (value.origin === 'parameter') context.learnParameter(value.parameterIndex, column.type);
      // A given value leaves the counter where it is.
      const given = `nullif(${asNumber(value, context).sql}::numeric, 0)::int8`;
      return `coalesce(${given}, nextval('${counterSequence(table, column)}'))`;
    }
    case 'serial':
      if (value.origin === 'parameter') context.learnParameter(value.parameterIndex, column.type);
      return `iris_sys.next_serial('${counterSequence(table, column)}', ${asNumber(value, context).sql}::numeric)`;
    default: {
      const stored = storeValue(value, target, context);
      // NULL where a value is required means the default.
      const fallback = column.notNull ? defaultValue(column, table, context) : undefined;
      return fallback === undefined ? stored : `coalesce(${stored}, ${fallback})`;
    }
  }
}

/** What a column gets that the statement does not name; undefined: NULL. */
function omittedValue(column: ColumnDef, table: TableDef, context: CompileContext): string | undefined {
  switch (column.generation) {
    case 'identity':
      return undefined;
    case 'serial':
    case 'auto-increment':
      return `nextval('${counterSequence(table, column)}')`;
    case 'rowversion':
      return `nextval('iris_sys.rowversion')`;
    default:
      if (column.computed !== undefined && column.defaultValue === undefined) {
        return computedText(table, column, context.catalog) === undefined
          ? computedRefused(column, table)
          : undefined;
      }
      return defaultValue(column, table, context);
  }
}

function computedRefused(column: ColumnDef, table: TableDef): never {
  throw sqlError(
    -350,
    ` The COMPUTECODE of '${table.schema}.${table.name}.${column.name}' is ObjectScript, which the emulator does not run`,
    {
      hint: 'Test this table against IRIS itself.',
    },
  );
}

/** DEFAULT in PostgreSQL text. @throws IrisError -400 for a default in ObjectScript */
export function defaultValue(
  column: ColumnDef,
  table: TableDef,
  context: CompileContext,
): string | undefined {
  const { defaultValue: value } = column;
  if (value === undefined) return undefined;
  if (value.kind === 'objectscript') {
    throw sqlError(
      -400,
      `The default of '${table.schema}.${table.name}.${column.name}' is ObjectScript, which the emulator does not run`,
      {
        hint: 'Give the column a value in the statement.',
      },
    );
  }
  const typed = compileExpression(value.expression, frameOf(context, [], undefined, 'values'));
  if (typed.literal === null) return undefined;
  return storeValue(typed, { table, column, kind: 'INSERT', unchecked: false }, context);
}

/** A view's WITH CHECK OPTION as expressions of RETURNING: they fail when the row is outside of the view. */
export function checkTexts(target: ResolvedTarget, code: string, verb: string): string[] {
  return target.checks.map(
    (check) =>
      `(CASE WHEN ${check} THEN NULL ELSE iris_sys.fail('${code}', ${quote(` View's WITH CHECK OPTION validation failed in ${verb}`)}) END)`,
  );
}

/** The keys by which INSERT OR UPDATE finds a row. */
function keysOf(table: TableDef): readonly (readonly number[])[] {
  const indexes = table.indexes.filter((index) => index.type === 'UNIQUE');
  return [...(table.primaryKey === undefined ? [] : [table.primaryKey]), ...table.uniqueKeys, ...indexes].map(
    (key) => key.columnIds,
  );
}

/** Rows whose key exists are updated with the given columns, the others are inserted. */
function insertOrUpdate(
  target: ResolvedTarget,
  given: readonly Assigned[],
  rest: readonly Assigned[],
  source: string | undefined,
  context: CompileContext,
): Omit<CompiledChange, 'unchecked'> {
  const { table, sqlAlias } = target;
  const isCounter = (column: ColumnDef): boolean =>
    column.generation === 'serial' || column.generation === 'auto-increment';
  const value = (column: ColumnDef): string => `n.v${column.id}`;
  const matches = keysOf(table)
    .filter((ids) => ids.every((id) => given.some(({ column }) => column.id === id)))
    .map((ids) => ids.map((id) => keyMatch(table, id, sqlAlias, context)).join(' AND '));
  const match = matches.length === 0 ? 'false' : matches.map((text) => `(${text})`).join(' OR ');
  // A counter counts for every row, also for one that is then updated.
  const counted = rest.filter(({ column }) => isCounter(column));
  const items = [...given, ...counted].map(({ column, sql }) => `, ${sql} AS v${column.id}`);
  const sets = given
    .filter(({ column }) => column.generation !== 'identity' && !isCounter(column))
    .map(({ column }) => `${physicalColumn(column)} = ${value(column)}`);
  const all = [
    ...[...given, ...counted].map(({ column }) => ({ column, sql: value(column) })),
    ...rest.filter((assigned) => !counted.includes(assigned)),
  ];
  const inserted = all.length === 0 ? 'rid' : all.map(({ column }) => physicalColumn(column)).join(', ');
  const insertedValues =
    all.length === 0 ? `nextval('${rowIdSequence(table)}')` : all.map((assigned) => assigned.sql).join(', ');
  const update = sets.length === 0 ? 'rid = rid' : sets.join(', ');
  const sql =
    `WITH n AS MATERIALIZED (SELECT row_number() OVER () AS n${items.join('')}${source === undefined ? '' : ` FROM ${source}`}), ` +
    `u AS (UPDATE ${physicalTable(table)} AS ${sqlAlias} SET ${update} FROM n WHERE ${match} RETURNING n.n, ${sqlAlias}.rid), ` +
    `i AS (INSERT INTO ${physicalTable(table)} (${inserted}) ` +
    `SELECT ${insertedValues} FROM n WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.n = n.n) RETURNING rid) ` +
    `SELECT (SELECT count(*) FROM u) + (SELECT count(*) FROM i), coalesce((SELECT max(rid) FROM i), (SELECT max(rid) FROM u))`;
  return { sql, table, result: 'counts' };
}

function keyMatch(table: TableDef, id: number, alias: string, context: CompileContext): string {
  const column = table.columns.find((candidate) => candidate.id === id);
  if (column === undefined) return 'false';
  const own = columnValue(table, column, alias);
  return compareValues('=', own, { ...own, sql: `n.v${id}` }, context);
}

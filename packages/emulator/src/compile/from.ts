import { sqlError } from '@iris-devtools/core';
import type { ColumnDef, TableDef, ViewDef } from '../catalog/model.js';
import { physicalColumn, physicalTable } from '../catalog/model.js';
import type { Condition, DerivedTable, Identifier, Join, TableName, TableReference } from '../sql/ast.js';
import { compareValues } from './comparison.js';
import { compileCondition } from './condition.js';
import type { CompileContext } from './context.js';
import { compileJsonTable } from './json-table.js';
import { compileTableFunction } from './table-function.js';
import type { CompiledQuery, OutputColumn } from './output.js';
import { compileQuery } from './query.js';
import { frameOf, noteUse } from './scope.js';
import type { Frame, Source, SourceColumn } from './scope.js';
import type { Collation, Typed } from './typed.js';
import { EXACT, SQLUPPER } from './typed.js';
import { BIGINT } from './types.js';
import { compileView } from './view.js';

/** A FROM item: its sources, and its text once the whole statement is known. */
export interface FromItem {
  readonly sources: readonly Source[];
  /** To be called last: whether %VID is needed is known only then. */
  readonly text: () => string;
}

/** How values of a column compare. */
export function columnCollation(table: TableDef, column: ColumnDef): Collation | undefined {
  if (column.type.name !== 'VARCHAR' && column.type.name !== 'GUID') return undefined;
  const name = column.collation ?? column.type.collation;
  if (name !== undefined) {
    return column.collationLength === undefined ? { name } : { name, length: column.collationLength };
  }
  if (table.system === true) return SQLUPPER;
  return table.storage === 'COLUMNAR' ? EXACT : SQLUPPER;
}

export function columnValue(table: TableDef, column: ColumnDef, alias: string): Typed {
  const collation = columnCollation(table, column);
  return {
    sql: `${alias}.${physicalColumn(column)}`,
    type: column.type,
    origin: 'column',
    name: column.name,
    column: { relation: table, column },
    ...(collation === undefined ? {} : { collation }),
  };
}

/** The columns that a table offers, the RowID last. */
export function tableColumns(
  table: TableDef,
  alias: string,
): { columns: SourceColumn[]; rowId: Typed | undefined } {
  const columns: SourceColumn[] = table.columns.map((column) => ({
    name: column.name,
    value: columnValue(table, column, alias),
    hidden: column.private === true,
  }));
  if (table.system === true) return { columns, rowId: undefined };
  const identity = table.columns.find((column) => column.generation === 'identity');
  const name = identity?.name ?? table.rowIdName;
  const rowId: Typed = {
    sql: `${alias}.rid`,
    type: BIGINT,
    origin: 'column',
    name,
    column: { relation: table, column: identity ?? 'rowid' },
  };
  if (identity === undefined) {
    const column: SourceColumn = { name, value: rowId, hidden: !table.publicRowId };
    if (table.publicRowId) columns.unshift(column);
    else columns.push(column);
  }
  return { columns, rowId };
}

export function tableText(table: TableDef, context: CompileContext): string {
  if (table.system === true) {
    context.systemTables.add(table);
    return `iris_cat.${systemTableName(context, table)}`;
  }
  // Rows of a global temporary table belong to the process that wrote them.
  if (table.temporary) {
    const session = context.sessionValue({ kind: 'fact', name: 'session-id' });
    return `(SELECT * FROM ${physicalTable(table)} WHERE sid = ${session}::int8)`;
  }
  return physicalTable(table);
}

function systemTableName(context: CompileContext, table: TableDef): string {
  const namespace = context.catalog.namespace(context.session.namespace);
  return `n${namespace?.id ?? 0}_t${table.id}`;
}

export function compileFrom(reference: TableReference, frame: Frame): FromItem {
  switch (reference.kind) {
    case 'table':
      return compileTableName(reference, frame);
    case 'derived-table':
      return compileDerivedTable(reference, frame);
    case 'join':
      return compileJoin(reference, frame);
    case 'json-table':
      return compileJsonTable(reference, frame);
    case 'table-function':
      return compileTableFunction(reference, frame);
  }
}

function compileTableName(reference: TableName, frame: Frame): FromItem {
  const { context } = frame;
  const label = reference.alias?.name ?? reference.name.name.name;
  const sqlAlias = context.alias('a');
  if (reference.name.schema === undefined) {
    const common = context.commonTable(reference.name.name.name);
    if (common !== undefined) return derived(common.sqlName, common.columns, label, sqlAlias);
  }
  const relation = context.relation(reference.name);
  const need = context.need('SELECT', relation);
  const schema = reference.alias === undefined ? relation.schema : undefined;
  if (relation.kind === 'view') {
    const { sources, text } = viewItem(relation, label, schema, sqlAlias, context);
    return { sources: sources.map((source) => ({ ...source, need })), text };
  }
  const { columns, rowId } = tableColumns(relation, sqlAlias);
  const source: Source = {
    label,
    schema,
    sqlAlias,
    columns,
    relation,
    need,
    tableName: `${relation.schema}.${relation.name}`,
    ...(rowId === undefined ? {} : { rowId }),
  };
  const text = `${tableText(relation, context)} AS ${sqlAlias}`;
  return { sources: [source], text: () => text };
}

function viewItem(
  view: ViewDef,
  label: string,
  schema: string | undefined,
  sqlAlias: string,
  context: CompileContext,
): FromItem {
  const { sqlName, columns } = context.viewTable(view.id, () => compileView(view, context));
  const item = derived(sqlName, columns, label, sqlAlias);
  const [source] = item.sources;
  if (source === undefined) return item;
  return {
    ...item,
    sources: [{ ...source, schema, relation: view, tableName: `${view.schema}.${view.name}` }],
  };
}

export function derived(
  sql: string,
  columns: readonly OutputColumn[],
  label: string | undefined,
  sqlAlias: string,
): FromItem {
  const vid = { used: false };
  const source: Source = {
    label,
    schema: undefined,
    sqlAlias,
    columns: sourceColumns(columns, sqlAlias),
    vid,
  };
  return {
    sources: [source],
    text: () =>
      vid.used
        ? `(SELECT row_number() OVER () AS vid, v.* FROM ${sql} AS v) AS ${sqlAlias}`
        : `${sql} AS ${sqlAlias}`,
  };
}

/** Columns of a subquery as columns of a source. */
function sourceColumns(columns: readonly OutputColumn[], sqlAlias: string): SourceColumn[] {
  return columns.map((column) => ({
    name: column.name,
    hidden: false,
    value: {
      sql: `${sqlAlias}.${column.sqlName}`,
      type: column.type,
      origin: 'column',
      name: column.name,
      ...(column.collation === undefined ? {} : { collation: column.collation }),
      ...(column.source === undefined ? {} : { column: column.source }),
    },
  }));
}

function compileDerivedTable(reference: DerivedTable, frame: Frame): FromItem {
  const outer = reference.lateral ? frame : frame.scope.outer;
  const query: CompiledQuery = compileQuery(reference.query, frame.context, outer);
  const sqlAlias = frame.context.alias('a');
  const lateral = reference.lateral ? 'LATERAL ' : '';
  return derived(`${lateral}(${query.sql})`, query.columns, reference.alias?.name, sqlAlias);
}

function compileJoin(join: Join, frame: Frame): FromItem {
  const left = compileFrom(join.left, frame);
  const right = compileFrom(join.right, withSources(frame, left.sources));
  const sources = [...left.sources, ...right.sources];
  checkLabels(sources);
  // Only the tables of this join may be named in ON: a table before a comma is not joined yet.
  const onFrame = frameOf(frame.context, sources, frame.scope.outer, 'on');
  if (join.type === 'CROSS')
    return { sources, text: () => `${left.text()} CROSS JOIN ${wrap(join.right, right)}` };
  const on = joinCondition(join, left.sources, right.sources, onFrame);
  return { sources, text: () => `${left.text()} ${join.type} JOIN ${wrap(join.right, right)} ON ${on}` };
}

const wrap = (reference: TableReference, item: FromItem): string =>
  reference.kind === 'join' ? `(${item.text()})` : item.text();

/** The sources to the left are visible to LATERAL and to table functions. */
export function withSources(frame: Frame, sources: readonly Source[]): Frame {
  return { ...frame, scope: { ...frame.scope, sources: [...frame.scope.sources, ...sources] } };
}

function joinCondition(join: Join, left: readonly Source[], right: readonly Source[], frame: Frame): string {
  if (join.on !== undefined) {
    if (join.type !== 'INNER') checkOuterJoin(join.on, frame);
    return compileCondition(join.on, frame);
  }
  const names = join.natural ? sharedNames(left, right) : (join.using ?? []).map((name) => name.name);
  if (
    [...left, ...right].some((source) => source.relation?.kind !== 'table') ||
    (join.natural && join.type === 'FULL')
  ) {
    throw sqlError(-1, ` ${join.natural ? 'NATURAL' : 'USING'} join is not supported here`, {
      hint: 'Write the join with ON.',
    });
  }
  const equalities = names.map((name) =>
    compareValues('=', columnNamed(left, name), columnNamed(right, name), frame.context),
  );
  return equalities.length === 0 ? 'true' : equalities.join(' AND ');
}

function sharedNames(left: readonly Source[], right: readonly Source[]): string[] {
  const visible = (sources: readonly Source[]): string[] =>
    sources.flatMap((source) =>
      source.columns.filter((column) => !column.hidden).map((column) => column.name),
    );
  const others = new Set(visible(right).map((name) => name.toUpperCase()));
  return visible(left).filter((name) => others.has(name.toUpperCase()));
}

function columnNamed(sources: readonly Source[], name: string): Typed {
  const found = sources.flatMap((source) =>
    source.columns
      .filter((column) => column.name.toUpperCase() === name.toUpperCase())
      .map((column) => ({ source, column })),
  );
  const [only, another] = found;
  if (only === undefined)
    throw sqlError(-29, ` Field '${name.toUpperCase()}' not found in the applicable tables`);
  if (another !== undefined)
    throw sqlError(-27, ` Field '${name.toUpperCase()}' is ambiguous among the applicable tables`);
  noteUse(only.source, only.column);
  return only.column.value;
}

/** IRIS cannot place an outer join whose condition accepts the NULLs that the join itself makes. */
const NULL_TOLERANT = new Set(['COALESCE', 'IFNULL', 'ISNULL', 'NVL']);

function checkOuterJoin(condition: Condition, frame: Frame): void {
  const labelsOf = (value: unknown, labels: Set<string>): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as { kind?: string; table?: { name: Identifier } };
    if (node.kind === 'column' && node.table !== undefined) labels.add(node.table.name.name.toUpperCase());
    for (const child of Object.values(value)) labelsOf(child, labels);
  };
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as { kind?: string; name?: unknown };
    if (node.kind === 'function' && typeof node.name === 'string' && NULL_TOLERANT.has(node.name)) {
      const labels = new Set<string>();
      labelsOf(value, labels);
      if (labels.size > 1 && frame.scope.sources.length > 1)
        throw sqlError(-94, ' Unsupported usage of OUTER JOIN');
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(condition);
}

/** @throws IrisError -20 when two items of FROM have one label */
export function checkLabels(sources: readonly Source[]): void {
  const seen = new Set<string>();
  for (const { label, schema } of sources) {
    if (label === undefined) continue;
    const key = `${schema?.toUpperCase() ?? ''}\0${label.toUpperCase()}`;
    if (seen.has(key))
      throw sqlError(-20, ` Name conflict in the FROM list over label '${label.toUpperCase()}'`);
    seen.add(key);
  }
}

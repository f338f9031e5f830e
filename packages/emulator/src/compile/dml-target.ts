import { sqlError } from '@iris-devtools/core';
import type { ColumnDef, Relation, TableDef } from '../catalog/model.js';
import type { Condition, DmlTarget, Query, SelectCore } from '../sql/ast.js';
import { compileCondition } from './condition.js';
import type { CompileContext, PrivilegeNeed } from './context.js';
import { tableColumns } from './from.js';
import { frameOf } from './scope.js';
import type { Source, SourceColumn } from './scope.js';
import { viewQuery } from './view.js';

/** What INSERT, UPDATE or DELETE changes: a table, perhaps through views. */
export interface ResolvedTarget {
  readonly table: TableDef;
  readonly sqlAlias: string;
  /** The columns under the names of the view, for WHERE and SET. */
  readonly source: Source;
  /** The right to change it; the columns that change are to be added. */
  readonly need: PrivilegeNeed;
  /** Conditions of the views on the way, in PostgreSQL text. */
  readonly conditions: readonly string[];
  /** Those that a changed row must still meet. */
  readonly checks: readonly string[];
}

export type Writable = ColumnDef | 'rowid' | undefined;

/** @throws IrisError -30 unknown, -35 a view that cannot be written, -115 a system table */
export function resolveTarget(
  target: DmlTarget,
  action: PrivilegeNeed['action'],
  context: CompileContext,
): ResolvedTarget {
  if (target.kind === 'query') {
    const inner = updatableCore(target.query);
    const base = baseName(inner);
    const resolved = through(
      resolveTarget({ kind: 'table', name: base }, action, context),
      inner,
      context,
      undefined,
    );
    return relabelled(resolved, target.alias?.name);
  }
  const relation = context.relation(target.name);
  const need = context.need(action, relation);
  // Columns of the target that are read, as in WHERE.
  const reading = context.need('SELECT', relation, true);
  const resolved = resolveRelation(relation, context);
  const label = target.alias?.name ?? relation.name;
  return { ...resolved, need, source: { ...resolved.source, label, need: reading } };
}

function relabelled(resolved: ResolvedTarget, label: string | undefined): ResolvedTarget {
  return { ...resolved, source: { ...resolved.source, label } };
}

function resolveRelation(relation: Relation, context: CompileContext): Omit<ResolvedTarget, 'need'> {
  if (relation.kind === 'table') {
    if (relation.system === true) throw sqlError(-115, ' Cannot INSERT/UPDATE/DELETE on a read only table');
    const sqlAlias = context.alias('a');
    const { columns, rowId } = tableColumns(relation, sqlAlias);
    const source: Source = {
      label: relation.name,
      schema: relation.schema,
      sqlAlias,
      columns,
      relation,
      tableName: `${relation.schema}.${relation.name}`,
      ...(rowId === undefined ? {} : { rowId }),
    };
    return { table: relation, sqlAlias, source, conditions: [], checks: [] };
  }
  if (relation.readOnly) throw notUpdatable();
  const core = updatableCore(viewQuery(relation));
  const base = context.relation(baseName(core));
  const inner = resolveRelation(base, context);
  const names = relation.columns.map((column) => column.name);
  const resolved = through(inner, core, context, names);
  const own = resolved.conditions.slice(inner.conditions.length);
  const checks =
    relation.checkOption === 'NONE'
      ? resolved.checks
      : [...(relation.checkOption === 'CASCADED' ? inner.conditions : []), ...resolved.checks, ...own];
  return {
    ...resolved,
    checks,
    source: { ...resolved.source, schema: relation.schema, label: relation.name },
  };
}

const notUpdatable = (): Error => sqlError(-35, ' INSERT/UPDATE/DELETE not allowed for non-updateable view');

/** A query over one table whose rows are rows of that table. */
function updatableCore(query: Query): SelectCore {
  const { body } = query;
  if (body.kind === 'parenthesized-query') return updatableCore(body.query);
  const simple =
    body.kind === 'select' &&
    query.with.length === 0 &&
    body.quantifier === 'ALL' &&
    body.distinctBy === undefined &&
    body.top === undefined &&
    body.groupBy.length === 0 &&
    body.having === undefined &&
    body.from.length === 1;
  if (!simple) throw notUpdatable();
  if (hasSubquery(body.where)) throw notUpdatable();
  if (body.items.some((item) => item.kind === 'item' && item.expression.kind === 'aggregate'))
    throw notUpdatable();
  return body;
}

function hasSubquery(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('kind' in value && value.kind === 'select') return true;
  return Object.values(value).some(hasSubquery);
}

function baseName(core: SelectCore): Extract<DmlTarget, { kind: 'table' }>['name'] {
  const [reference] = core.from;
  if (reference?.kind !== 'table') throw notUpdatable();
  return reference.name;
}

/** The target seen through a SELECT over it. */
function through<Inner extends Omit<ResolvedTarget, 'need'>>(
  inner: Inner,
  core: SelectCore,
  context: CompileContext,
  names: readonly string[] | undefined,
): Inner {
  const [reference] = core.from;
  const label = reference?.kind === 'table' ? (reference.alias?.name ?? reference.name.name.name) : undefined;
  const base: Source = { ...inner.source, label };
  const columns: SourceColumn[] = [];
  for (const item of core.items) {
    if (item.kind === 'star') {
      columns.push(...base.columns.filter((column) => !column.hidden));
    } else if (item.expression.kind === 'column' && item.expression.arrows.length === 0) {
      const { name } = item.expression.name;
      const found = base.columns.find((column) => column.name.toUpperCase() === name.toUpperCase());
      if (found === undefined)
        throw sqlError(-29, ` Field '${name.toUpperCase()}' not found in the applicable tables`);
      columns.push({ ...found, name: item.alias?.name ?? found.name });
    } else {
      throw notUpdatable();
    }
  }
  const named = columns.map((column, index) => ({
    ...column,
    name: names?.[index] ?? column.name,
    hidden: false,
  }));
  const own = core.where === undefined ? [] : [viewCondition(core.where, base, context)];
  return { ...inner, source: { ...base, columns: named }, conditions: [...inner.conditions, ...own] };
}

function viewCondition(condition: Condition, source: Source, context: CompileContext): string {
  return compileCondition(condition, frameOf(context, [source], undefined, 'where'));
}

/** @throws IrisError -29 */
export function writableColumn(target: ResolvedTarget, name: string): Writable {
  if (name.toUpperCase() === '%ID') return 'rowid';
  const found = target.source.columns.find((column) => column.name.toUpperCase() === name.toUpperCase());
  if (found === undefined) {
    throw sqlError(
      -29,
      ` Field '${name.toUpperCase()}' not found in table '${target.table.schema}.${target.table.name}'`,
    );
  }
  return found.value.column?.column;
}

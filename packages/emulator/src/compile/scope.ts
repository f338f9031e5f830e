import { sqlError } from '@iris-devtools/core';
import type { Relation } from '../catalog/model.js';
import type { Identifier, QualifiedName, SelectCore } from '../sql/ast.js';
import type { CompileContext, PrivilegeNeed } from './context.js';
import type { Typed } from './typed.js';
import { expression } from './typed.js';

export interface SourceColumn {
  readonly name: string;
  readonly value: Typed;
  /** Left out of `*`: the RowID, private columns. */
  readonly hidden: boolean;
}

/** One item of a FROM clause. */
export interface Source {
  /** Alias, or the table's own name when there is none. */
  readonly label: string | undefined;
  /** A second name: the alias under which FROM names the table of UPDATE or DELETE again. */
  readonly otherLabel?: string;
  /** Schema of a table without alias, so that `schema.table.column` works. */
  readonly schema: string | undefined;
  readonly sqlAlias: string;
  readonly columns: readonly SourceColumn[];
  readonly relation?: Relation;
  readonly rowId?: Typed;
  /** Derived tables have %VID; computing it costs, so it is noted when it is used. */
  readonly vid?: { used: boolean };
  /** Takes note of the columns that are used. */
  readonly need?: PrivilegeNeed;
  /** For %TABLENAME. */
  readonly tableName?: string;
}

/** An item of GROUP BY. */
export interface GroupKey {
  /** What rows are grouped by. */
  readonly sql: string;
  /** Expressions that stand for the group, by their fingerprints. */
  readonly values: readonly { readonly fingerprint: string; readonly value: Typed }[];
}

/** How aggregates and plain columns of a SELECT live together. */
export type Grouping =
  /** No aggregate: a row is a row. */
  | { readonly kind: 'none' }
  /** GROUP BY, or only aggregates: rows are groups. */
  | {
      readonly kind: 'grouped';
      readonly core: SelectCore;
      readonly keys: readonly GroupKey[];
      /** HAVING's tests of rows, for %AFTERHAVING. */
      readonly rowFilter?: string;
    }
  /** Aggregates next to plain columns without GROUP BY: each row with the aggregate over all rows. */
  | { readonly kind: 'mixed'; readonly core: SelectCore };

export interface Scope {
  readonly sources: readonly Source[];
  readonly outer: Frame | undefined;
  readonly grouping: Grouping;
}

export type Clause = 'select' | 'from' | 'on' | 'where' | 'group' | 'having' | 'order' | 'values';

/** Where an expression stands. */
export interface Frame {
  readonly context: CompileContext;
  readonly scope: Scope;
  readonly clause: Clause;
  /** Inside the argument of an aggregate, columns are those of single rows. */
  readonly inAggregate: boolean;
  /** `%VALUE` and `%KEY` of FOR SOME %ELEMENT. */
  readonly element?: { readonly value: Typed; readonly key: Typed };
}

export const NO_GROUPING: Grouping = { kind: 'none' };

export function frameOf(
  context: CompileContext,
  sources: readonly Source[],
  outer: Frame | undefined,
  clause: Clause,
  grouping: Grouping = NO_GROUPING,
): Frame {
  return { context, scope: { sources, outer, grouping }, clause, inAggregate: false };
}

const equal = (left: string | undefined, right: string): boolean =>
  left?.toUpperCase() === right.toUpperCase();

/** Sources that a qualifier names in the nearest scope that has any, with the frame in which they stand. */
function qualified(frame: Frame, qualifier: QualifiedName): { sources: Source[]; frame: Frame } {
  for (let at: Frame | undefined = frame; at !== undefined; at = at.scope.outer) {
    const sources = at.scope.sources.filter(
      (source) =>
        (equal(source.label, qualifier.name.name) || equal(source.otherLabel, qualifier.name.name)) &&
        (qualifier.schema === undefined || equal(source.schema, qualifier.schema.name)),
    );
    if (sources.length > 0) return { sources, frame: at };
  }
  throw sqlError(
    -23,
    ` Label '${qualifier.name.name.toUpperCase()}' is not listed among the applicable tables`,
  );
}

export interface FoundColumn {
  readonly column: SourceColumn;
  readonly source: Source;
  readonly frame: Frame;
}

/** @throws IrisError -23 unknown label, -27 ambiguous, -29 unknown column */
export function findColumn(
  frame: Frame,
  name: Identifier,
  qualifier: QualifiedName | undefined,
): FoundColumn {
  if (qualifier !== undefined) {
    const { sources, frame: found } = qualified(frame, qualifier);
    return used(single(columnsNamed(sources, name.name, found), name.name) ?? unknownColumn(name.name));
  }
  for (let at: Frame | undefined = frame; at !== undefined; at = at.scope.outer) {
    const column = single(columnsNamed(at.scope.sources, name.name, at), name.name);
    if (column !== undefined) return used(column);
  }
  return unknownColumn(name.name);
}

function used(found: FoundColumn): FoundColumn {
  noteUse(found.source, found.column);
  return found;
}

/** The RowID belongs to no one's columns. */
export function noteUse({ need }: Source, { name, value }: SourceColumn): void {
  if (value.column?.column !== 'rowid') need?.columns.add(name.toUpperCase());
}

function columnsNamed(sources: readonly Source[], name: string, frame: Frame): FoundColumn[] {
  return sources.flatMap((source) =>
    source.columns.filter((column) => equal(column.name, name)).map((column) => ({ column, source, frame })),
  );
}

function single(found: readonly FoundColumn[], name: string): FoundColumn | undefined {
  // A visible column wins over the hidden RowID of another table.
  const visible = found.filter(({ column }) => !column.hidden);
  const candidates = visible.length > 0 ? visible : found;
  if (candidates.length > 1)
    throw sqlError(-27, ` Field '${name.toUpperCase()}' is ambiguous among the applicable tables`);
  return candidates[0];
}

function unknownColumn(name: string): never {
  throw sqlError(-29, ` Field '${name.toUpperCase()}' not found in the applicable tables`);
}

/** The one source that a pseudo column without qualifier belongs to. */
export function pseudoSource(
  frame: Frame,
  name: string,
  qualifier: QualifiedName | undefined,
): { source: Source; frame: Frame } {
  const { sources, frame: found } =
    qualifier === undefined ? { sources: frame.scope.sources, frame } : qualified(frame, qualifier);
  const [source, ...others] = sources;
  if (source === undefined) return unknownColumn(name);
  if (others.length > 0) throw sqlError(-27, ` Field '${name}' is ambiguous among the applicable tables`);
  return { source, frame: found };
}

/** What stands for the group in a SELECT with GROUP BY, if the expression with this fingerprint does. */
export function groupValue(frame: Frame, fingerprint: string): Typed | undefined {
  const { grouping } = frame.scope;
  if (frame.inAggregate || grouping.kind !== 'grouped' || !rowsAreGroups(frame.clause)) return undefined;
  for (const key of grouping.keys) {
    const found = key.values.find((candidate) => candidate.fingerprint === fingerprint);
    if (found !== undefined) return found.value;
  }
  return undefined;
}

/** Columns are told apart by what they are, not by how they are written. */
export const columnFingerprint = (sql: string): string => `column ${sql}`;

/** A column as seen from its frame: in a grouped SELECT, outside aggregates, any row's value stands for the group. */
export function inGroup(value: Typed, frame: Frame): Typed {
  const { grouping } = frame.scope;
  if (frame.inAggregate || grouping.kind !== 'grouped' || !rowsAreGroups(frame.clause)) return value;
  const { collation, column, type, name } = value;
  return {
    ...expression(`any_value(${value.sql})`, type, collation),
    ...(column === undefined ? {} : { column }),
    ...(name === undefined ? {} : { name }),
  };
}

export const rowsAreGroups = (clause: Clause): boolean =>
  clause === 'select' || clause === 'having' || clause === 'order';

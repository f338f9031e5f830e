import type { Relation, TableDef, ViewDef } from '../catalog/model.js';
import { contentsOf } from '../compile/fingerprint.js';
import { viewQuery } from '../compile/view.js';
import type {
  CommonTable,
  DerivedTable,
  Expression,
  Identifier,
  QualifiedName,
  Query,
  QueryBody,
  SelectCore,
  SelectItem,
  TableName,
  TableReference,
} from '../sql/ast.js';

/** A SELECT whose rows are rows of tables, with the RowIDs of those that other transactions may be changing. */
export interface LockingSelect {
  /** Queries of its FROM clause show the RowIDs of their tables under names of their own. */
  readonly core: SelectCore;
  readonly rows: readonly LockedRow[];
}

interface LockedRow {
  /** The RowID, as an item of the SELECT. */
  readonly id: Expression;
  readonly table: TableDef;
}

type FindRelation = (name: QualifiedName) => Relation;

/**
 * The parts of a query that READ COMMITTED holds for: legs of set operations, with the queries and views in their FROM
 * clauses. Not those with DISTINCT, GROUP BY, aggregates or %NOLOCK: they see uncommitted rows.
 */
export function lockingSelects(query: Query, find: FindRelation): LockingSelect[] {
  return new LockingSelects(find).ofQuery(query, []);
}

class LockingSelects {
  readonly #find: FindRelation;
  #serial = 0;

  constructor(find: FindRelation) {
    this.#find = find;
  }

  ofQuery(query: Query, outer: readonly CommonTable[]): LockingSelect[] {
    const common = [...outer, ...query.with];
    return selectsOf(query.body).flatMap((core) => this.#ofSelect(core, common));
  }

  #ofSelect(core: SelectCore, common: readonly CommonTable[]): LockingSelect[] {
    if (!isPlain(core)) return [];
    const rows: LockedRow[] = [];
    const others: LockingSelect[] = [];
    const from = core.from.map((reference) => this.#shown(reference, common, rows, others));
    return rows.length === 0 ? others : [{ core: { ...core, from }, rows }, ...others];
  }

  /** The reference with the RowIDs of its tables on show; `others` gets what cannot be shown. */
  #shown(
    reference: TableReference,
    common: readonly CommonTable[],
    rows: LockedRow[],
    others: LockingSelect[],
  ): TableReference {
    switch (reference.kind) {
      case 'join':
        return {
          ...reference,
          left: this.#shown(reference.left, common, rows, others),
          right: this.#shown(reference.right, common, rows, others),
        };
      case 'derived-table':
        return this.#shownQuery(reference, common, rows, others);
      case 'table':
        return this.#shownTable(reference, common, rows, others);
      default:
        return reference;
    }
  }

  #shownTable(
    reference: TableName,
    common: readonly CommonTable[],
    rows: LockedRow[],
    others: LockingSelect[],
  ): TableReference {
    const alias = reference.alias ?? reference.name.name;
    const at = commonIndex(reference.name, common);
    const found = common[at];
    if (found !== undefined) {
      return this.#shownQuery(derived(found.query, alias), common.slice(0, at), rows, others);
    }
    const relation = this.#find(reference.name);
    if (relation.kind === 'view')
      return this.#shownQuery(derived(namedQuery(relation), alias), [], rows, others);
    if (relation.system === true) return reference;
    const { position } = reference;
    const table = reference.alias === undefined ? reference.name : { position, name: reference.alias };
    rows.push({ id: { kind: 'pseudo-column', position, name: '%ID', table }, table: relation });
    return reference;
  }

  #shownQuery(
    reference: DerivedTable,
    common: readonly CommonTable[],
    rows: LockedRow[],
    others: LockingSelect[],
  ): DerivedTable {
    const { query, position } = reference;
    const [inner, ...more] = this.ofQuery(query, common);
    if (inner === undefined || query.body.kind !== 'select') {
      // Rows of a set operation cannot be told apart any more: all rows of its legs count.
      if (inner !== undefined && !reference.lateral) others.push(inner, ...more);
      return reference;
    }
    others.push(...more);
    const shown = inner.rows.map(({ id, table }) => {
      const alias: Identifier = { name: `locked_${++this.#serial}`, delimited: false, position };
      const qualifier = reference.alias === undefined ? {} : { table: { position, name: reference.alias } };
      rows.push({ id: { kind: 'column', position, name: alias, arrows: [], ...qualifier }, table });
      return { kind: 'item', position, expression: id, alias } satisfies SelectItem;
    });
    const body: SelectCore = { ...inner.core, items: [...inner.core.items, ...shown] };
    return { ...reference, query: { ...query, with: [], body } };
  }
}

function selectsOf(body: QueryBody): SelectCore[] {
  switch (body.kind) {
    case 'select':
      return [body];
    case 'parenthesized-query':
      return selectsOf(body.query.body);
    case 'set-operation':
      return [body.first, ...body.rest.map((operand) => operand.body)].flatMap(selectsOf);
  }
}

const isPlain = (core: SelectCore): boolean =>
  core.quantifier === 'ALL' &&
  core.distinctBy === undefined &&
  core.groupBy.length === 0 &&
  !core.hints.includes('%NOLOCK') &&
  contentsOf([core.items, core.having]).aggregates.length === 0;

const derived = (query: Query, alias: Identifier): DerivedTable => ({
  kind: 'derived-table',
  lateral: false,
  query,
  alias,
  position: query.position,
});

/** The query of a view, its items under the names that the view gives them. */
function namedQuery(view: ViewDef): Query {
  const query = viewQuery(view);
  const { body } = query;
  const { columnNames } = view;
  if (columnNames === undefined || body.kind !== 'select') return query;
  const items = body.items.map((item, index): SelectItem => {
    const name = columnNames[index];
    if (item.kind === 'star' || name === undefined) return item;
    return { ...item, alias: { name, delimited: true, position: item.position } };
  });
  return { ...query, body: { ...body, items } };
}

function commonIndex(name: QualifiedName, common: readonly CommonTable[]): number {
  if (name.schema !== undefined) return -1;
  const wanted = name.name.name.toUpperCase();
  return common.findIndex((table) => table.name.name.toUpperCase() === wanted);
}

import { PgError } from '../pg-error.js';
import type { Expr } from './expr.js';
import type { Sql } from './fragment.js';
import type { MirrorTable } from './plan.js';
import type { PgType } from './pg-types.js';

/** A column that expressions can name. */
export interface ScopeColumn {
  readonly name: string;
  readonly sql: Sql;
  readonly type: PgType;
  readonly nullable: boolean;
  readonly vectorType?: string;
  /** As in Expr: digits of a numeric that comes out of a query in FROM. */
  readonly scale?: number;
  readonly scaleProbe?: Sql;
  readonly quotient?: NonNullable<Expr['quotient']>;
  /** The whole primary key of its table. */
  readonly isKey?: boolean;
}

/** One item of FROM under its alias. */
export interface Relation {
  /** As the client writes it before the dot. */
  readonly name: string;
  /** Set when the client may qualify with the schema: `public.movies.title`. */
  readonly schema?: string;
  readonly columns: readonly ScopeColumn[];
  readonly table?: MirrorTable;
  /** The alias in IRIS. */
  readonly irisAlias: string;
}

/** What FROM offers: relations for qualified names, and the visible columns, where USING has merged some. */
export interface RangeTable {
  readonly relations: readonly Relation[];
  readonly columns: readonly ScopeColumn[];
}

export const NO_TABLES: RangeTable = { relations: [], columns: [] };

export interface ResolvedColumn {
  readonly column: ScopeColumn;
  /** Lies the border of a derived table between the reference and its column? IRIS has no such correlation. */
  readonly crossesDerivedTable: boolean;
}

/** Where the name stands, asked only for an error: counting characters takes time. */
export type Locate = () => number | undefined;

/** Names that a query's expressions can use; chained for correlated subqueries. */
export class Scope {
  readonly table: RangeTable;
  readonly outer: Scope | undefined;
  readonly isDerivedTable: boolean;

  constructor(table: RangeTable, outer?: Scope, isDerivedTable = false) {
    this.table = table;
    this.outer = outer;
    this.isDerivedTable = isDerivedTable;
  }

  /** @throws PgError 42702 ambiguous, 42703 and 42P01 unknown */
  resolve(path: readonly string[], position: Locate): ResolvedColumn {
    const found = this.search(path, position, false);
    if (found !== undefined) return found;
    const name = path.join('.');
    throw new PgError({
      sqlstate: '42703',
      message: path.length > 1 ? `column ${name} does not exist` : `column "${name}" does not exist`,
      position: position(),
    });
  }

  /** The relation that `name.*` or a whole-row reference means, in this query only. */
  relation(path: readonly string[]): Relation | undefined {
    const [name, schema] = [path.at(-1), path.at(-2)];
    return this.table.relations.find(
      (each) => each.name === name && (schema === undefined || each.schema === schema),
    );
  }

  private search(
    path: readonly string[],
    position: Locate,
    crossesDerivedTable: boolean,
  ): ResolvedColumn | undefined {
    const column = this.lookup(path, position);
    if (column !== undefined) return { column, crossesDerivedTable };
    return this.outer?.search(path, position, crossesDerivedTable || this.isDerivedTable);
  }

  private lookup(path: readonly string[], position: Locate): ScopeColumn | undefined {
    const name = path.at(-1);
    const candidates =
      path.length === 1 ? this.table.columns : (this.relation(path.slice(0, -1))?.columns ?? []);
    const [column, ...others] = candidates.filter((each) => each.name === name);
    if (others.length > 0) {
      throw new PgError({
        sqlstate: '42702',
        message: `column reference "${name ?? ''}" is ambiguous`,
        position: position(),
      });
    }
    return column;
  }
}

import type { Node, SelectStmt, CommonTableExpr } from '@pgsql/types';
import { PgError, notSupported } from '../pg-error.js';
import { kindOf, locationOf } from './ast.js';
import { asCondition, type Expr } from './expr.js';
import { sql, type Sql } from './fragment.js';
import type { TranslationInput } from './plan.js';
import type { PgType } from './pg-types.js';
import type { Support } from './query/support-columns.js';
import type { Scope } from './scope.js';

/** Checks that the SQL makes itself, because IRIS would go on silently; they end in SQLCODE -140. */
export type Guard = 'cast' | 'range' | 'cardinality';

/** A column of a translated query. */
export interface QueryColumn {
  /** As PostgreSQL names it. */
  readonly name: string;
  /** The alias in IRIS, unique in its query. */
  readonly alias: string;
  readonly expr: Expr;
  /** For a query in FROM: where the digits of this column come from. */
  readonly support?: Support;
}

export interface Query {
  readonly sql: Sql;
  readonly columns: readonly QueryColumn[];
}

/** A CTE and the names that its query sees. */
export interface CommonTable {
  readonly node: CommonTableExpr;
  readonly env: Env;
}

export interface QueryOptions {
  /** A query in FROM: IRIS wants TOP beside its ORDER BY and cannot correlate it. */
  readonly isDerivedTable?: boolean;
  /** A query used as a value: more than one row is an error, which IRIS would not raise. */
  readonly singleRow?: boolean;
  /** Applied to each column, e.g. to compare text in PostgreSQL's order. */
  readonly shape?: (expr: Expr, index: number) => Sql;
  /** The order matters although nothing is limited: rows get their serial numbers in it. */
  readonly keepsOrder?: boolean;
  /** Types that the columns must become (INSERT .. SELECT, set operations). */
  readonly types?: readonly PgType[];
}

export interface Visitors {
  readonly expression: (node: Node, env: Env) => Expr;
  readonly query: (node: SelectStmt, env: Env, options?: QueryOptions) => Query;
}

/** What one translation shares between all visitors. */
export class Context {
  readonly input: TranslationInput;
  readonly visitors: Visitors;
  readonly guards = new Set<Guard>();
  private readonly aliases = new Set<string>();
  private aliasNumber = 0;

  constructor(input: TranslationInput, visitors: Visitors) {
    this.input = input;
    this.visitors = visitors;
  }

  /** 1-based character position of a byte offset, as PostgreSQL reports it. */
  position(location: number | undefined): number | undefined {
    if (location === undefined || location < 0) return undefined;
    const before = Buffer.from(this.input.sql, 'utf8').subarray(0, location).toString('utf8');
    return Array.from(before).length + 1;
  }

  /** An alias that no other FROM item of this statement has; IRIS compares names without case. */
  alias(preferred: string): string {
    const base = /^[A-Za-z][A-Za-z0-9_]{0,60}$/.test(preferred) ? preferred : 't';
    let name = base;
    while (this.aliases.has(name.toUpperCase())) name = `${base}_${++this.aliasNumber}`;
    this.aliases.add(name.toUpperCase());
    return name;
  }

  refuse(what: string, where?: Node | number, hint?: string): PgError {
    const location = typeof where === 'object' ? locationOf(where) : where;
    const position = this.position(location);
    return notSupported(what, {
      ...(position === undefined ? {} : { position }),
      ...(hint === undefined ? {} : { hint }),
    });
  }

  error(sqlstate: string, message: string, where?: Node | number): PgError {
    const location = typeof where === 'object' ? locationOf(where) : where;
    return new PgError({ sqlstate, message, position: this.position(location) });
  }

  /** An error of a part that knows no positions, with one. */
  located(error: unknown, location: number | undefined): unknown {
    if (!(error instanceof PgError) || error.fields.position !== undefined) return error;
    return new PgError({ ...error.fields, position: this.position(location) });
  }

  /**
   * A text that fails with SQLCODE -140 as soon as it is computed. It hangs on `trigger`, so that no planner
   * computes it early.
   */
  failure(guard: Guard, trigger: Sql): Sql {
    this.guards.add(guard);
    return sql`SUBSTRING(${trigger}, 1, -1)`;
  }
}

/** What a reader calls the nodes that are refused most. */
const NAMES_OF_KINDS: Readonly<Record<string, string | undefined>> = {
  A_ArrayExpr: 'an array value',
  RowExpr: 'a row as a value',
  GroupingFunc: 'GROUPING',
  SetToDefault: 'DEFAULT here',
  CurrentOfExpr: 'WHERE CURRENT OF',
  XmlExpr: 'XML',
  JsonObjectConstructor: 'JSON_OBJECT',
  JsonArrayConstructor: 'JSON_ARRAY',
  JsonFuncExpr: 'JSON_VALUE, JSON_QUERY or JSON_EXISTS',
};

/** Where an expression or query stands. Immutable; derived for inner queries. */
export class Env {
  readonly context: Context;
  readonly scope: Scope;
  readonly commonTables: ReadonlyMap<string, CommonTable>;
  /** Definitions of the WINDOW clause. */
  readonly windows: readonly Node[];
  /** Is this a condition that lets through only what is true, so that NULL is as good as false? */
  readonly isFilter: boolean;

  constructor(
    context: Context,
    scope: Scope,
    commonTables: ReadonlyMap<string, CommonTable>,
    windows: readonly Node[] = [],
    isFilter = false,
  ) {
    this.context = context;
    this.scope = scope;
    this.commonTables = commonTables;
    this.windows = windows;
    this.isFilter = isFilter;
  }

  withScope(scope: Scope, windows: readonly Node[] = []): Env {
    return new Env(this.context, scope, this.commonTables, windows);
  }

  withCommonTables(tables: ReadonlyMap<string, CommonTable>): Env {
    return new Env(this.context, this.scope, tables);
  }

  expression(node: Node): Expr {
    const env = this.isFilter ? this.withFilter(false) : this;
    return this.context.visitors.expression(node, env);
  }

  /** The condition of a WHERE, ON, HAVING, WHEN or FILTER. */
  filter(node: Node | undefined): Sql | undefined {
    if (node === undefined) return undefined;
    return asCondition(this.context.visitors.expression(node, this.isFilter ? this : this.withFilter(true)));
  }

  private withFilter(isFilter: boolean): Env {
    return new Env(this.context, this.scope, this.commonTables, this.windows, isFilter);
  }

  query(node: SelectStmt, options?: QueryOptions): Query {
    return this.context.visitors.query(node, this, options);
  }

  /** The translation of an optional node. */
  optional(node: Node | undefined): Expr | undefined {
    return node === undefined ? undefined : this.expression(node);
  }

  refuse(what: string, where?: Node | number, hint?: string): PgError {
    return this.context.refuse(what, where, hint);
  }

  refuseKind(node: Node): PgError {
    const kind = kindOf(node);
    return this.context.refuse(NAMES_OF_KINDS[kind] ?? kind, node);
  }
}

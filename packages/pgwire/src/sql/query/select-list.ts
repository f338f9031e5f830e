import type { Node, ResTarget } from '@pgsql/types';
import { as, strings } from '../ast.js';
import type { Env } from '../context.js';
import type { Expr } from '../expr.js';
import { columnValue } from '../expression/column.js';
import { coerce } from '../expression/cast.js';
import { TEXT } from '../pg-types.js';
import { OID } from '../../types/oids.js';
import { columnName } from './column-name.js';

/** One output column of a query. */
export interface Item {
  readonly name: string;
  /** In IRIS; unique within the query. */
  readonly alias: string;
  readonly expr: Expr;
}

/** The select list with `*` and `t.*` written out. */
export function translateItems(targets: readonly Node[], env: Env): Item[] {
  const aliases = new AliasSet();
  return targets.flatMap((node) => {
    const target = as(node, 'ResTarget');
    if (target?.val === undefined) throw env.refuseKind(node);
    return expand(target, target.val, env).map(({ name, expr }) => ({
      name,
      expr,
      alias: aliases.add(name),
    }));
  });
}

function expand(target: ResTarget, val: Node, env: Env): { readonly name: string; readonly expr: Expr }[] {
  const fields = as(val, 'ColumnRef')?.fields ?? [];
  const last = fields.at(-1);
  if (last === undefined || as(last, 'A_Star') === undefined) {
    return [{ name: target.name ?? columnName(val), expr: typed(env.expression(val), env) }];
  }
  const path = strings(fields.slice(0, -1));
  const columns = path.length === 0 ? env.scope.table.columns : env.scope.relation(path)?.columns;
  if (columns === undefined) {
    throw env.context.error('42P01', `missing FROM-clause entry for table "${path.join('.')}"`, val);
  }
  return columns.map((column) => ({ name: column.name, expr: columnValue(column) }));
}

/** A constant whose type nothing decides is text, as PostgreSQL makes it. */
function typed(expr: Expr, env: Env): Expr {
  return expr.type.oid === OID.unknown ? coerce(expr, TEXT, env) : expr;
}

/** Column aliases: plain characters, unique when compared without case. */
export class AliasSet {
  private readonly used = new Set<string>();

  add(name: string): string {
    const base = /^[A-Za-z_][A-Za-z0-9_]{0,100}$/.test(name) ? name : `column_${this.used.size + 1}`;
    let alias = base;
    for (let number = 2; this.used.has(alias.toUpperCase()); number++) alias = `${base}_${number}`;
    this.used.add(alias.toUpperCase());
    return alias;
  }
}

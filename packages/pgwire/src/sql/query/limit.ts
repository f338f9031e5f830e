import type { Node, SelectStmt } from '@pgsql/types';
import type { SqlParameter } from '@iris-devtools/core';
import { PgError } from '../../pg-error.js';
import { as } from '../ast.js';
import type { Env } from '../context.js';
import { bind, raw, sql, type RunValues, type Sql } from '../fragment.js';

/** LIMIT or OFFSET: known now, or known when the parameters are. `null`: no limit. */
export interface RowCount {
  readonly known: number | null | undefined;
  readonly compute: (run: RunValues) => number | null;
}

export interface Limits {
  readonly limit: RowCount | undefined;
  readonly offset: RowCount | undefined;
}

/** Stands for "all" where IRIS wants a number. unverified on a live server: the greatest number that TOP takes. */
const ALL_ROWS = 2_147_483_647;

export function limitsOf(node: SelectStmt, env: Env): Limits {
  if (node.limitOption === 'LIMIT_OPTION_WITH_TIES') {
    throw env.refuse('FETCH FIRST WITH TIES', node.limitCount);
  }
  return {
    limit: rowCount(node.limitCount, 'LIMIT', '2201W', env),
    offset: rowCount(node.limitOffset, 'OFFSET', '2201X', env),
  };
}

/** A limit that takes nothing away is none. */
function rowCount(node: Node | undefined, word: string, sqlstate: string, env: Env): RowCount | undefined {
  if (node === undefined) return undefined;
  const read = reader(node, env, word);
  const compute = (run: RunValues): number | null => {
    const count = read(run);
    if (count !== null && count < 0) throw new PgError({ sqlstate, message: `${word} must not be negative` });
    return count;
  };
  if (!dependsOnParameters(node)) {
    const known = compute({ parameters: [], now: new Date(0), inputs: [] });
    return known === null || (word === 'OFFSET' && known === 0) ? undefined : { known, compute };
  }
  return { known: undefined, compute };
}

function dependsOnParameters(node: Node): boolean {
  const inner = as(node, 'TypeCast')?.arg;
  return as(node, 'ParamRef') !== undefined || (inner !== undefined && dependsOnParameters(inner));
}

function reader(node: Node, env: Env, word: string): (run: RunValues) => number | null {
  const constant = as(node, 'A_Const');
  if (constant?.isnull === true) return () => null;
  if (constant?.ival !== undefined) return () => constant.ival?.ival ?? 0;
  const text = constant?.fval?.fval ?? constant?.sval?.sval;
  if (text !== undefined) return () => numberOf(text);
  const parameter = as(node, 'ParamRef');
  if (parameter !== undefined) return (run) => numberOf(run.parameters[(parameter.number ?? 1) - 1]);
  const cast = as(node, 'TypeCast');
  if (cast?.arg !== undefined) return reader(cast.arg, env, word);
  throw env.refuse(`an expression in ${word}`, node, 'Use a number or a parameter.');
}

function numberOf(value: SqlParameter): number | null {
  if (value === null || value === undefined) return null;
  return Math.min(Math.round(Number(value)), Number.MAX_SAFE_INTEGER);
}

/** `TOP n` for the first rows up to the end of the window that LIMIT and OFFSET describe. */
export function topClause(limits: Limits): Sql | undefined {
  const { limit, offset } = limits;
  if (limit === undefined) return undefined;
  if (typeof limit.known === 'number' && (offset === undefined || typeof offset.known === 'number')) {
    return raw(`TOP ${limit.known + (offset?.known ?? 0)}`);
  }
  const placeholder = bind((run) => {
    const count = limit.compute(run);
    return count === null ? ALL_ROWS : Math.min(count + (offset?.compute(run) ?? 0), ALL_ROWS);
  });
  return sql`TOP ${placeholder}`;
}

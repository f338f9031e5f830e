import type { Node } from '@pgsql/types';

/** `select pg_sleep(n)`: seconds as a constant, or the number of the parameter that has them. */
export type Sleep = { readonly seconds: number } | { readonly parameter: number };

/**
 * Sleeping would hold up PostgreSQL for everybody, so the session sleeps itself. Only the call alone is known; anywhere else
 * pg_sleep is refused.
 */
export function readSleep(node: Node): Sleep | undefined {
  if (!('SelectStmt' in node)) return undefined;
  const {
    targetList = [],
    fromClause,
    whereClause,
    withClause,
    limitCount,
    limitOffset,
    sortClause,
    groupClause,
  } = node.SelectStmt;
  const others = [fromClause, whereClause, withClause, limitCount, limitOffset, sortClause, groupClause];
  const [target] = targetList;
  if (target === undefined || targetList.length > 1 || others.some((clause) => clause !== undefined))
    return undefined;
  const call = 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (call === undefined || !('FuncCall' in call)) return undefined;
  const { funcname = [], args = [] } = call.FuncCall;
  const path = funcname.map((part) => ('String' in part ? part.String.sval : undefined));
  const isSleep = path.at(-1) === 'pg_sleep' && (path.length === 1 || path[0] === 'pg_catalog');
  const [argument] = args;
  return isSleep && argument !== undefined && args.length === 1 ? readSeconds(argument) : undefined;
}

function readSeconds(node: Node): Sleep | undefined {
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return readSeconds(node.TypeCast.arg);
  if ('ParamRef' in node && node.ParamRef.number !== undefined) return { parameter: node.ParamRef.number };
  if (!('A_Const' in node)) return undefined;
  const { ival, fval, sval } = node.A_Const;
  const text = fval?.fval ?? sval?.sval ?? (ival === undefined ? undefined : String(ival.ival ?? 0));
  const seconds = Number(text);
  return text === undefined || !Number.isFinite(seconds) ? undefined : { seconds };
}

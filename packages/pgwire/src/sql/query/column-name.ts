import type { Node } from '@pgsql/types';
import { as, kindOf, lastName, strings } from '../ast.js';

/** The name that PostgreSQL gives an output column without AS (its FigureColname). */
export function columnName(node: Node | undefined): string {
  return figure(node)?.name ?? '?column?';
}

interface Figure {
  readonly name: string;
  /** A weak name gives way to the name of a type or of an ELSE. */
  readonly weak?: boolean;
}

const FIXED: Readonly<Record<string, string | undefined>> = {
  CoalesceExpr: 'coalesce',
  RowExpr: 'row',
  A_ArrayExpr: 'array',
  GroupingFunc: 'grouping',
};

function figure(node: Node | undefined): Figure | undefined {
  if (node === undefined) return undefined;
  const column = as(node, 'ColumnRef');
  if (column !== undefined) return { name: lastName(column.fields) };
  const call = as(node, 'FuncCall');
  if (call !== undefined) return { name: lastName(call.funcname) };
  const cast = as(node, 'TypeCast');
  if (cast !== undefined) {
    const inner = figure(cast.arg);
    return inner === undefined || inner.weak === true
      ? { name: lastName(cast.typeName?.names), weak: true }
      : inner;
  }
  const caseExpr = as(node, 'CaseExpr');
  if (caseExpr !== undefined) {
    const otherwise = figure(caseExpr.defresult);
    return otherwise === undefined || otherwise.weak === true ? { name: 'case', weak: true } : otherwise;
  }
  const minMax = as(node, 'MinMaxExpr');
  if (minMax !== undefined) return { name: minMax.op === 'IS_LEAST' ? 'least' : 'greatest' };
  const sublink = as(node, 'SubLink');
  if (sublink?.subLinkType === 'EXISTS_SUBLINK') return { name: 'exists' };
  if (sublink?.subLinkType === 'EXPR_SUBLINK') return figureOfSubquery(sublink.subselect);
  const clock = as(node, 'SQLValueFunction');
  if (clock?.op !== undefined) return { name: clock.op.replace(/^SVFOP_|_N$/g, '').toLowerCase() };
  const expr = as(node, 'A_Expr');
  if (expr?.kind === 'AEXPR_NULLIF') return { name: 'nullif' };
  const collate = as(node, 'CollateClause');
  if (collate !== undefined) return figure(collate.arg);
  const field = as(node, 'A_Indirection');
  if (field !== undefined) return { name: strings(field.indirection).at(-1) ?? columnName(field.arg) };
  const fixed = FIXED[kindOf(node)];
  return fixed === undefined ? undefined : { name: fixed };
}

function figureOfSubquery(node: Node | undefined): Figure | undefined {
  const target = as(as(node, 'SelectStmt')?.targetList?.[0], 'ResTarget');
  if (target === undefined) return undefined;
  return target.name === undefined ? figure(target.val) : { name: target.name };
}

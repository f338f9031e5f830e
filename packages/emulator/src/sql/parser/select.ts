import type { Expression, HostVariable, RowLimit, SelectCore, SelectItem, StarItem } from '../ast.js';
import { parseCondition } from './conditions.js';
import { parseExpression, parseHostVariable } from './expressions.js';
import { acceptAlias, parseFrom } from './from.js';
import { limitsConflict, parseTop } from './row-limit.js';
import type { TokenCursor } from './token-cursor.js';

/** Words behind SELECT that change how IRIS runs the query, not what it gives. */
const HINTS = [
  '%NOFPLAN',
  '%NOLOCK',
  '%NORUNTIME',
  '%PROFILE',
  '%PROFILE_ALL',
  '%RUNTIMEIN',
  '%RUNTIMEOUT',
] as const;

/** One SELECT up to HAVING; `rowLimit` comes from `%ROWOFFSET` and `%ROWLIMIT`. */
export function parseSelect(p: TokenCursor): { core: SelectCore; rowLimit: RowLimit | undefined } {
  const { position } = p;
  p.expectWord('SELECT');
  const intoAllowed = p.routine.takeIntoAllowed();
  const hints = parseHints(p);
  const rowLimit = parseRowWords(p);
  const quantifier = p.acceptAnyWord('DISTINCT', 'ALL') ?? 'ALL';
  const distinctBy = quantifier === 'DISTINCT' && p.acceptWord('BY') ? parseDistinctBy(p) : undefined;
  // ALL is a noise word behind DISTINCT too.
  if (quantifier === 'DISTINCT' && distinctBy === undefined) p.acceptWord('ALL');
  const top = p.isWord('TOP') ? parseTop(p) : undefined;
  // IRIS looks at the FROM clause before it complains about an empty select list.
  const emptyList = p.isWord('FROM') ? p.token : undefined;
  const items = emptyList === undefined ? p.commaList(() => parseItem(p)) : [];
  const into = p.isWord('INTO') ? parseInto(p, intoAllowed) : undefined;
  const from = p.acceptWord('FROM') ? parseFrom(p) : [];
  if (emptyList !== undefined) throw p.errorAt(emptyList, -12, 'A term expected in the select list');
  if (rowLimit !== undefined && top !== undefined) throw limitsConflict(p);
  const core: SelectCore = {
    kind: 'select',
    hints,
    quantifier,
    ...(distinctBy && { distinctBy }),
    ...(top && { top }),
    items,
    ...(into && { into }),
    from,
    ...parseFilters(p),
    position,
  };
  return { core, rowLimit };
}

/** `INTO :a, :b` @throws IrisError -422 outside of a routine's body */
function parseInto(p: TokenCursor, allowed: boolean): HostVariable[] {
  if (!allowed) {
    throw p.error(
      -422,
      'SELECT request processed via ODBC, JDBC, or Dynamic SQL cannot contain an INTO clause',
    );
  }
  p.expectWord('INTO');
  return p.commaList(() => {
    const variable = parseHostVariable(p);
    return variable.kind === 'host-variable' ? variable : p.expected(':variable');
  });
}

function parseFilters(p: TokenCursor): Pick<SelectCore, 'where' | 'groupBy' | 'having'> {
  const where = p.acceptWord('WHERE') ? parseCondition(p) : undefined;
  const groupBy = p.acceptWord('GROUP') ? parseGroupBy(p) : [];
  const having = p.acceptWord('HAVING') ? parseCondition(p) : undefined;
  return { ...(where && { where }), groupBy, ...(having && { having }) };
}

function parseGroupBy(p: TokenCursor): Expression[] {
  p.expectWord('BY');
  return p.commaList(() => parseExpression(p));
}

function parseHints(p: TokenCursor): string[] {
  const hints: string[] = [];
  for (let hint = p.acceptAnyWord(...HINTS); hint !== undefined; hint = p.acceptAnyWord(...HINTS)) {
    hints.push(hint);
  }
  return hints;
}

/** Not in the manual; Hibernate's dialect for IRIS 2025.3 pages with them: `SELECT %ROWOFFSET ? %ROWLIMIT ? ...`. */
function parseRowWords(p: TokenCursor): RowLimit | undefined {
  const { position } = p;
  const offset = p.acceptWord('%ROWOFFSET') ? parseRowWord(p) : undefined;
  const count = p.acceptWord('%ROWLIMIT') ? parseRowWord(p) : undefined;
  if (offset === undefined && count === undefined) return undefined;
  return { style: 'LIMIT', ...(count && { count }), ...(offset && { offset }), position };
}

function parseRowWord(p: TokenCursor): RowLimit['count'] {
  const value = parseExpression(p);
  const isCount = value.kind === 'number' || value.kind === 'parameter' || value.kind === 'host-variable';
  return isCount ? value : p.expected('Integer | ?');
}

function parseDistinctBy(p: TokenCursor): Expression[] {
  p.expectSymbol('(');
  const values = p.commaList(() => parseExpression(p));
  p.expectSymbol(')');
  return values;
}

function parseItem(p: TokenCursor): SelectItem {
  const { position } = p;
  const star = parseStar(p);
  if (star !== undefined) return star;
  const expression = parseExpression(p);
  const alias = acceptAlias(p);
  return { kind: 'item', expression, ...(alias && { alias }), position };
}

/** `*`, `t.*`, `s.t.*`. */
function parseStar(p: TokenCursor): StarItem | undefined {
  const { position } = p;
  if (p.acceptSymbol('*')) return { kind: 'star', position };
  const isQualified = p.isIdentifier && p.isSymbolAt(1, '.');
  const one = isQualified && p.isSymbolAt(2, '*');
  const two = isQualified && p.isSymbolAt(3, '.') && p.isSymbolAt(4, '*');
  if (!one && !two) return undefined;
  const first = p.identifier();
  p.expectSymbol('.');
  if (p.acceptSymbol('*')) return { kind: 'star', table: { name: first, position }, position };
  const name = p.identifier();
  p.expectSymbol('.');
  p.expectSymbol('*');
  return { kind: 'star', table: { schema: first, name, position }, position };
}

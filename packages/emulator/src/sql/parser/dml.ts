import type { IrisError } from '@iris-devtools/core';
import { sqlError } from '@iris-devtools/core';
import type {
  Assignment,
  ColumnTarget,
  Condition,
  DeleteStatement,
  DmlTarget,
  Expression,
  InsertSource,
  InsertStatement,
  QualifiedName,
  RestrictionKeyword,
  TableReference,
  TruncateStatement,
  UpdateStatement,
} from '../ast.js';
import { parseCondition } from './conditions.js';
import { parseExpression } from './expressions.js';
import { acceptAlias, parseFrom } from './from.js';
import { parseQuery, parseSubquery } from './query.js';
import type { TokenCursor } from './token-cursor.js';

const KEYWORDS = [
  '%NOCHECK',
  '%NOFPLAN',
  '%NOINDEX',
  '%NOJOURN',
  '%NOLOCK',
  '%NOTRIGGER',
  '%PROFILE',
  '%PROFILE_ALL',
] as const satisfies readonly RestrictionKeyword[];

function parseKeywords(p: TokenCursor): RestrictionKeyword[] {
  const keywords: RestrictionKeyword[] = [];
  for (let word = p.acceptAnyWord(...KEYWORDS); word !== undefined; word = p.acceptAnyWord(...KEYWORDS)) {
    keywords.push(word);
  }
  return keywords;
}

/** `INSERT [OR UPDATE] [%keyword ..] [INTO] t [(c, ..)] VALUES .. | SET .. | DEFAULT VALUES | SELECT ..` */
export function parseInsert(p: TokenCursor): InsertStatement {
  const { position } = p;
  p.expectWord('INSERT');
  const orUpdate = p.acceptWord('OR');
  if (orUpdate) p.expectWord('UPDATE');
  const keywords = parseKeywords(p);
  p.acceptWord('INTO');
  const target = p.startsQuery() ? parseDmlTarget(p) : undefined;
  const table = target === undefined ? p.qualifiedName() : baseTable(target);
  const head = { kind: 'insert', orUpdate, keywords, table, ...(target && { target }), position } as const;
  if (p.acceptWord('SET')) return { ...head, ...parseInsertSet(p) };
  const columns = p.isSymbol('(') && !p.startsQuery() ? parseTargets(p) : undefined;
  return { ...head, ...(columns && { columns }), source: parseInsertSource(p) };
}

/** The table behind the query; what a query may be is known only with the catalog. */
function baseTable(target: DmlTarget): QualifiedName {
  if (target.kind === 'table') return target.name;
  const { body } = target.query;
  if (body.kind === 'parenthesized-query') return baseTable({ kind: 'query', query: body.query });
  const [reference] = body.kind === 'select' ? body.from : [];
  if (reference?.kind === 'table') return reference.name;
  throw sqlError(-35, ' INSERT/UPDATE/DELETE not allowed for non-updateable view');
}

const noSubquery = (): IrisError =>
  sqlError(-144, " A subquery is not allowed in an insert statement's set/values clause", {
    hint: 'Use INSERT INTO ... SELECT ... instead.',
  });

function parseInsertSet(p: TokenCursor): Pick<InsertStatement, 'columns' | 'source'> {
  const assignments = p.withoutSubqueries(noSubquery(), () => p.commaList(() => parseAssignment(p)));
  return {
    columns: assignments.map(({ column }) => column),
    source: { kind: 'values', values: assignments.map(({ value }) => value) },
  };
}

function parseInsertSource(p: TokenCursor): InsertSource {
  if (p.acceptWord('DEFAULT', 'VALUES')) return { kind: 'default-values' };
  if (p.acceptWord('VALUES')) return { kind: 'values', values: parseValues(p) };
  if (!p.isWord('SELECT') && !p.startsQuery()) p.expected('VALUES | SELECT');
  return { kind: 'query', query: parseQuery(p) };
}

/** One row; a single value needs no parentheses. */
function parseValues(p: TokenCursor): Expression[] {
  return p.withoutSubqueries(noSubquery(), () => {
    if (!p.acceptSymbol('(')) return [parseExpression(p)];
    const values = p.commaList(() => parseExpression(p));
    p.expectSymbol(')');
    return values;
  });
}

function parseTargets(p: TokenCursor): ColumnTarget[] {
  p.expectSymbol('(');
  const targets = p.commaList(() => parseTarget(p));
  p.expectSymbol(')');
  return targets;
}

function parseTarget(p: TokenCursor): ColumnTarget {
  const target = p.isWord('%ID') ? rowId(p) : p.identifier();
  if (p.isSymbol('->')) {
    throw p.error(-21, 'Pointer->Field reference may not be modified by an INSERT or UPDATE statement');
  }
  return target;
}

function rowId(p: TokenCursor): ColumnTarget {
  const { text: name, position } = p.advance();
  return { name, delimited: false, position };
}

function parseAssignment(p: TokenCursor): Assignment {
  const { position } = p;
  const column = parseTarget(p);
  p.expectSymbol('=');
  return { column, value: parseExpression(p), position };
}

/** `UPDATE [%keyword ..] t [AS a] SET c = x, .. | (c, ..) VALUES (x, ..) [FROM ..] [WHERE ..]` */
export function parseUpdate(p: TokenCursor): UpdateStatement {
  const { position } = p;
  p.expectWord('UPDATE');
  const keywords = parseKeywords(p);
  const target = parseDmlTarget(p);
  if (p.acceptWord('VALUES')) {
    const values = parseValueList(p);
    return { kind: 'update', keywords, target, assignments: [], values, ...parseRows(p), position };
  }
  const assignments = p.isSymbol('(') ? parseUpdateValues(p) : parseUpdateSet(p);
  return { kind: 'update', keywords, target, assignments, ...parseRows(p), position };
}

function parseUpdateSet(p: TokenCursor): Assignment[] {
  p.expectWord('SET');
  return p.commaList(() => parseAssignment(p));
}

function parseValueList(p: TokenCursor): Expression[] {
  p.expectSymbol('(');
  const values = p.commaList(() => parseExpression(p));
  p.expectSymbol(')');
  return values;
}

function parseUpdateValues(p: TokenCursor): Assignment[] {
  const columns = parseTargets(p);
  p.expectWord('VALUES');
  const values = parseValueList(p);
  if (values.length > columns.length) {
    throw sqlError(-116, ' More values than columns in the UPDATE statement');
  }
  return columns.map((column, index): Assignment => {
    const value = values[index];
    if (value === undefined) throw sqlError(-62, ' Additional new values expected for UPDATE');
    return { column, value, position: column.position };
  });
}

function parseDmlTarget(p: TokenCursor): DmlTarget {
  if (p.startsQuery()) {
    const query = parseSubquery(p);
    const alias = acceptAlias(p);
    return { kind: 'query', query, ...(alias && { alias }) };
  }
  const name = p.qualifiedName();
  const alias = acceptAlias(p);
  return { kind: 'table', name, ...(alias && { alias }) };
}

function parseRows(p: TokenCursor): { from: TableReference[]; where?: Condition } {
  const from = p.acceptWord('FROM') ? parseFrom(p) : [];
  if (!p.acceptWord('WHERE')) return { from };
  if (p.isWord('CURRENT') && p.isWordAt(1, 'OF')) {
    throw sqlError(-52, ' Cursors exist only in Embedded SQL and SQL procedures');
  }
  return { from, where: parseCondition(p) };
}

/** `DELETE [%keyword ..] [FROM] t [AS a] [FROM ..] [WHERE ..]` */
export function parseDelete(p: TokenCursor): DeleteStatement {
  const { position } = p;
  p.expectWord('DELETE');
  const keywords = parseKeywords(p);
  p.acceptWord('FROM');
  const target = parseDmlTarget(p);
  return { kind: 'delete', keywords, target, ...parseRows(p), position };
}

export function parseTruncate(p: TokenCursor): TruncateStatement {
  const { position } = p;
  p.expectWord('TRUNCATE', 'TABLE');
  const keywords = parseKeywords(p);
  return { kind: 'truncate-table', keywords, table: p.qualifiedName(), position };
}

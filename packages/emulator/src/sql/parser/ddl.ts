import type {
  CreateIndexStatement,
  CreateViewStatement,
  DropIndexStatement,
  DropTableStatement,
  DropViewStatement,
  Identifier,
  QualifiedName,
  QueryBody,
} from '../ast.js';
import { sqlError } from '@iris-devtools/core';
import { acceptDeleteData } from './alter-table.js';
import { parseQuery } from './query.js';
import type { TokenCursor } from './token-cursor.js';
import { parseParameterValue } from './type-name.js';

export function acceptIfExists(p: TokenCursor): boolean {
  return p.acceptWord('IF', 'EXISTS');
}

export function parseDropTable(p: TokenCursor, position: number): DropTableStatement {
  p.expectWord('TABLE');
  const ifExists = acceptIfExists(p);
  const table = p.qualifiedName();
  const behavior = p.acceptAnyWord('RESTRICT', 'CASCADE') ?? 'RESTRICT';
  return { kind: 'drop-table', ifExists, table, behavior, deleteData: acceptDeleteData(p), position };
}

/** From VIEW on: `VIEW v [(c, ..)] AS query [WITH READ ONLY | WITH [LOCAL | CASCADED] CHECK OPTION]`. */
export function parseView(
  p: TokenCursor,
  position: number,
  how: Pick<CreateViewStatement, 'orReplace' | 'alter'>,
): CreateViewStatement {
  p.expectWord('VIEW');
  const view = p.qualifiedName();
  const columns = p.isSymbol('(') ? p.identifierList() : undefined;
  p.expectWord('AS');
  const start = p.position;
  const query = parseQuery(p);
  const queryText = p.source.slice(start, p.previousEnd);
  if (p.usesVariables) {
    throw sqlError(
      -148,
      " CREATE VIEW, ALTER VIEW, or a view's query may not contain host variable references",
    );
  }
  if (query.orderBy.length > 0 && !hasTop(query.body)) {
    throw sqlError(-143, " ORDER BY not valid in a view's query", { hint: 'Add TOP ALL to the SELECT.' });
  }
  const head = { kind: 'create-view', ...how, view, ...(columns && { columns }), query, queryText } as const;
  return { ...head, ...parseViewOptions(p), position };
}

function hasTop(body: QueryBody): boolean {
  if (body.kind === 'set-operation') return hasTop(body.first);
  return body.kind === 'select' && body.top !== undefined;
}

function parseViewOptions(p: TokenCursor): Pick<CreateViewStatement, 'readOnly' | 'checkOption'> {
  if (!p.acceptWord('WITH')) return { readOnly: false, checkOption: 'NONE' };
  if (p.acceptWord('READ', 'ONLY')) return { readOnly: true, checkOption: 'NONE' };
  const level = p.acceptAnyWord('LOCAL', 'CASCADED', 'CASCADE') ?? 'CASCADED';
  p.expectWord('CHECK', 'OPTION');
  return { readOnly: false, checkOption: level === 'LOCAL' ? 'LOCAL' : 'CASCADED' };
}

export function parseDropView(p: TokenCursor, position: number): DropViewStatement {
  p.expectWord('VIEW');
  const ifExists = acceptIfExists(p);
  const view = p.qualifiedName();
  return {
    kind: 'drop-view',
    ifExists,
    view,
    behavior: p.acceptAnyWord('RESTRICT', 'CASCADE') ?? 'RESTRICT',
    position,
  };
}

const INDEX_TYPES = ['UNIQUE', 'BITMAP', 'BITSLICE', 'COLUMNAR', 'BITMAPEXTENT'] as const;

/** Does `CREATE` here begin an index? CLUSTERED is a noise word. */
export function startsCreateIndex(p: TokenCursor): boolean {
  return p.isWord('INDEX', 'CLUSTERED', 'NONCLUSTERED', ...INDEX_TYPES);
}

export function parseCreateIndex(p: TokenCursor, position: number): CreateIndexStatement {
  const type = p.acceptAnyWord(...INDEX_TYPES) ?? 'DEFAULT';
  p.acceptAnyWord('CLUSTERED', 'NONCLUSTERED');
  p.expectWord('INDEX');
  const name = p.identifier();
  p.expectWord('ON');
  p.acceptWord('TABLE');
  const table = parseIndexedTable(p);
  const columns = parseIndexColumns(p, type);
  const indexClass = p.acceptWord('AS') ? parseIndexClass(p) : undefined;
  const withData = p.acceptWord('WITH') ? parseWithData(p) : [];
  const build = p.acceptAnyWord('DEFER', 'IMMEDIATE') ?? 'IMMEDIATE';
  p.acceptWord('BUILD');
  const head = {
    kind: 'create-index',
    type,
    name,
    table,
    columns,
    ...(indexClass && { indexClass }),
  } as const;
  return { ...head, withData, build, position };
}

/** `owner.catalog.schema.table`: only the last two say anything. */
function parseIndexedTable(p: TokenCursor): QualifiedName {
  const parts = [p.identifier()];
  while (parts.length < 4 && p.acceptSymbol('.')) parts.push(p.identifier());
  const [schema, name] = parts.slice(-2);
  if (schema === undefined) return p.expected('IDENTIFIER');
  return name === undefined
    ? { name: schema, position: schema.position }
    : { schema, name, position: schema.position };
}

function parseIndexColumns(p: TokenCursor, type: CreateIndexStatement['type']): Identifier[] {
  if (!p.isSymbol('(')) {
    if (type === 'BITMAPEXTENT') return [];
    // A bitmap extent has no columns, so IRIS takes the statement as complete here.
    return p.atEnd ? p.expected('(') : p.leftover();
  }
  p.expectSymbol('(');
  const columns = p.commaList(() => {
    const column = p.identifier();
    p.acceptAnyWord('ASC', 'DESC');
    return column;
  });
  p.expectSymbol(')');
  return columns;
}

/** `HNSW(M = 24, Distance = 'Cosine')`, or a class name alone. */
function parseIndexClass(p: TokenCursor): NonNullable<CreateIndexStatement['indexClass']> {
  let name = p.identifier().name;
  while (p.acceptSymbol('.')) name += `.${p.identifier().name}`;
  if (!p.acceptSymbol('(')) return { name, parameters: [] };
  const parameters = p.isSymbol(')') ? [] : p.commaList(() => parseIndexParameter(p));
  p.expectSymbol(')');
  return { name, parameters };
}

function parseIndexParameter(p: TokenCursor): { name: string; value: string } {
  const { name } = p.identifier();
  p.expectSymbol('=');
  return { name, value: parseParameterValue(p) };
}

function parseWithData(p: TokenCursor): Identifier[] {
  p.expectWord('DATA');
  return p.identifierList();
}

/** `DROP INDEX [IF EXISTS] n [ON [TABLE] t]`, `DROP INDEX t.n`. */
export function parseDropIndex(p: TokenCursor, position: number): DropIndexStatement {
  p.expectWord('INDEX');
  const ifExists = acceptIfExists(p);
  p.acceptWord('%NOJOURN');
  const parts = [p.identifier()];
  while (parts.length < 3 && p.acceptSymbol('.')) parts.push(p.identifier());
  const [first, second, third] = parts;
  if (first === undefined) return p.expected('IDENTIFIER');
  const head = { kind: 'drop-index', ifExists, position } as const;
  if (second !== undefined) {
    const table = { name: third === undefined ? first : second, position: first.position };
    return third === undefined
      ? { ...head, name: second, table }
      : { ...head, name: third, table: { ...table, schema: first } };
  }
  if (!p.acceptWord('ON')) return { ...head, name: first };
  p.acceptWord('TABLE');
  return { ...head, name: first, table: p.qualifiedName() };
}

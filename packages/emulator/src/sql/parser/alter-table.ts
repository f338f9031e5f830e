import type { AlterTableAction, AlterTableStatement, Identifier } from '../ast.js';
import { parseCollationName, parseColumnDefinition } from './columns.js';
import { isTableConstraint, parseTableConstraint } from './create-table.js';
import { parseDefaultValue } from './default-value.js';
import type { TokenCursor } from './token-cursor.js';
import { parseTypeName, startsTypeName } from './type-name.js';

type ModifyColumn = Extract<AlterTableAction, { kind: 'modify-column' }>;

/** From TABLE on. One kind of action in a statement. */
export function parseAlterTable(p: TokenCursor, position: number): AlterTableStatement {
  p.expectWord('TABLE');
  const table = p.qualifiedName();
  return { kind: 'alter-table', table, action: parseAction(p), position };
}

function parseAction(p: TokenCursor): AlterTableAction {
  const { position } = p;
  switch (
    p.expectAnyWord('ADD', 'ALTER', 'MODIFY', 'DROP', 'DELETE', 'RENAME', 'CONVERT', 'MOVE', 'PARTITION')
  ) {
    case 'ADD':
      return parseAdd(p);
    case 'ALTER':
    case 'MODIFY':
      p.acceptWord('COLUMN');
      return parseColumnChange(p);
    case 'DROP':
    case 'DELETE':
      return parseDrop(p);
    case 'RENAME':
      return parseRenameTable(p);
    case 'CONVERT':
    case 'MOVE':
    case 'PARTITION':
      p.skipToEnd();
      return { kind: 'storage', text: p.source.slice(position) };
  }
}

function parseAdd(p: TokenCursor): AlterTableAction {
  if (isTableConstraint(p)) return { kind: 'add-constraint', constraint: parseTableConstraint(p) };
  if (p.acceptWord('DEFAULT')) {
    const value = parseDefaultValue(p);
    p.expectWord('FOR');
    return { kind: 'set-default', column: p.identifier(), value };
  }
  p.acceptWord('COLUMN');
  if (!p.acceptSymbol('(')) return { kind: 'add-columns', columns: [parseColumnDefinition(p)] };
  const columns = p.commaList(() => parseColumnDefinition(p));
  p.expectSymbol(')');
  return { kind: 'add-columns', columns };
}

function parseColumnChange(p: TokenCursor): AlterTableAction {
  const column = p.identifier();
  if (p.acceptWord('RENAME')) return { kind: 'rename-column', column, newName: p.identifier() };
  if (p.acceptWord('SET')) {
    p.expectWord('DEFAULT');
    return { kind: 'set-default', column, value: parseDefaultValue(p) };
  }
  if (p.acceptWord('DROP')) {
    p.expectWord('DEFAULT');
    return { kind: 'drop-default', column };
  }
  return parseModify(p, column);
}

/** `[type] [DEFAULT x] [NULL | NOT NULL] [COLLATE c]`, at least one of them. */
function parseModify(p: TokenCursor, column: Identifier): AlterTableAction {
  let change: ModifyColumn = { kind: 'modify-column', column };
  if (startsTypeName(p)) change = { ...change, type: parseTypeName(p) };
  for (;;) {
    if (p.acceptWord('DEFAULT')) change = { ...change, defaultValue: parseDefaultValue(p) };
    else if (p.acceptWord('NOT', 'NULL')) change = { ...change, nullable: false };
    else if (p.acceptWord('NULL')) change = { ...change, nullable: true };
    else if (p.acceptWord('COLLATE')) change = { ...change, ...parseCollationName(p) };
    else break;
  }
  if (Object.keys(change).length === 2) p.expected('Data type');
  return change;
}

function parseDrop(p: TokenCursor): AlterTableAction {
  if (p.acceptWord('CONSTRAINT')) {
    const name = p.identifier();
    return { kind: 'drop-constraint', name, cascade: p.acceptAnyWord('CASCADE', 'RESTRICT') === 'CASCADE' };
  }
  if (p.acceptWord('PRIMARY')) {
    p.expectWord('KEY');
    p.acceptAnyWord('CASCADE', 'RESTRICT');
    return { kind: 'drop-primary-key' };
  }
  if (p.acceptWord('FOREIGN')) {
    p.expectWord('KEY');
    return { kind: 'drop-foreign-key', name: p.identifier() };
  }
  p.acceptWord('COLUMN');
  const columns = p.isSymbol('(') ? p.identifierList() : [p.identifier()];
  const behavior = p.acceptAnyWord('CASCADE', 'RESTRICT') ?? 'RESTRICT';
  return { kind: 'drop-columns', columns, behavior, deleteData: acceptDeleteData(p) };
}

/** %DELDATA, %NODELDATA, or nothing. */
export function acceptDeleteData(p: TokenCursor): boolean | undefined {
  const word = p.acceptAnyWord('%DELDATA', '%NODELDATA');
  return word && word === '%DELDATA';
}

function parseRenameTable(p: TokenCursor): AlterTableAction {
  const newName = p.identifier();
  if (p.isSymbol('.')) throw p.error(-1, 'Unqualified table name expected, qualified table name found');
  return { kind: 'rename-table', newName };
}

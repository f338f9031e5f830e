import type {
  AlterTableAction,
  AlterTableStatement,
  ColumnDefinition,
  Identifier,
  SchemaStatisticsStatement,
} from '../ast.js';
import { parseCollationName, parseColumnDefinition, parseStorageType, startsCollation } from './columns.js';
import { isTableConstraint, parseTableConstraint } from './create-table.js';
import { parseDefaultValue } from './default-value.js';
import type { TokenCursor } from './token-cursor.js';
import { parseParameterValue, parseTypeName, startsTypeName } from './type-name.js';

type ModifyColumn = Extract<AlterTableAction, { kind: 'modify-column' }>;

/** From TABLE on. One kind of action in a statement. */
export function parseAlterTable(p: TokenCursor, position: number): AlterTableStatement {
  p.expectWord('TABLE');
  const table = p.qualifiedName();
  return { kind: 'alter-table', table, action: parseAction(p), position };
}

/** `ALTER SCHEMA s FIX STATISTICS | DROP FIXED STATISTICS | SET RUNTIME name = value` */
export function parseAlterSchema(p: TokenCursor, position: number): SchemaStatisticsStatement {
  p.expectWord('SCHEMA');
  const schema = p.identifier();
  if (!acceptStatistics(p)) p.expected('FIX | DROP | SET');
  return { kind: 'schema-statistics', schema, position };
}

function acceptStatistics(p: TokenCursor): boolean {
  for (const word of ['STATISTICS', 'STATS'])
    if (p.acceptWord('FIX', word) || p.acceptWord('DROP', 'FIXED', word)) return true;
  if (!p.acceptWord('SET', 'RUNTIME')) return false;
  p.expectAnyWord('IGNOREFIXEDSTATS', 'SKIPAUTOMATICSTATSCOLLECTION');
  p.expectSymbol('=');
  parseParameterValue(p);
  return true;
}

function acceptStorageAction(p: TokenCursor): boolean {
  const found =
    p.acceptWord('CONVERT', 'TO', 'SHARDED') ||
    p.acceptWord('CONVERT', 'TO', 'NONSHARDED') ||
    p.acceptWord('MOVE') ||
    p.acceptWord('PARTITION') ||
    p.acceptWord('TRUNCATE', 'PARTITION') ||
    p.acceptWord('DROP', 'PARTITION', 'ID') ||
    p.acceptWord('DROP', 'ALL', 'PARTITIONS');
  if (found) p.skipToEnd();
  return found;
}

function parseAction(p: TokenCursor): AlterTableAction {
  const { position } = p;
  if (acceptStatistics(p)) return { kind: 'statistics', text: p.source.slice(position, p.previousEnd) };
  if (acceptStorageAction(p)) return { kind: 'storage', text: p.source.slice(position) };
  switch (p.expectAnyWord('ADD', 'ALTER', 'MODIFY', 'DROP', 'DELETE', 'RENAME', 'CONVERT', 'CLEANUP')) {
    case 'ADD':
      return parseAdd(p);
    case 'ALTER':
      p.acceptWord('COLUMN');
      return parseColumnChange(p);
    case 'MODIFY':
      p.acceptWord('COLUMN');
      return oneOrSeveral(p.commaList(() => parseColumnChange(p)));
    case 'DROP':
    case 'DELETE':
      return parseDrop(p);
    case 'RENAME':
      return parseRenameTable(p);
    case 'CONVERT':
      return parseConvert(p);
    case 'CLEANUP':
      return { kind: 'cleanup' };
  }
}

/** `[COLUMNS (c, ..)] TO STORAGETYPE = ROW | COLUMNAR [%DELDATA | %NODELDATA]` */
function parseConvert(p: TokenCursor): AlterTableAction {
  const columns = p.acceptWord('COLUMNS') ? parseColumnNames(p) : undefined;
  p.expectWord('TO', 'STORAGETYPE');
  const storageType = parseStorageType(p);
  return {
    kind: 'convert-storage',
    ...(columns && { columns }),
    storageType,
    deleteData: acceptDeleteData(p),
  };
}

const parseColumnNames = (p: TokenCursor): Identifier[] =>
  p.isSymbol('(') ? p.identifierList() : p.commaList(() => p.identifier());

function oneOrSeveral(actions: readonly AlterTableAction[]): AlterTableAction {
  const [first, ...rest] = actions;
  return first !== undefined && rest.length === 0 ? first : { kind: 'several', actions };
}

/** Columns and constraints in any order, with or without parentheses around them. */
function parseAdd(p: TokenCursor): AlterTableAction {
  if (p.acceptWord('DEFAULT')) {
    const value = parseDefaultValue(p);
    p.expectWord('FOR');
    return { kind: 'set-default', column: p.identifier(), value };
  }
  return oneOrSeveral(joinColumns(p.commaList(() => parseAddition(p)).flat()));
}

function parseAddition(p: TokenCursor): AlterTableAction[] {
  p.acceptWord('COLUMN');
  if (!p.acceptSymbol('(')) return [parseElement(p)];
  const elements = p.commaList(() => parseElement(p));
  p.expectSymbol(')');
  return elements;
}

function parseElement(p: TokenCursor): AlterTableAction {
  if (isTableConstraint(p)) return { kind: 'add-constraint', constraint: parseTableConstraint(p) };
  return { kind: 'add-columns', columns: [parseColumnDefinition(p)] };
}

/** The columns first, all at once: a constraint may be about them. */
function joinColumns(actions: readonly AlterTableAction[]): AlterTableAction[] {
  const columns: ColumnDefinition[] = [];
  const constraints: AlterTableAction[] = [];
  for (const action of actions) {
    if (action.kind === 'add-columns') columns.push(...action.columns);
    else constraints.push(action);
  }
  return columns.length === 0 ? constraints : [{ kind: 'add-columns', columns }, ...constraints];
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
  if (startsTypeName(p) && !startsCollation(p)) change = { ...change, type: parseTypeName(p) };
  for (;;) {
    if (p.acceptWord('DEFAULT')) change = { ...change, defaultValue: parseDefaultValue(p) };
    else if (p.acceptWord('NOT', 'NULL')) change = { ...change, nullable: false };
    else if (p.acceptWord('NULL')) change = { ...change, nullable: true };
    else if (p.acceptWord('COLLATE') || startsCollation(p)) change = { ...change, ...parseCollationName(p) };
    // The name is of no consequence: a NULL constraint has none.
    else if (p.acceptWord('CONSTRAINT')) p.identifier();
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
  return { kind: 'drop-columns', columns: p.commaList(() => parseDropColumns(p)).flat() };
}

/** Each column may have its own options. Stored data goes with the column either way: no one can read it. */
function parseDropColumns(p: TokenCursor): { name: Identifier; cascade: boolean }[] {
  const names = p.isSymbol('(') ? p.identifierList() : [p.identifier()];
  const cascade = p.acceptAnyWord('CASCADE', 'RESTRICT') === 'CASCADE';
  acceptDeleteData(p);
  return names.map((name) => ({ name, cascade }));
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

import type {
  ColumnConstraint,
  ColumnDefinition,
  ComputedColumn,
  Identifier,
  ReferentialAction,
  References,
} from '../ast.js';
import { parseDefaultValue } from './default-value.js';
import type { TokenCursor } from './token-cursor.js';
import { parseTypeName, startsTypeName } from './type-name.js';

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
type Draft = Mutable<Omit<ColumnDefinition, 'constraints'>> & { constraints: ColumnConstraint[] };

/** `c type option ..`; options in any order. @throws IrisError -86 without a type */
export function parseColumnDefinition(p: TokenCursor): ColumnDefinition {
  const { position } = p;
  const name = p.identifier();
  const draft: Draft = {
    kind: 'column-definition',
    name,
    identity: false,
    autoIncrement: false,
    constraints: [],
    private: false,
    position,
  };
  if (!p.isWord('IDENTITY')) {
    if (!startsTypeName(p)) throw noType(p, name);
    draft.type = parseTypeName(p);
  }
  while (parseOption(p, draft));
  if (draft.computed !== undefined && draft.onUpdate !== undefined)
    throw p.error(-1, 'ON UPDATE is not allowed for a field with COMPUTECODE');
  return draft;
}

const noType = (p: TokenCursor, name: Identifier) =>
  p.error(-86, `Invalid field definition, no datatype defined for field '${name.name}'`);

/** @returns false when nothing of the column is left */
function parseOption(p: TokenCursor, draft: Draft): boolean {
  return parseFlag(p, draft) || parseConstraintOption(p, draft) || parseValueOption(p, draft);
}

function parseFlag(p: TokenCursor, draft: Draft): boolean {
  if (p.acceptWord('NOT', 'NULL')) draft.nullable = false;
  else if (p.acceptWord('NULL')) draft.nullable = true;
  else if (p.acceptWord('IDENTITY')) draft.identity = true;
  else if (p.acceptWord('AUTO_INCREMENT')) draft.autoIncrement = true;
  else if (p.acceptWord('PRIVATE')) draft.private = true;
  // Words of other vendors that say nothing here.
  else if (p.acceptWord('CHARACTER', 'SET')) p.identifier();
  else if (p.acceptWord('NOT', 'FOR', 'REPLICATION')) return true;
  else return false;
  return true;
}

function parseConstraintOption(p: TokenCursor, draft: Draft): boolean {
  const name = p.acceptWord('CONSTRAINT') ? p.identifier() : undefined;
  const named = name === undefined ? {} : { name };
  if (p.acceptWord('UNIQUE')) draft.constraints.push({ kind: 'unique', ...named });
  else if (p.acceptWord('PRIMARY', 'KEY')) draft.constraints.push({ kind: 'primary-key', ...named });
  else if (p.isWord('REFERENCES')) {
    draft.constraints.push({ kind: 'references', ...named, references: parseReferences(p) });
  } else if (name !== undefined) throw p.error(-81, 'Column Constraint expected');
  else return false;
  return true;
}

function parseValueOption(p: TokenCursor, draft: Draft): boolean {
  if (p.acceptWord('DEFAULT')) draft.defaultValue = parseDefaultValue(p);
  else if (p.acceptWord('ON', 'UPDATE')) draft.onUpdate = parseDefaultValue(p);
  else if (p.acceptWord('COLLATE') || startsCollation(p)) Object.assign(draft, parseCollationName(p));
  else if (p.acceptWord('%DESCRIPTION')) draft.description = p.string();
  else if (p.acceptWord('COMPUTECODE')) draft.computed = parseComputed(p);
  else if (p.acceptWord('WITH', 'STORAGETYPE')) draft.storageType = parseStorageType(p);
  else return false;
  return true;
}

/** COLLATE may be left out. */
export function startsCollation(p: TokenCursor): boolean {
  return p.isWord('%EXACT', '%MINUS', '%MVR', '%PLUS', '%SPACE', '%SQLSTRING', '%SQLUPPER', '%TRUNCATE');
}

/** `%EXACT`, `SQLUPPER`, `%TRUNCATE(100)`. */
export function parseCollationName(p: TokenCursor): { collation: string; collationLength?: number } {
  const word = p.anyWord('Collation');
  const collation = word.startsWith('%') ? word : `%${word}`;
  if (!p.acceptSymbol('(')) return { collation };
  const collationLength = p.integer();
  p.expectSymbol(')');
  return { collation, collationLength };
}

/** `= ROW` or `= COLUMNAR`. */
export function parseStorageType(p: TokenCursor): 'ROW' | 'COLUMNAR' {
  p.expectSymbol('=');
  return p.expectAnyWord('ROW', 'COLUMNAR');
}

function parseComputed(p: TokenCursor): ComputedColumn {
  const language = p.acceptAnyWord('OBJECTSCRIPT', 'PYTHON') ?? 'OBJECTSCRIPT';
  const code = p.codeBlock(language);
  if (p.acceptWord('COMPUTEONCHANGE')) {
    return { language, code, mode: 'ON_CHANGE', onChange: parseChangeList(p) };
  }
  const mode = p.acceptAnyWord('CALCULATED', 'TRANSIENT') ?? 'INSERT';
  return { language, code, mode, onChange: [] };
}

function parseChangeList(p: TokenCursor): string[] {
  p.expectSymbol('(');
  const names = p.commaList(() => (p.isWord('%%INSERT', '%%UPDATE') ? p.anyWord() : p.identifier().name));
  p.expectSymbol(')');
  return names;
}

/** `REFERENCES t [(c, ..)] [ON DELETE a] [ON UPDATE a] [NOCHECK]`; MATCH is read and means nothing. */
export function parseReferences(p: TokenCursor): References {
  const { position } = p;
  p.expectWord('REFERENCES');
  const table = p.qualifiedName();
  const columns = p.isSymbol('(') ? parseReferenced(p) : [];
  let onDelete: ReferentialAction = 'NO ACTION';
  let onUpdate: ReferentialAction = 'NO ACTION';
  let noCheck = false;
  for (;;) {
    if (p.acceptWord('ON', 'DELETE')) onDelete = parseAction(p);
    else if (isOnUpdateAction(p)) onUpdate = parseOnUpdate(p);
    else if (p.acceptWord('NOCHECK')) noCheck = true;
    else if (p.acceptWord('MATCH')) p.expectAnyWord('FULL', 'PARTIAL', 'SIMPLE');
    else return { table, columns, onDelete, onUpdate, noCheck, position };
  }
}

/** `%ID` is the RowID. */
function parseReferenced(p: TokenCursor): Identifier[] {
  p.expectSymbol('(');
  const names = p.commaList((): Identifier => {
    if (!p.isWord('%ID')) return p.identifier();
    const { text: name, position } = p.advance();
    return { name, delimited: false, position };
  });
  p.expectSymbol(')');
  return names;
}

/** `ON UPDATE` may also be the option of a column that has a reference. */
function isOnUpdateAction(p: TokenCursor): boolean {
  return p.isWord('ON') && p.isWordAt(1, 'UPDATE') && p.isWordAt(2, 'NO', 'CASCADE', 'SET');
}

function parseOnUpdate(p: TokenCursor): ReferentialAction {
  p.expectWord('ON', 'UPDATE');
  return parseAction(p);
}

function parseAction(p: TokenCursor): ReferentialAction {
  if (p.acceptWord('NO', 'ACTION')) return 'NO ACTION';
  if (p.acceptWord('CASCADE')) return 'CASCADE';
  if (p.acceptWord('SET', 'NULL')) return 'SET NULL';
  if (p.acceptWord('SET', 'DEFAULT')) return 'SET DEFAULT';
  return p.expected('NO ACTION | CASCADE | SET NULL | SET DEFAULT');
}

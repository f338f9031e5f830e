import type { DropExternalStatement, CreateForeignTableStatement, UnsupportedStatement } from '../ast.js';
import type { TokenCursor } from './token-cursor.js';

type ExternalStatement = UnsupportedStatement | DropExternalStatement | CreateForeignTableStatement;

/** Statements that IRIS has and that need what the emulator does not: external servers, models, other databases. */
const UNSUPPORTED = [
  ['LOAD', 'DATA'],
  ['LOAD', 'SQL'],
  ['TRAIN', 'MODEL'],
  ['VALIDATE', 'MODEL'],
  ['CREATE', 'MODEL'],
  ['CREATE', 'TIME', 'SERIES', 'MODEL'],
  ['CREATE', 'SERIES', 'MODEL'],
  ['ALTER', 'MODEL'],
  ['CREATE', 'ML', 'CONFIGURATION'],
  ['ALTER', 'ML', 'CONFIGURATION'],
  ['SET', 'ML', 'CONFIGURATION'],
  ['CREATE', 'FOREIGN', 'SERVER'],
  ['CREATE', 'SERVER'],
  ['ALTER', 'FOREIGN', 'SERVER'],
  ['ALTER', 'SERVER'],
  ['ALTER', 'FOREIGN', 'TABLE'],
  ['THROUGH', 'SERVER'],
  ['THROUGH', 'FOREIGN', 'SERVER'],
] as const;

/** What lives outside and can be dropped. There is never one here, so these statements can be answered. */
const DROPPED = [
  ['FOREIGN', 'SERVER'],
  ['SERVER'],
  ['FOREIGN', 'TABLE'],
  ['MODEL'],
  ['ML', 'CONFIGURATION'],
] as const;

export function parseExternal(p: TokenCursor): ExternalStatement | undefined {
  const { position } = p;
  if (p.isWord('LOAD')) skipLoadOptions(p);
  const words = UNSUPPORTED.find((sequence) => p.acceptWord(...sequence));
  if (words !== undefined) {
    p.skipToEnd();
    return { kind: 'unsupported', name: words.join(' '), position };
  }
  if (p.isWord('DROP')) return parseDropExternal(p, position);
  return p.acceptWord('CREATE', 'FOREIGN', 'TABLE') ? parseForeignTable(p, position) : undefined;
}

/** `LOAD BULK %NOINDEX DATA`: the options stand before DATA. */
function skipLoadOptions(p: TokenCursor): void {
  const options = ['BULK', '%NOCHECK', '%NOINDEX', '%NOLOCK', '%NOJOURN'];
  let distance = 1;
  while (p.isWordAt(distance, ...options)) distance++;
  if (distance === 1 || !p.isWordAt(distance, 'DATA')) return;
  p.dropTokens(1, distance - 1);
}

function parseDropExternal(p: TokenCursor, position: number): DropExternalStatement | undefined {
  const words = DROPPED.find((sequence) => p.acceptWord('DROP', ...sequence));
  if (words === undefined) return undefined;
  const ifExists = p.acceptWord('IF', 'EXISTS');
  const name = p.qualifiedName();
  p.acceptAnyWord('RESTRICT', 'CASCADE');
  return { kind: 'drop-external', what: words.join(' '), ifExists, name, position };
}

/** `[IF NOT EXISTS] t [(column ..)] SERVER s ..`: what follows the server is for the server to know. */
function parseForeignTable(p: TokenCursor, position: number): CreateForeignTableStatement {
  const ifNotExists = p.acceptWord('IF', 'NOT', 'EXISTS');
  const table = p.qualifiedName();
  while (!p.atEnd && !p.isWord('SERVER')) p.advance();
  p.expectWord('SERVER');
  const server = p.qualifiedName();
  p.skipToEnd();
  return { kind: 'create-foreign-table', ifNotExists, table, server, position };
}

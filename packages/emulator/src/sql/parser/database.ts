import type { CreateDatabaseStatement, DropDatabaseStatement } from '../ast.js';
import type { TokenCursor } from './token-cursor.js';

/** `n [ON DIRECTORY 'path'] [WITH [ENCRYPTED_DB] [GLOBAL_JOURNAL_STATE [=] YES | NO]]`: files are IRIS's business. */
export function parseCreateDatabase(p: TokenCursor, position: number): CreateDatabaseStatement {
  const database = p.principal();
  if (p.acceptWord('ON')) {
    p.expectWord('DIRECTORY');
    p.string();
  }
  if (p.acceptWord('WITH')) parseOptions(p);
  return { kind: 'create-database', database, position };
}

function parseOptions(p: TokenCursor): void {
  const encrypted = p.acceptWord('ENCRYPTED_DB');
  if (!p.acceptWord('GLOBAL_JOURNAL_STATE')) {
    if (!encrypted) p.expected('ENCRYPTED_DB | GLOBAL_JOURNAL_STATE');
    return;
  }
  p.acceptSymbol('=');
  p.expectAnyWord('YES', 'NO');
}

/** `[IF EXISTS] n [RETAIN_FILES]` */
export function parseDropDatabase(p: TokenCursor, position: number): DropDatabaseStatement {
  const ifExists = p.acceptWord('IF', 'EXISTS');
  const database = p.principal();
  return {
    kind: 'drop-database',
    ifExists,
    database,
    retainFiles: p.acceptWord('RETAIN_FILES'),
    position,
  };
}

import { sqlError } from '@iris-devtools/core';
import type {
  Identifier,
  RollbackStatement,
  SavepointStatement,
  SetTransactionStatement,
  StartTransactionStatement,
  TransactionModes,
} from '../ast.js';
import type { TokenCursor } from './token-cursor.js';

export function parseStartTransaction(p: TokenCursor): StartTransactionStatement {
  const { position } = p;
  p.expectWord('START', 'TRANSACTION');
  const modes = p.isWord('%COMMITMODE', 'ISOLATION', 'READ') ? parseModes(p) : {};
  return { kind: 'start-transaction', modes, position };
}

/** From TRANSACTION on. */
export function parseSetTransaction(p: TokenCursor, position: number): SetTransactionStatement {
  p.expectWord('TRANSACTION');
  return { kind: 'set-transaction', modes: parseModes(p), position };
}

/** @throws IrisError -91 twice the same, -92 READ WRITE without committed reads, -96 levels that IRIS does not have */
function parseModes(p: TokenCursor): TransactionModes {
  let modes: TransactionModes = {};
  do {
    const mode = parseMode(p);
    if (Object.keys(mode).some((key) => key in modes)) {
      throw p.error(-91, 'Transaction mode cannot be specified more than once');
    }
    modes = { ...modes, ...mode };
    if (modes.commitMode !== undefined && Object.keys(modes).length > 1)
      throw p.error(-1, 'Either %COMMITMODE or transaction modes expected, both found');
  } while (p.acceptSymbol(','));
  const readsUncommitted = modes.isolation !== undefined && modes.isolation !== 'READ COMMITTED';
  if (readsUncommitted && modes.access === 'READ WRITE') {
    throw p.error(
      -92,
      'Level of isolation cannot be READ UNCOMMITTED or READ VERIFIED if READ WRITE specified',
    );
  }
  return modes;
}

function parseMode(p: TokenCursor): TransactionModes {
  if (p.acceptWord('%COMMITMODE')) return { commitMode: p.expectAnyWord('IMPLICIT', 'EXPLICIT', 'NONE') };
  if (p.acceptWord('ISOLATION')) {
    p.expectWord('LEVEL');
    return parseIsolation(p);
  }
  if (!p.acceptWord('READ')) p.expected('%COMMITMODE | ISOLATION LEVEL | READ ONLY | READ WRITE');
  return { access: p.expectAnyWord('ONLY', 'WRITE') === 'ONLY' ? 'READ ONLY' : 'READ WRITE' };
}

function parseIsolation(p: TokenCursor): TransactionModes {
  if (p.isWord('SERIALIZABLE') || (p.isWord('REPEATABLE') && p.isWordAt(1, 'READ'))) {
    throw p.error(-96, 'Specified level of isolation is not supported');
  }
  p.expectWord('READ');
  const level = p.expectAnyWord('UNCOMMITTED', 'VERIFIED', 'COMMITTED');
  return { isolation: `READ ${level}` };
}

/** `ROLLBACK [WORK] [TO SAVEPOINT n]` */
export function parseRollback(p: TokenCursor): RollbackStatement {
  const { position } = p;
  p.expectWord('ROLLBACK');
  p.acceptWord('WORK');
  if (!p.acceptWord('TO')) return { kind: 'rollback', position };
  p.expectWord('SAVEPOINT');
  return { kind: 'rollback', savepoint: parseSavepointName(p), position };
}

export function parseSavepoint(p: TokenCursor): SavepointStatement {
  const { position } = p;
  p.expectWord('SAVEPOINT');
  return { kind: 'savepoint', savepoint: parseSavepointName(p), position };
}

function parseSavepointName(p: TokenCursor): Identifier {
  if (!p.isIdentifier) throw p.error(-301, 'No Savepoint name');
  const name = p.identifier();
  if (name.name.toUpperCase().startsWith('SYS')) {
    throw sqlError(-302, ' Savepoint names starting with "SYS" are reserved');
  }
  return name;
}

import type { CancelQueryStatement, MaintenanceStatement } from '../ast.js';
import { parseClassName } from './class-name.js';
import type { TokenCursor } from './token-cursor.js';

/** `PURGE [CACHED] QUERIES [BY AGE n | BY TABLE t | BY NAME class, ..]` */
export function parsePurge(p: TokenCursor): MaintenanceStatement {
  const { position } = p;
  p.expectWord('PURGE');
  p.acceptWord('CACHED');
  p.expectWord('QUERIES');
  if (p.acceptWord('BY')) parsePurgeScope(p);
  return { kind: 'maintenance', action: 'PURGE CACHED QUERIES', position };
}

function parsePurgeScope(p: TokenCursor): void {
  switch (p.expectAnyWord('AGE', 'TABLE', 'NAME')) {
    case 'AGE':
      if (!['number', 'string', 'delimited'].includes(p.token.kind)) p.expected('Number of days');
      p.advance();
      break;
    case 'TABLE':
      p.qualifiedName();
      break;
    case 'NAME':
      p.commaList(() => parseClassName(p));
      break;
  }
}

/** `FREEZE PLANS [scope]`, `UNFREEZE PLANS [[FROM] UPGRADE] [scope]`; scope is BY ID "hash", BY TABLE t or BY SCHEMA s. */
export function parseFreeze(p: TokenCursor): MaintenanceStatement {
  const { position } = p;
  const verb = p.expectAnyWord('FREEZE', 'UNFREEZE');
  p.expectWord('PLANS');
  if (verb === 'UNFREEZE') {
    if (p.acceptWord('FROM')) p.expectWord('UPGRADE');
    else p.acceptWord('UPGRADE');
  }
  if (p.acceptWord('BY')) parsePlanScope(p);
  return { kind: 'maintenance', action: `${verb} PLANS`, position };
}

function parsePlanScope(p: TokenCursor): void {
  switch (p.expectAnyWord('ID', 'TABLE', 'SCHEMA')) {
    case 'ID':
      if (!['string', 'delimited'].includes(p.token.kind)) p.expected('Statement hash');
      p.advance();
      break;
    case 'TABLE':
      p.qualifiedName();
      break;
    case 'SCHEMA':
      p.identifier();
      break;
  }
}

/** `CANCEL QUERY pid [IDENTIFIED BY sql-id] [TIMEOUT seconds]`, `CANCEL ALL QUERIES` */
export function parseCancel(p: TokenCursor): CancelQueryStatement {
  const { position } = p;
  p.expectWord('CANCEL');
  if (p.acceptWord('ALL')) {
    p.expectAnyWord('QUERY', 'QUERIES');
    return { kind: 'cancel-query', position };
  }
  p.expectWord('QUERY');
  const process = p.integer();
  if (p.acceptWord('IDENTIFIED')) {
    p.expectWord('BY');
    p.integer();
  }
  const timeoutSeconds = p.acceptWord('TIMEOUT') ? p.integer() : 0;
  return { kind: 'cancel-query', process, timeoutSeconds, position };
}

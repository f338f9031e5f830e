import { sqlError } from '@iris-devtools/core';
import type {
  BuildIndexStatement,
  CollectStatisticsStatement,
  CursorStatement,
  ExplainStatement,
  LockTableStatement,
  MaintenanceStatement,
  SetOptionStatement,
  TuneTableStatement,
  UnsupportedStatement,
} from '../ast.js';
import { parseStatementAt } from './statement.js';
import type { TokenCursor } from './token-cursor.js';
import { parseParameterValue } from './type-name.js';

/** From OPTION on: `OPTION name = value`. */
export function parseSetOption(p: TokenCursor, position: number): SetOptionStatement {
  p.expectWord('OPTION');
  const option = p.anyWord();
  p.acceptSymbol('=');
  return { kind: 'set-option', option, value: parseParameterValue(p), position };
}

/** `LOCK [TABLE] t IN EXCLUSIVE | SHARE MODE [WAIT n]`, `UNLOCK [TABLE] t IN .. MODE [IMMEDIATE]` */
export function parseLock(p: TokenCursor): LockTableStatement {
  const { position } = p;
  const kind = p.expectAnyWord('LOCK', 'UNLOCK') === 'LOCK' ? 'lock-table' : 'unlock-table';
  p.acceptWord('TABLE');
  const table = p.qualifiedName();
  p.expectWord('IN');
  const mode = p.expectAnyWord('SHARE', 'EXCLUSIVE');
  p.expectWord('MODE');
  const waitSeconds = kind === 'lock-table' && p.acceptWord('WAIT') ? p.integer() : undefined;
  const immediate = kind === 'unlock-table' && p.acceptWord('IMMEDIATE');
  return { kind, table, mode, ...(waitSeconds !== undefined && { waitSeconds }), immediate, position };
}

/** `EXPLAIN [ALT | ALL] [STAT] statement`. @throws IrisError -481 for INSERT, -51 for what has no plan */
export function parseExplain(p: TokenCursor): ExplainStatement {
  const { position } = p;
  p.expectWord('EXPLAIN');
  const alternatives = p.acceptAnyWord('ALT', 'ALL') !== undefined;
  const statistics = p.acceptWord('STAT');
  if (p.isWord('INSERT'))
    throw p.error(-481, 'Explain does not support the following SQL statement type: INSERT');
  const isQuery = p.isWord('SELECT', 'WITH', 'UPDATE', 'DELETE') || p.startsQuery();
  if (!isQuery) throw p.error(-51, `SQL statement expected`);
  const start = p.position;
  const statement = p.nested(() => parseStatementAt(p));
  const text = p.source.slice(start, p.previousEnd);
  return { kind: 'explain', alternatives, statistics, statement, text, position };
}

const TUNE_OPTIONS = [
  '%SAMPLE_SIZE',
  '%RECOMPILE_CQ',
  '%CLEAR_VALUES',
  '%KEEP_UP_TO_DATE',
  '%SAVE',
  '%NOSAVE',
] as const;

/** `TUNE TABLE t [%option value ..]`. @throws IrisError -326 for one given twice */
export function parseTuneTable(p: TokenCursor): TuneTableStatement {
  const { position } = p;
  p.expectWord('TUNE', 'TABLE');
  const table = p.qualifiedName();
  const options: string[] = [];
  for (
    let word = p.acceptAnyWord(...TUNE_OPTIONS);
    word !== undefined;
    word = p.acceptAnyWord(...TUNE_OPTIONS)
  ) {
    if (options.includes(word)) throw p.error(-326, 'Duplicate TUNE TABLE option clause found');
    options.push(word);
    const hasValue = p.acceptSymbol('=') || p.token.kind === 'number' || p.isWord('TRUE', 'FALSE');
    if (hasValue) parseParameterValue(p);
    p.acceptSymbol(',');
  }
  return { kind: 'tune-table', table, options, position };
}

/** `COLLECT STATISTICS FOR TABLE t | FOR SCHEMA s` */
export function parseCollectStatistics(p: TokenCursor): CollectStatisticsStatement {
  const { position } = p;
  p.expectWord('COLLECT', 'STATISTICS', 'FOR');
  const what = p.expectAnyWord('TABLE', 'SCHEMA');
  if (what === 'TABLE') return { kind: 'collect-statistics', table: p.qualifiedName(), position };
  return { kind: 'collect-statistics', schema: p.identifier(), position };
}

/** `BUILD INDEX FOR TABLE t [INDEX i, ..] | FOR SCHEMA s` */
export function parseBuildIndex(p: TokenCursor): BuildIndexStatement {
  const { position } = p;
  p.expectWord('BUILD', 'INDEX', 'FOR');
  if (p.expectAnyWord('TABLE', 'SCHEMA') === 'SCHEMA') {
    return { kind: 'build-index', schema: p.identifier(), indexes: [], position };
  }
  const table = p.qualifiedName();
  const indexes = p.acceptWord('INDEX') ? p.commaList(() => p.identifier()) : [];
  return { kind: 'build-index', table, indexes, position };
}

/** PURGE, FREEZE, UNFREEZE and CANCEL: what they name is of no consequence here. */
export function parseMaintenance(p: TokenCursor): MaintenanceStatement {
  const { position } = p;
  const action = parseMaintenanceAction(p);
  p.skipToEnd();
  return { kind: 'maintenance', action, text: p.source.slice(position), position };
}

function parseMaintenanceAction(p: TokenCursor): MaintenanceStatement['action'] {
  switch (p.expectAnyWord('PURGE', 'FREEZE', 'UNFREEZE', 'CANCEL')) {
    case 'PURGE':
      p.acceptWord('CACHED');
      p.expectWord('QUERIES');
      return 'PURGE CACHED QUERIES';
    case 'FREEZE':
      p.expectWord('PLANS');
      return 'FREEZE PLANS';
    case 'UNFREEZE':
      p.expectWord('PLANS');
      return 'UNFREEZE PLANS';
    case 'CANCEL':
      if (p.acceptWord('ALL')) {
        p.expectAnyWord('QUERY', 'QUERIES');
        return 'CANCEL ALL QUERIES';
      }
      p.expectWord('QUERY');
      return 'CANCEL QUERY';
  }
}

/** Statements that IRIS has and that need what the emulator does not: external servers, models, other databases. */
const UNSUPPORTED = [
  ['LOAD', 'DATA'],
  ['TRAIN', 'MODEL'],
  ['VALIDATE', 'MODEL'],
  ['CREATE', 'MODEL'],
  ['ALTER', 'MODEL'],
  ['DROP', 'MODEL'],
  ['CREATE', 'ML', 'CONFIGURATION'],
  ['ALTER', 'ML', 'CONFIGURATION'],
  ['DROP', 'ML', 'CONFIGURATION'],
  ['SET', 'ML', 'CONFIGURATION'],
  ['CREATE', 'FOREIGN', 'SERVER'],
  ['ALTER', 'FOREIGN', 'SERVER'],
  ['DROP', 'FOREIGN', 'SERVER'],
  ['CREATE', 'FOREIGN', 'TABLE'],
  ['ALTER', 'FOREIGN', 'TABLE'],
  ['DROP', 'FOREIGN', 'TABLE'],
  ['THROUGH', 'SERVER'],
] as const;

export function parseUnsupported(p: TokenCursor): UnsupportedStatement | undefined {
  const { position } = p;
  const words = UNSUPPORTED.find((sequence) => p.acceptWord(...sequence));
  if (words === undefined) return undefined;
  p.skipToEnd();
  return { kind: 'unsupported', name: words.join(' '), position };
}

/** Only read so far that the right error can be given. */
export function parseCursor(p: TokenCursor): CursorStatement {
  const { position } = p;
  const action = p.expectAnyWord('DECLARE', 'OPEN', 'FETCH', 'CLOSE');
  const cursor = p.identifier();
  if (action === 'DECLARE' && !p.isWord('CURSOR', 'SENSITIVE', 'INSENSITIVE', 'SCROLL', 'NO')) {
    throw sqlError(-1, ' CURSOR expected: variables are declared only in ObjectScript');
  }
  p.skipToEnd();
  return { kind: 'cursor', action, cursor, position };
}

import type { BuildIndexStatement, CollectStatisticsStatement, TuneTableStatement } from '../ast.js';
import type { TokenCursor } from './token-cursor.js';
import { parseParameterValue } from './type-name.js';

const TUNE_OPTIONS = [
  '%SAMPLE_PERCENT',
  '%SAMPLE_SIZE',
  '%RECOMPILE_CQ',
  '%CLEAR_VALUES',
  '%KEEP_UP_TO_DATE',
  '%SAVE',
  '%NOSAVE',
] as const;

/** `TUNE TABLE t [%option value ..]`. @throws IrisError -326 for one given twice, -1 for a share that is none */
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
    if (word === '%SAMPLE_PERCENT') parseSampleShare(p);
    else {
      const hasValue = p.acceptSymbol('=') || p.token.kind === 'number' || p.isWord('TRUE', 'FALSE');
      if (hasValue) parseParameterValue(p);
    }
    p.acceptSymbol(',');
  }
  return { kind: 'tune-table', table, options, position };
}

/** `'30%'` or `'.3'`: more than nothing, at most everything. */
function parseSampleShare(p: TokenCursor): void {
  p.acceptSymbol('=');
  const { token } = p;
  const text = token.kind === 'string' || token.kind === 'number' ? p.advance().text.trim() : '';
  const match = /^(\d+(?:\.\d*)?|\.\d+)(%?)$/.exec(text);
  const share = match === null ? 0 : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (share <= 0 || share > 1)
    throw p.errorAt(token, -1, 'Percentage greater than 0 and at most 100% expected');
}

/** `COLLECT STATISTICS [FOR TABLE] t | FOR SCHEMA s [%SAMPLE_PERCENT share]`; STATS is a synonym. */
export function parseCollectStatistics(p: TokenCursor): CollectStatisticsStatement {
  const { position } = p;
  p.expectWord('COLLECT');
  p.expectAnyWord('STATISTICS', 'STATS');
  const what = p.acceptWord('FOR') ? p.expectAnyWord('TABLE', 'SCHEMA') : 'TABLE';
  const target = what === 'TABLE' ? { table: p.qualifiedName() } : { schema: p.identifier() };
  if (p.acceptWord('%SAMPLE_PERCENT')) parseSampleShare(p);
  return { kind: 'collect-statistics', ...target, position };
}

/** `BUILD INDEX [%NOLOCK] [%NOJOURN] FOR TABLE t [INDEX i, ..] | FOR SCHEMA s | FOR ALL [KEEP SELECTABILITY]` */
export function parseBuildIndex(p: TokenCursor): BuildIndexStatement {
  const { position } = p;
  p.expectWord('BUILD', 'INDEX');
  const keywords: ('%NOLOCK' | '%NOJOURN')[] = [];
  for (let word = acceptKeyword(p); word !== undefined; word = acceptKeyword(p)) keywords.push(word);
  p.expectWord('FOR');
  const target = parseBuildTarget(p);
  if (p.acceptWord('KEEP')) p.expectWord('SELECTABILITY');
  return { kind: 'build-index', keywords, ...target, position };
}

const acceptKeyword = (p: TokenCursor) => p.acceptAnyWord('%NOLOCK', '%NOJOURN');

function parseBuildTarget(p: TokenCursor): Pick<BuildIndexStatement, 'table' | 'schema' | 'indexes'> {
  switch (p.expectAnyWord('TABLE', 'SCHEMA', 'ALL')) {
    case 'ALL':
      return { indexes: [] };
    case 'SCHEMA':
      return { schema: p.identifier(), indexes: [] };
    case 'TABLE': {
      const table = p.qualifiedName();
      return { table, indexes: p.acceptWord('INDEX') ? p.commaList(() => p.identifier()) : [] };
    }
  }
}

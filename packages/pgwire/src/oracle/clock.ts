import { internal } from './names.js';
import { ByteOffsets, type Edit } from './edited-text.js';
import { locationOf, walk, type SyntaxNode } from './syntax.js';

/**
 * In PostgreSQL `now()` and its relatives stand still during a transaction. The client's transaction is in IRIS and not here,
 * so its time comes along with each statement, in this setting.
 */
export const TRANSACTION_TIME = 'pg_iris.transaction_time';

interface ClockWord {
  /** The keyword, and the name of the result column. */
  readonly word: string;
  readonly type: string;
}

const WORDS: ReadonlyMap<string, ClockWord> = new Map([
  ['CURRENT_TIMESTAMP', { word: 'current_timestamp', type: 'timestamptz' }],
  ['LOCALTIMESTAMP', { word: 'localtimestamp', type: 'timestamp' }],
  ['CURRENT_TIME', { word: 'current_time', type: 'timetz' }],
  ['LOCALTIME', { word: 'localtime', type: 'time' }],
  ['CURRENT_DATE', { word: 'current_date', type: 'date' }],
]);

/** Functions are replaced in the catalog; see the remark on built-in functions in bootstrap.ts. */
export const CLOCK_STATEMENTS: readonly string[] = [
  `create function ${internal('real_now')}() returns timestamptz language internal stable as 'now'`,
  `create function ${internal('now')}() returns timestamptz language sql stable as $$select coalesce(
     nullif(pg_catalog.current_setting('${TRANSACTION_TIME}', true), '')::pg_catalog.timestamptz, ${internal('real_now')}())$$`,
  ...['now', 'transaction_timestamp'].map(
    (name) =>
      `create or replace function pg_catalog.${name}() returns timestamptz language sql stable as $$select ${internal('now')}()$$`,
  ),
  ...[...WORDS.values()].flatMap(({ word, type }) => [
    `create function pg_catalog."${word}"() returns ${type} language sql stable as $$select ${internal('now')}()::${type}$$`,
    ...(type === 'date'
      ? []
      : [
          `create function pg_catalog."${word}"(integer) returns ${type} language sql stable
             as $$select pg_catalog."${type}"(${internal('now')}()::${type}, $1)$$`,
        ]),
  ]),
];

/** CURRENT_TIMESTAMP and the other words are no functions in the catalog; they become calls of ours, of the same names. */
export function clockEdits(sql: string, tree: unknown): Edit[] {
  const found: SyntaxNode[] = [];
  walk(tree, (node) => {
    if (node.kind === 'SQLValueFunction') found.push(node);
  });
  const offsets = new ByteOffsets(sql);
  return found.flatMap((node) => {
    const clock = WORDS.get(String(node.fields.op).replace(/^SVFOP_|_N$/g, ''));
    if (clock === undefined) return [];
    const start = offsets.units(locationOf(node));
    const end = start + clock.word.length;
    // With a precision the parentheses are there already.
    const call = String(node.fields.op).endsWith('_N') ? '' : '()';
    return [{ start, end, text: `pg_catalog."${clock.word}"${call}` }];
  });
}

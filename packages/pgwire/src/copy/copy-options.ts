import type { Node } from '@pgsql/types';
import { notSupported, PgError } from '../pg-error.js';
import { as, listItems } from '../sql/ast.js';

/** Every option of COPY, checked and with its default filled in. Characters are single bytes. */
export interface CopyOptions {
  readonly format: 'text' | 'csv';
  readonly delimiter: number;
  /** What stands for NULL. */
  readonly nullText: string;
  readonly header: 'none' | 'line' | 'match';
  readonly quote: number;
  readonly escape: number;
  /** Columns that are always quoted on output. */
  readonly forceQuote: ColumnChoice;
  /** Columns whose empty or null-looking values are texts. */
  readonly forceNotNull: ColumnChoice;
  /** Columns in which a quoted null text means NULL, too. */
  readonly forceNull: ColumnChoice;
}

export type ColumnChoice = 'all' | ReadonlySet<string>;

const NONE: ColumnChoice = new Set<string>();
const NEVER_DELIMITERS = '\\.abcdefghijklmnopqrstuvwxyz0123456789';
const TRUE = new Set(['true', 'on', '1']);
const FALSE = new Set(['false', 'off', '0']);

interface Given {
  format?: string;
  delimiter?: string;
  null?: string;
  header?: CopyOptions['header'];
  quote?: string;
  escape?: string;
  force_quote?: ColumnChoice;
  force_not_null?: ColumnChoice;
  force_null?: ColumnChoice;
}

/** The option list of a CopyStmt, in the new or the old syntax. @throws PgError as PostgreSQL's ProcessCopyOptions */
export function readCopyOptions(options: readonly Node[], isFrom: boolean): CopyOptions {
  const given: Given = {};
  const seen = new Set<string>();
  for (const option of options) {
    const { defname = '', arg } = as(option, 'DefElem') ?? {};
    if (seen.has(defname)) throw error('42601', 'conflicting or redundant options');
    seen.add(defname);
    readOption(given, defname, arg);
  }
  return check(given, isFrom);
}

function readOption(given: Given, name: string, arg: Node | undefined): void {
  switch (name) {
    case 'format':
      given.format = text(arg);
      if (given.format === 'binary')
        throw notSupported('COPY in binary format', { hint: 'Use text or csv.' });
      if (given.format !== 'text' && given.format !== 'csv') {
        throw error('22023', `COPY format "${given.format}" not recognized`);
      }
      return;
    case 'delimiter':
    case 'null':
    case 'quote':
    case 'escape':
      given[name] = text(arg);
      return;
    case 'header':
      given.header = headerOption(arg);
      return;
    case 'force_quote':
    case 'force_not_null':
    case 'force_null':
      given[name] = columns(arg);
      return;
    case 'encoding':
      if (!['UTF8', 'UTF-8'].includes(text(arg).toUpperCase()))
        throw notSupported(`COPY with encoding ${text(arg)}`);
      return;
    case 'freeze':
    case 'default':
    case 'on_error':
    case 'log_verbosity':
    case 'reject_limit':
      throw notSupported(`COPY option ${name.toUpperCase()}`);
    default:
      throw error('42601', `option "${name}" not recognized`);
  }
}

function check(given: Given, isFrom: boolean): CopyOptions {
  const format = given.format === 'csv' ? 'csv' : 'text';
  const csv = format === 'csv';
  const delimiter = singleByte('delimiter', given.delimiter ?? (csv ? ',' : '\t'));
  const nullText = given.null ?? (csv ? '' : '\\N');
  const quote = singleByte('quote', given.quote ?? '"');
  const escape = singleByte('escape', given.escape ?? given.quote ?? '"');
  const delimiterText = String.fromCharCode(delimiter);

  if (delimiterText === '\n' || delimiterText === '\r') {
    throw error('22023', 'COPY delimiter cannot be newline or carriage return');
  }
  if (/[\r\n]/.test(nullText))
    throw error('22023', 'COPY null representation cannot use newline or carriage return');
  if (!csv && NEVER_DELIMITERS.includes(delimiterText)) {
    throw error('22023', `COPY delimiter cannot be "${delimiterText}"`);
  }
  if (nullText.includes(delimiterText)) {
    throw error('22023', 'COPY delimiter character must not appear in the NULL specification');
  }
  for (const name of ['quote', 'escape', 'force_quote', 'force_not_null', 'force_null'] as const) {
    if (!csv && given[name] !== undefined)
      throw error('0A000', `COPY ${name.toUpperCase()} requires CSV mode`);
  }
  if (csv && delimiter === quote) throw error('22023', 'COPY delimiter and quote must be different');
  if (csv && nullText.includes(String.fromCharCode(quote))) {
    throw error('22023', 'CSV quote character must not appear in the NULL specification');
  }
  checkDirection(given, isFrom);
  return {
    format,
    delimiter,
    nullText,
    header: given.header ?? 'none',
    quote,
    escape,
    forceQuote: given.force_quote ?? NONE,
    forceNotNull: given.force_not_null ?? NONE,
    forceNull: given.force_null ?? NONE,
  };
}

function checkDirection(given: Given, isFrom: boolean): void {
  if (given.header === 'match' && !isFrom) throw error('0A000', 'cannot use "match" with HEADER in COPY TO');
  if (given.force_quote !== undefined && isFrom)
    throw error('0A000', 'COPY FORCE_QUOTE cannot be used with COPY FROM');
  for (const name of ['force_not_null', 'force_null'] as const) {
    if (given[name] !== undefined && !isFrom) {
      throw error('0A000', `COPY ${name.toUpperCase()} cannot be used with COPY TO`);
    }
  }
}

function text(arg: Node | undefined): string {
  const integer = as(arg, 'Integer');
  if (integer !== undefined) return String(integer.ival ?? 0);
  return as(arg, 'String')?.sval ?? '';
}

function headerOption(arg: Node | undefined): CopyOptions['header'] {
  if (arg === undefined) return 'line';
  const boolean = as(arg, 'Boolean');
  if (boolean !== undefined) return boolean.boolval === true ? 'line' : 'none';
  const value = text(arg).toLowerCase();
  if (TRUE.has(value)) return 'line';
  if (FALSE.has(value)) return 'none';
  if (value === 'match') return 'match';
  throw error('42601', 'header requires a Boolean value or "match"');
}

function columns(arg: Node | undefined): ColumnChoice {
  if (as(arg, 'A_Star') !== undefined) return 'all';
  return new Set(listItems(arg).map((item) => as(item, 'String')?.sval ?? ''));
}

function singleByte(name: string, value: string): number {
  if (Buffer.byteLength(value) !== 1) {
    throw error('0A000', `COPY ${name} must be a single one-byte character`);
  }
  return value.charCodeAt(0);
}

function error(sqlstate: string, message: string): PgError {
  return new PgError({ sqlstate, message });
}

export function chooses(choice: ColumnChoice, column: string): boolean {
  return choice === 'all' || choice.has(column);
}

import { sqlError } from '@iris-devtools/core';
import type { SetOptionStatement } from '../sql/ast.js';
import type { SqlOutcome } from './engine.js';
import type { SessionState } from './session-state.js';

const DONE: SqlOutcome = { sqlcode: 0, rows: [], rowCount: -1 };

/** Options with the values that they take; most only matter to a real instance. */
const OPTIONS: Readonly<Record<string, RegExp>> = {
  ADAPTIVE_MODE: /^(TRUE|FALSE|0|1)$/i,
  AUTO_PARALLEL_THRESHOLD: /^\d+$/,
  COMPILEMODE: /^(DEFERRED|IMMEDIATE|INSTALL|NOCHECK)$/i,
  DEFAULT_SCHEMA: /./,
  EXACT_DISTINCT: /^(TRUE|FALSE|0|1)$/i,
  LOCK_ESCALATION_THRESHOLD: /^\d+$/,
  LOCK_TIMEOUT: /^\d+$/,
  PKEY_IS_IDKEY: /^(TRUE|FALSE|0|1)$/i,
  SUPPORT_DELIMITED_IDENTIFIERS: /^(TRUE|FALSE|0|1)$/i,
};

/** The last day that a date can be: 9999-12-31. */
const LAST_DAY = 2_980_013;
const between =
  (least: number, most: number) =>
  (value: string): boolean =>
    /^-?\d+$/.test(value) && Number(value) >= least && Number(value) <= most;
const anything = (value: string): boolean => value !== '';
const character = (value: string): boolean => value.length === 1;

const LOCALE_OPTIONS: Readonly<Record<string, (value: string) => boolean>> = {
  AM: anything,
  DATE_FORMAT: between(0, 15),
  DATE_MAXIMUM: between(0, LAST_DAY),
  DATE_MINIMUM: between(0, LAST_DAY),
  DATE_SEPARATOR: character,
  DECIMAL_SEPARATOR: character,
  MIDNIGHT: anything,
  MINUS_SIGN: character,
  MONTH_ABBR: anything,
  MONTH_NAME: anything,
  NOON: anything,
  NUMERIC_GROUP_SEPARATOR: character,
  NUMERIC_GROUP_SIZE: between(0, Infinity),
  PM: anything,
  PLUS_SIGN: character,
  TIME_FORMAT: (value) => value === '-1' || between(1, 4)(value),
  TIME_PRECISION: (value) => value === '-1' || between(0, 9)(value),
  TIME_SEPARATOR: character,
  WEEKDAY_ABBR: anything,
  WEEKDAY_NAME: anything,
  YEAR_OPTION: between(0, 6),
};

export const isTrue = (value: string | undefined): boolean =>
  value === '1' || value?.toUpperCase() === 'TRUE';

/** @throws IrisError -129 an invalid locale value, -1 an unknown option or value */
export function setOption({ option, value }: SetOptionStatement, session: SessionState): SqlOutcome {
  const locale = LOCALE_OPTIONS[option];
  if (locale?.(value) === false) {
    throw sqlError(-129, ` Illegal value '${value}' for SET OPTION locale property ${option}`);
  }
  if (locale === undefined && OPTIONS[option]?.test(value) !== true) {
    throw sqlError(
      -1,
      OPTIONS[option] === undefined
        ? ` Unknown option '${option}'`
        : ` Invalid value '${value}' for option ${option}`,
    );
  }
  const { settings } = session.core;
  settings.options.set(option, value);
  switch (option) {
    case 'DEFAULT_SCHEMA':
      // The name of whoever asks, at the time when it is asked for.
      settings.defaultSchema = value.toUpperCase() === '_CURRENT_USER' ? session.user : value;
      break;
    case 'LOCK_TIMEOUT':
      session.lockTimeoutSeconds = Number(value);
      break;
    case 'EXACT_DISTINCT':
      settings.fastDistinct = !isTrue(value);
      break;
    case 'SUPPORT_DELIMITED_IDENTIFIERS':
      session.delimitedIdentifiers = isTrue(value);
      break;
  }
  return DONE;
}

import { sqlError } from '@iris-devtools/core';
import type { DateTimeLiteral } from '../sql/ast.js';
import type { Typed } from './typed.js';
import { expression, quote } from './typed.js';

const FIRST_DAY = -672045;
const LAST_DAY = 2980013;
const DAY_SECONDS = 86400;

/** Not `00234`: a number with leading zeros is none here. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$|^-?\.\d+$/;

/**
 * `{d ..}`, `{t ..}` and `{ts ..}` of an ODBC text or of a logical value.
 *
 * @throws IrisError -400 for a logical value out of range; texts that are no date (-146) or time (-147) fail when they are
 *   evaluated, a text that is no timestamp is the text 'error'
 */
export function compileDateTime({ escape, value: written }: DateTimeLiteral): Typed {
  const value = written.trim();
  const number = NUMBER.test(value) ? Number(value) : undefined;
  switch (escape) {
    case 'd':
      if (number === undefined) return expression(`iris_sys.date_literal(${quote(value)})`, { name: 'DATE' });
      if (!isDay(number)) throw sqlError(-400, '<VALUE OUT OF RANGE>');
      return expression(`(${Math.trunc(number)})::int4`, { name: 'DATE' });
    case 't':
      if (number === undefined) return expression(`iris_sys.odbc_time(${quote(value)})`, { name: 'TIME' });
      if (number < 0 || number >= DAY_SECONDS) throw sqlError(-400, '<ILLEGAL VALUE>');
      return expression(`(${value})::numeric`, { name: 'TIME' });
    case 'ts':
      return expression(`iris_sys.timestamp_literal(${quote(value)})`, { name: 'TIMESTAMP' });
  }
}

const isDay = (day: number): boolean => day >= FIRST_DAY && day <= LAST_DAY;

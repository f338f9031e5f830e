import { dateToHorolog, textToPosixTime, timeToHorolog } from '@iris-devtools/protocol';
import type { Column } from '@iris-devtools/core';
import { Decimal } from '../../globals/native-value.js';
import type { EngineValue } from '../../engine/engine.js';
import type { NativeValue } from '../../globals/native-value.js';

/** %SelectMode: how dates and times look in a result. Display mode (2) follows the locale, here ODBC's forms. */
export const SELECT_MODE = { logical: 0, odbc: 1, display: 2 } as const;

/** A value of the engine (ODBC form) as ObjectScript code sees it: NULL is '', SQL's empty string is $C(0). */
export function nativeValueOf(value: EngineValue, column: Column, selectMode: number): NativeValue {
  if (value === null) return '';
  if (value === '') return '\0';
  if (typeof value === 'string') {
    if (column.type === 'NUMERIC' || column.type === 'DECIMAL') return new Decimal(value);
    return selectMode === SELECT_MODE.logical ? logicalText(value, column) : value;
  }
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value.length === 0 ? '\0' : Buffer.from(value).toString('latin1');
}

function logicalText(value: string, column: Column): NativeValue {
  if (column.type === 'DATE') return dateToHorolog(value);
  if (column.type === 'TIME') return timeToHorolog(value);
  if (column.type === 'POSIXTIME') return textToPosixTime(value);
  return value;
}

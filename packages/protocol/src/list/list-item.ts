import type { Decimal } from '../values/decimal.js';

interface Flags {
  /** Set on arguments that are passed by reference. */
  readonly byReference?: true;
}

/**
 * One $LIST element, with the form that it had on the wire.
 *
 * - `undefined`: no value at all. SQL NULL in rows; an omitted argument in calls.
 * - `null`: the type byte 00, read as NULL; never needed in requests.
 * - `string`: 8-bit (Latin-1 characters, raw bytes, or a nested list) unless `wide`. The empty 8-bit string is
 *   SQL NULL in rows and parameters; SQL's empty string is `'\0'`.
 * - `integer`: a number where that is exact, else bigint.
 */
export type ListItem =
  | ({ readonly type: 'undefined' } & Flags)
  | ({ readonly type: 'null' } & Flags)
  | ({ readonly type: 'string'; readonly value: string; readonly wide?: true } & Flags)
  | ({ readonly type: 'bytes'; readonly value: Uint8Array } & Flags)
  | ({ readonly type: 'integer'; readonly value: number | bigint } & Flags)
  | ({ readonly type: 'decimal'; readonly value: Decimal } & Flags)
  | ({ readonly type: 'double'; readonly value: number } & Flags)
  | ({ readonly type: 'oref'; readonly value: string } & Flags);

/** A list element as a plain JavaScript value; decimals are exact text. */
export type ListValue = null | undefined | string | number | bigint;

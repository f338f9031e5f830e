/**
 * Dates and times as PostgreSQL counts them: days and microseconds since 2000-01-01, proleptic Gregorian calendar.
 * Pure arithmetic, because JavaScript's Date has neither microseconds nor PostgreSQL's range.
 */

export const MICROS_PER_SECOND = 1_000_000n;
export const MICROS_PER_DAY = 86_400_000_000n;
/** Days from 1970-01-01 to 2000-01-01. */
const EPOCH_SHIFT_DAYS = 10_957;
export const EPOCH_SHIFT_MICROS = BigInt(EPOCH_SHIFT_DAYS) * MICROS_PER_DAY;

export interface CivilDate {
  /** Astronomical: 0 is 1 BC, -1 is 2 BC. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days since 2000-01-01. After Howard Hinnant's civil-calendar arithmetic: years begin in March, 400 of them make an era. */
export function daysOf({ year, month, day }: CivilDate): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468 - EPOCH_SHIFT_DAYS;
}

export function civilOf(days: number): CivilDate {
  const shifted = days + EPOCH_SHIFT_DAYS + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

/** Is there such a day? */
export function isCivil({ year, month, day }: CivilDate): boolean {
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  const back = civilOf(daysOf({ year, month, day }));
  return back.month === month && back.day === day;
}

/** 0 Sunday ... 6 Saturday. */
export function weekdayOf(days: number): number {
  return (((days + 6) % 7) + 7) % 7;
}

/** Splits microseconds since the epoch into days and the time of day. */
export function splitMicros(micros: bigint): { days: number; timeOfDay: bigint } {
  const rest = micros % MICROS_PER_DAY;
  const timeOfDay = rest < 0n ? rest + MICROS_PER_DAY : rest;
  return { days: Number((micros - timeOfDay) / MICROS_PER_DAY), timeOfDay };
}

/** `HH:MM:SS[.ffffff]` without trailing zeros. */
export function printTimeOfDay(micros: bigint): string {
  const seconds = micros / MICROS_PER_SECOND;
  const clock = [seconds / 3_600n, (seconds / 60n) % 60n, seconds % 60n].map((part) =>
    String(part).padStart(2, '0'),
  );
  return clock.join(':') + printFraction(micros % MICROS_PER_SECOND);
}

export function printFraction(micros: bigint): string {
  return micros === 0n ? '' : `.${String(micros).padStart(6, '0').replace(/0+$/, '')}`;
}

/** `.1234567` in microseconds, half to even as C's rint does for PostgreSQL. */
export function parseFraction(digits: string | undefined): bigint {
  const micros = Number(`0.${digits ?? '0'}`) * 1_000_000;
  const floor = Math.floor(micros);
  const isHalf = micros - floor === 0.5;
  return BigInt(isHalf ? floor + (floor % 2) : Math.round(micros));
}

/** Rounds to a typmod's number of decimals, half away from zero; -1 leaves the value alone. */
export function roundMicros(micros: bigint, precision: number): bigint {
  if (precision < 0 || precision >= 6) return micros;
  const unit = 10n ** BigInt(6 - precision);
  const half = unit / 2n;
  const rest = micros < 0n ? -((-micros + half) / unit) : (micros + half) / unit;
  return rest * unit;
}

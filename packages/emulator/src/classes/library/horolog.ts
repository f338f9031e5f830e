const DAY_MS = 86_400_000;
/** Days from 1840-12-31, where `$HOROLOG` begins, to 1970-01-01. */
const UNIX_EPOCH_DAY = 47_117;

/** A moment as `$HOROLOG` with milliseconds, e.g. `67173,43200.25`. */
export function horologOf(moment: Date, utc: boolean): string {
  const ms = moment.getTime() - (utc ? 0 : moment.getTimezoneOffset() * 60_000);
  const day = Math.floor(ms / DAY_MS);
  return `${UNIX_EPOCH_DAY + day},${(ms - day * DAY_MS) / 1000}`;
}

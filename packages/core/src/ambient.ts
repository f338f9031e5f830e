export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Takes structured records. Packages are silent unless a logger is given; SQL values are never logged. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Says nothing. */
export const silentLogger: Logger = { log: () => undefined };

/** Time, so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number;
  /** Runs `fn` once after `delayMs`; the result cancels it. Never keeps the process alive. */
  after(delayMs: number, fn: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, fn) {
    const timer = setTimeout(fn, delayMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

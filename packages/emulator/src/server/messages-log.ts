import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@iris-devtools/core';

/** Severity of a line: -2 and -1 debug, 0 information, 1 warning, 2 severe, 3 fatal. */
export type MessageSeverity = -2 | -1 | 0 | 1 | 2 | 3;

/** Lines kept in memory. */
const MAX_LINES = 1_000;
const MAX_LINE_LENGTH = 4_000;

/** The instance's messages.log: `MM/DD/YY-HH:MM:SS:mmm (pid) severity [Event] text`. */
export class MessagesLog {
  readonly #lines: string[] = [];
  readonly #directory: string | undefined;
  readonly #clock: Clock;
  #writing: Promise<void> = Promise.resolve();

  /** @param directory where `messages.log` grows; absent: the last lines are kept in memory only */
  constructor(directory: string | undefined, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  write(processId: number, severity: MessageSeverity, event: string, text: string): void {
    // One message is one line, whatever a client put into it.
    const clean = text.replaceAll(/[\p{Cc}]+/gu, ' ').slice(0, MAX_LINE_LENGTH);
    const line = `${timestamp(this.#clock.now())} (${processId}) ${severity} [${event}] ${clean}`;
    this.#lines.push(line);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
    const directory = this.#directory;
    if (directory === undefined) return;
    this.#writing = this.#writing
      .then(() => mkdir(directory, { recursive: true }))
      .then(() => appendFile(join(directory, 'messages.log'), `${line}\n`))
      // A log that cannot be written must not take the server down; the lines in memory remain.
      .catch(() => undefined);
  }

  async flush(): Promise<void> {
    await this.#writing;
  }
}

function timestamp(now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T');
  const [year = '', month, day] = date.split('-');
  return `${month}/${day}/${year.slice(2)}-${time.slice(0, 8)}:${time.slice(9, 12)}`;
}

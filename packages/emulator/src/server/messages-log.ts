import { join } from 'node:path';
import type { Clock } from '@iris-devtools/core';
import { TextLog } from './text-log.js';

/** Severity of a line: -2 and -1 debug, 0 information, 1 warning, 2 severe, 3 fatal. */
export type MessageSeverity = -2 | -1 | 0 | 1 | 2 | 3;

/** The instance's messages.log: `MM/DD/YY-HH:MM:SS:mmm (pid) severity [Event] text`. */
export class MessagesLog {
  readonly #log: TextLog;
  readonly #clock: Clock;

  /** @param directory where `messages.log` grows; absent: the last lines are kept in memory only */
  constructor(directory: string | undefined, clock: Clock) {
    this.#log = new TextLog(directory === undefined ? undefined : join(directory, 'messages.log'));
    this.#clock = clock;
  }

  get lines(): readonly string[] {
    return this.#log.lines;
  }

  write(processId: number, severity: MessageSeverity, event: string, text: string): void {
    // One message is one line, whatever a client put into it.
    const clean = text.replaceAll(/[\p{Cc}]+/gu, ' ');
    this.#log.append(`${timestamp(this.#clock.now())} (${processId}) ${severity} [${event}] ${clean}`);
  }

  async flush(): Promise<void> {
    await this.#log.flush();
  }
}

function timestamp(now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T');
  const [year = '', month, day] = date.split('-');
  return `${month}/${day}/${year.slice(2)}-${time.slice(0, 8)}:${time.slice(9, 12)}`;
}

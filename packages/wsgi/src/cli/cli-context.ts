import type { Terminal } from '@iris-devtools/ipm/cli';

/** What a command line is given by the program that runs it. */
export interface CliContext {
  readonly terminal: Terminal;
  /** From the first call on, Ctrl-C aborts this signal and no longer ends the process. */
  readonly interruptible: () => AbortSignal;
  /** Run at the end, whatever happened. */
  readonly closers: (() => PromiseLike<void>)[];
}

export function writeWarnings(terminal: Terminal, warnings: readonly string[]): void {
  for (const warning of warnings) terminal.err(`warning: ${warning}\n`);
}

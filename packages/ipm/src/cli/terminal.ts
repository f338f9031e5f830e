import { isIrisError } from '@iris-devtools/core';

/** Where a command writes: results to `out`, progress and problems to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

/** Exit codes of `iris-ipm` and `iris-wsgi`. */
export const EXIT = {
  ok: 0,
  /** The work failed, or what was asked for is not as it should be. */
  failed: 1,
  /** Wrong options or arguments. */
  usage: 2,
  /** No session with IRIS, or no container. */
  unreachable: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function writeJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Tells an error to people or, with `json`, to programs; the exit code for it. */
export function reportError(terminal: Terminal, error: unknown, json: boolean): ExitCode {
  if (!isIrisError(error)) throw error;
  if (json) {
    writeJson(terminal, { ok: false, error: error.toJSON(), hint: error.hint });
  } else {
    terminal.err(`error: ${error.message}\n`);
    if (error.hint !== undefined) terminal.err(`hint: ${error.hint}\n`);
    const { traceback, output, rolledBack } = error.details;
    if (typeof traceback === 'string') terminal.err(`--- Python ---\n${traceback}\n`);
    if (typeof output === 'string' && output.trim() !== '')
      terminal.err(`--- IPM printed ---\n${output.trim()}\n`);
    if (rolledBack === true) terminal.err('What was there before is there again.\n');
  }
  switch (error.code) {
    case 'IRIS_OPTION':
    case 'IRIS_VALUE':
      return EXIT.usage;
    case 'IRIS_COMMAND_FAILED':
    case 'IRIS_LOGIN_REFUSED':
    case 'IRIS_CONNECT_FAILED':
      return EXIT.unreachable;
    default:
      return EXIT.failed;
  }
}

import { isIrisError } from '@iris-devtools/core';
import type { Finding } from '../validate/finding.js';

/** Where a command writes: results to `out`, progress and problems to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

/** Exit codes of `iris-ipm`. */
export const EXIT = {
  ok: 0,
  /** Findings that are errors, or work that failed. */
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

export function writeFindings(terminal: Terminal, file: string, findings: readonly Finding[]): void {
  for (const { line, column, severity, rule, message, why, fix, edits } of findings) {
    terminal.out(
      `${file}:${String(line)}:${String(column)} ${severity} ${message} [${rule}]\n` +
        `    why: ${why}\n    fix: ${fix}${edits === undefined ? '' : ' (--fix does it)'}\n`,
    );
  }
}

/** One line of summary, e.g. `2 errors, 1 warning`. */
export function countFindings(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity'], word: string): string[] => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${String(number)} ${word}${number === 1 ? '' : 's'}`];
  };
  const parts = [...count('error', 'error'), ...count('warning', 'warning'), ...count('info', 'note')];
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

/** Tells an error to people or, with `json`, to programs; the exit code for it. */
export function reportError(terminal: Terminal, error: unknown, json: boolean): ExitCode {
  if (!isIrisError(error)) throw error;
  if (json) {
    writeJson(terminal, { ok: false, error: error.toJSON(), hint: error.hint });
  } else {
    terminal.err(`error: ${error.message}\n`);
    if (error.hint !== undefined) terminal.err(`hint: ${error.hint}\n`);
    const { output } = error.details;
    if (typeof output === 'string' && output.trim() !== '')
      terminal.err(`--- IPM printed ---\n${output.trim()}\n`);
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

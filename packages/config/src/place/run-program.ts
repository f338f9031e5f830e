import { execFile, type ExecFileException } from 'node:child_process';
import { IrisError, type CommandOptions, type CommandResult, type CommandRunner } from '@iris-devtools/core';

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Runs a program of this machine, never a shell. `env` is added to that of this process; `user` has no meaning here.
 * @throws IrisError `IRIS_COMMAND_FAILED` (another exit code than 0 unless `allowFailure`, or it cannot be started),
 *   `IRIS_TIMEOUT`, `IRIS_ABORTED`, `IRIS_LIMIT` (more than 16 MB of output). What it printed is in no error.
 */
export function runProgram(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program = '', ...args] = argv;
  const { stdin = '', cwd, env, timeoutMs = 0, signal, allowFailure, onStdout, onStderr } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      {
        cwd,
        env: { ...process.env, ...env },
        timeout: timeoutMs,
        maxBuffer: MAX_OUTPUT_BYTES,
        windowsHide: true,
        ...(signal === undefined ? {} : { signal }),
      },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : error.code;
        if (error === null || (typeof exitCode === 'number' && allowFailure === true)) {
          resolve({ exitCode: Number(exitCode), stdout, stderr });
        } else reject(failure(program, error, { timeoutMs, signal }));
      },
    );
    // A program that ends before it has read everything closes the pipe; its exit code tells what matters.
    child.stdin?.on('error', () => undefined).end(stdin);
    child.stdout?.on('data', (chunk: string) => onStdout?.(chunk));
    child.stderr?.on('data', (chunk: string) => onStderr?.(chunk));
  });
}

/** Commands on this machine. */
export class LocalRunner implements CommandRunner {
  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult> {
    return runProgram(argv, options);
  }
}

interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

function failure(program: string, error: ExecFileException, { timeoutMs, signal }: Limits): IrisError {
  // `code` is text for what Node itself found wrong, a number for an exit code.
  const code: unknown = error.code;
  if (signal?.aborted === true)
    return new IrisError(`${program} was aborted`, { code: 'IRIS_ABORTED', retry: 'unknown' });
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return new IrisError(`${program} printed too much`, { code: 'IRIS_LIMIT' });
  if (error.killed === true && timeoutMs > 0) {
    return new IrisError(`${program} did not end within ${timeoutMs} ms`, {
      code: 'IRIS_TIMEOUT',
      retry: 'unknown',
      hint: 'Look at what it waits for, or raise the time limit.',
    });
  }
  const how =
    typeof code === 'number'
      ? `ended with exit code ${code}`
      : error.signal
        ? `was ended by ${error.signal}`
        : `could not be started (${String(code)})`;
  return new IrisError(`${program} ${how}`, {
    code: 'IRIS_COMMAND_FAILED',
    hint: 'Run it by hand to see what it says.',
    details: { exitCode: code },
  });
}

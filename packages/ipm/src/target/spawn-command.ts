import { spawn } from 'node:child_process';
import type { CommandOptions, CommandResult } from '@iris-devtools/core';
import { IrisError } from '@iris-devtools/core';

/** What a command may print before it is stopped: an endless writer must not fill the memory. */
export const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** After SIGTERM a command has this long to end before SIGKILL. */
const KILL_AFTER_MS = 5000;

/**
 * Runs one program without a shell.
 * @throws IrisError `IRIS_COMMAND_FAILED` when it cannot be started or exits with another code than 0 (unless
 *   `allowFailure`), `IRIS_TIMEOUT`, `IRIS_ABORTED`, `IRIS_LIMIT` when it prints too much.
 */
export async function spawnCommand(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const [program, ...args] = argv;
  if (program === undefined || argv.some((word) => word.includes('\0'))) {
    throw new IrisError('There is no command, or it holds a zero byte', {
      code: 'IRIS_OPTION',
      hint: 'Give the program and its arguments as a list of texts.',
    });
  }
  if (options.signal?.aborted === true) throw aborted(program);
  const result = await new Promise<CommandResult>((resolve, reject) => {
    new RunningCommand(program, args, options, resolve, reject);
  });
  if (result.exitCode !== 0 && options.allowFailure !== true) throw failed(program, result);
  return result;
}

class RunningCommand {
  readonly #child;
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  #outputBytes = 0;
  #failure: IrisError | undefined;
  #timer: NodeJS.Timeout | undefined;
  #killTimer: NodeJS.Timeout | undefined;

  constructor(
    program: string,
    args: readonly string[],
    options: CommandOptions,
    resolve: (result: CommandResult) => void,
    reject: (error: IrisError) => void,
  ) {
    this.#child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
    });
    const child = this.#child;
    child.stdout.on('data', (chunk: Buffer) => {
      this.#take(chunk, this.#stdout);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#take(chunk, this.#stderr);
    });
    decode(child.stdout, options.onStdout);
    decode(child.stderr, options.onStderr);
    // A program that ends before it has read everything closes the pipe; its exit code tells what matters.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');

    const onAbort = (): void => {
      this.#stop(aborted(program));
    };
    options.signal?.addEventListener('abort', onAbort, { once: true });
    if (options.timeoutMs !== undefined && options.timeoutMs > 0) {
      const limitMs = options.timeoutMs;
      this.#timer = setTimeout(() => {
        this.#stop(
          new IrisError(`${program} did not end within ${String(limitMs)} ms`, {
            code: 'IRIS_TIMEOUT',
            hint: 'Raise the time limit, or look at what the command is waiting for.',
            retry: 'unknown',
          }),
        );
      }, limitMs);
    }
    const cleanUp = (): void => {
      clearTimeout(this.#timer);
      clearTimeout(this.#killTimer);
      options.signal?.removeEventListener('abort', onAbort);
    };
    child.once('error', (cause) => {
      cleanUp();
      reject(this.#failure ?? notStarted(program, cause));
    });
    child.once('close', (code, signal) => {
      cleanUp();
      if (this.#failure !== undefined) reject(this.#failure);
      else resolve(this.#result(code ?? (signal === null ? 1 : 128)));
    });
  }

  #result(exitCode: number): CommandResult {
    return {
      exitCode,
      stdout: Buffer.concat(this.#stdout).toString('utf8'),
      stderr: Buffer.concat(this.#stderr).toString('utf8'),
    };
  }

  #take(chunk: Buffer, into: Buffer[]): void {
    this.#outputBytes += chunk.length;
    if (this.#outputBytes <= MAX_OUTPUT_BYTES) {
      into.push(chunk);
      return;
    }
    this.#stop(
      new IrisError(`The command printed more than ${String(MAX_OUTPUT_BYTES)} bytes`, {
        code: 'IRIS_LIMIT',
        hint: 'Run it with less output.',
      }),
    );
  }

  #stop(failure: IrisError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#child.kill('SIGTERM');
    this.#killTimer = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS);
    this.#killTimer.unref();
  }
}

/** Characters that a chunk cuts in two reach the listener whole. */
function decode(stream: NodeJS.ReadableStream, listener: ((chunk: string) => void) | undefined): void {
  if (listener === undefined) return;
  const decoder = new TextDecoder('utf-8');
  stream.on('data', (chunk: Buffer) => {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') listener(text);
  });
  stream.on('end', () => {
    const rest = decoder.decode();
    if (rest !== '') listener(rest);
  });
}

function aborted(program: string): IrisError {
  return new IrisError(`${program} was aborted`, { code: 'IRIS_ABORTED', retry: 'unknown' });
}

function notStarted(program: string, cause: unknown): IrisError {
  return new IrisError(`${program} could not be started`, {
    code: 'IRIS_COMMAND_FAILED',
    hint: `Check that ${program} is installed and on the PATH, and that the working directory exists.`,
    cause,
  });
}

function failed(program: string, result: CommandResult): IrisError {
  const said = (result.stderr.trim() || result.stdout.trim()).slice(-2000);
  return new IrisError(
    `${program} ended with exit code ${String(result.exitCode)}${said === '' ? '' : `: ${said}`}`,
    {
      code: 'IRIS_COMMAND_FAILED',
      hint: 'Read what the command printed.',
      details: { exitCode: result.exitCode },
    },
  );
}

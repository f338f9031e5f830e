import { PassThrough, type Duplex } from 'node:stream';
import { IrisError, type CommandOptions, type CommandResult, type CommandRunner } from '@iris-devtools/core';
import Modem from 'docker-modem';
import { askEngine, engineError } from './engine.js';

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Commands in one container, through the engine's API: the engine and the container that discovery found, by its whole
 * id, with arguments that no shell sees. A command that runs too long is left behind: engines have no way to end it.
 */
export class ContainerRunner implements CommandRunner {
  readonly #id: string;

  /** @param id whole id of a running container */
  constructor(id: string) {
    if (!/^[0-9a-f]{12,64}$/.test(id)) {
      throw new IrisError('A container is named by its id here', { code: 'IRIS_OPTION' });
    }
    this.#id = id;
  }

  /** @throws IrisError `IRIS_COMMAND_FAILED`, `IRIS_TIMEOUT`, `IRIS_ABORTED`, `IRIS_LIMIT`. What was printed is in no error. */
  async run(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const { stdin, user, cwd, env, signal, allowFailure } = options;
    const body = {
      AttachStdin: stdin !== undefined,
      AttachStdout: true,
      AttachStderr: true,
      Cmd: [...argv],
      ...(user === undefined ? {} : { User: user }),
      ...(cwd === undefined ? {} : { WorkingDir: cwd }),
      ...(env === undefined ? {} : { Env: Object.entries(env).map(([name, value]) => `${name}=${value}`) }),
    };
    const id = await this.#create(body, signal);
    const output = await this.#start(id, options);
    const exitCode = await this.#exitCode(id, signal);
    if (exitCode !== 0 && allowFailure !== true) {
      throw new IrisError(`${argv[0] ?? ''} in the container ended with exit code ${exitCode}`, {
        code: 'IRIS_COMMAND_FAILED',
        hint: 'Run it by hand in the container to see what it says.',
        details: { exitCode },
      });
    }
    return { exitCode, ...output };
  }

  async #create(body: object, signal: AbortSignal | undefined): Promise<string> {
    const answer = await askEngine(
      {
        path: `/containers/${this.#id}/exec`,
        method: 'POST',
        statusCodes: { 200: true, 201: true },
        options: body,
      },
      signal,
    );
    return textField(answer, 'Id');
  }

  async #start(id: string, options: CommandOptions): Promise<Omit<CommandResult, 'exitCode'>> {
    const stream = (await askEngine({
      path: `/exec/${id}/start`,
      method: 'POST',
      isStream: true,
      hijack: true,
      openStdin: true,
      statusCodes: { 200: true, 101: true },
      options: { Detach: false, Tty: false },
    })) as Duplex;
    return new AttachedCommand(stream, options).finished;
  }

  async #exitCode(id: string, signal: AbortSignal | undefined): Promise<number> {
    const request = { path: `/exec/${id}/json`, method: 'GET', statusCodes: { 200: true } };
    const answer = await askEngine(request, signal);
    const code = (answer as { readonly ExitCode?: unknown }).ExitCode;
    if (typeof code === 'number') return code;
    throw engineError('it does not say how the command ended');
  }
}

function textField(answer: unknown, name: string): string {
  const value = (answer as Readonly<Record<string, unknown>> | null)?.[name];
  if (typeof value === 'string') return value;
  throw engineError(`its answer has no ${name}`);
}

/** Feeds and reads a command over the stream that the engine handed over. */
class AttachedCommand {
  readonly finished: Promise<Omit<CommandResult, 'exitCode'>>;
  readonly #stream: Duplex;
  #bytes = 0;

  constructor(stream: Duplex, { stdin, timeoutMs = 0, signal, onStdout, onStderr }: CommandOptions) {
    this.#stream = stream;
    const stdout = this.#collect(onStdout);
    const stderr = this.#collect(onStderr);
    new Modem().demuxStream(stream, stdout.sink, stderr.sink);
    const timer =
      timeoutMs === 0
        ? undefined
        : setTimeout(() => {
            stream.destroy(timedOut(timeoutMs));
          }, timeoutMs);
    const onAbort = (): void => {
      stream.destroy(new IrisError('The command was aborted', { code: 'IRIS_ABORTED', retry: 'unknown' }));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.finished = new Promise<Omit<CommandResult, 'exitCode'>>((resolve, reject) => {
      stream.once('error', reject);
      stream.once('close', () => {
        resolve({ stdout: stdout.text(), stderr: stderr.text() });
      });
      // Half-close tells the command that its input is over; `resume` lets the end arrive.
      stream.end(stdin ?? '');
      stream.resume();
    }).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    });
  }

  #collect(listener: ((chunk: string) => void) | undefined) {
    const chunks: Buffer[] = [];
    const decoder = new TextDecoder('utf-8');
    const sink = new PassThrough();
    sink.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      if (this.#bytes > MAX_OUTPUT_BYTES) {
        this.#stream.destroy(new IrisError('The command printed too much', { code: 'IRIS_LIMIT' }));
        return;
      }
      chunks.push(chunk);
      listener?.(decoder.decode(chunk, { stream: true }));
    });
    return { sink, text: () => Buffer.concat(chunks).toString('utf8') };
  }
}

function timedOut(timeoutMs: number): IrisError {
  return new IrisError(`The command did not end within ${timeoutMs} ms`, {
    code: 'IRIS_TIMEOUT',
    retry: 'unknown',
    hint: 'Look at what it waits for, or raise the time limit.',
  });
}

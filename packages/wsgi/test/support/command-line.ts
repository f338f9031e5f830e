import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';

/** Of the package that is tested, as it was built. */
export const BIN = join(dirname(require.resolve('@iris-devtools/wsgi')), 'bin', 'iris-wsgi.js');

export interface CommandOutcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `iris-wsgi`; passwords of the emulator are in its environment. */
export async function runIrisWsgi(...argv: readonly string[]): Promise<CommandOutcome> {
  const env = { IRIS_PASSWORD: 'SYS', IRIS_WEB_PASSWORD: 'SYS', ...process.env };
  const child = spawn(process.execPath, [BIN, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, out, err };
}

/** An emulator with a web server, and what a person at a terminal does with it. */
export class EmulatorAtHand implements AsyncDisposable {
  readonly emulator: Emulator;
  /** For `--emulator`: where its applications go. */
  readonly directory = mkdtempSync(join(tmpdir(), 'wsgi-emulator-'));

  private constructor(emulator: Emulator) {
    this.emulator = emulator;
  }

  static async start(): Promise<EmulatorAtHand> {
    return new EmulatorAtHand(await startEmulator({ webPort: 0 }));
  }

  get webUrl(): string {
    return String(this.emulator.webUrl);
  }

  /** Options that name this emulator, reached in either way. */
  place(way: '--emulator' | '--remote'): readonly string[] {
    const place = [way, this.emulator.url, '--web-url', this.webUrl];
    return way === '--remote' ? place : [...place, '--directory', this.directory];
  }

  /** What a command prints with `--json`. */
  async json(...argv: readonly string[]): Promise<unknown> {
    const { out, err } = await runIrisWsgi(...argv, '--json');
    if (out === '') throw new Error(err);
    return JSON.parse(out);
  }

  /** A request as _SYSTEM. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Basic ${Buffer.from('_SYSTEM:SYS').toString('base64')}`);
    return fetch(`${this.webUrl}${path}`, { redirect: 'manual', ...init, headers });
  }

  /** Files that applications left. */
  get left(): string[] {
    return readdirSync(this.directory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.emulator.stop();
    rmSync(this.directory, { recursive: true });
  }
}

/** A copy of a directory that a test may change. */
export class WorkingCopy implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'wsgi-copy-'));

  constructor(source: string) {
    cpSync(source, this.path, { recursive: true });
  }

  /** @throws Error when the text is not there: a change that changes nothing proves nothing. */
  edit(file: string, from: string, to: string): void {
    const path = join(this.path, file);
    const before = readFileSync(path, 'utf8');
    if (!before.includes(from)) throw new Error(`${file} does not hold ${from}`);
    writeFileSync(path, before.replaceAll(from, to));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/** Times of a deployment as a line for whoever runs the suite. */
export function reportTimes(name: string, result: unknown): void {
  const { timings } = result as { timings: { totalMs: number; firstAnswerMs: number } };
  process.stderr.write(
    `${name}: deployed in ${String(timings.totalMs)} ms, first answer ${String(timings.firstAnswerMs)} ms after that\n`,
  );
}

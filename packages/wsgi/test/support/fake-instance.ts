import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { LocalTarget } from '@iris-devtools/ipm';
import { IpmHost } from '@iris-devtools/wsgi';

export interface FakeState {
  readonly directory: string;
  readonly iris: string;
  /** `too-old`: one from before %IPM. */
  readonly ipm: boolean | 'too-old';
  readonly namespaces: readonly string[];
  readonly modules: Readonly<Record<string, { readonly version: string }>>;
  readonly apps: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly loads?: readonly {
    readonly name: string;
    readonly path: string;
    readonly flags: readonly string[];
    readonly requirements: string | null;
  }[];
  readonly fail?: { readonly before?: string; readonly after?: string; readonly text: string } | undefined;
}

/** An instance that runs on this machine: a program in place of `iris`, and a web server in real Python. */
export class FakeInstance {
  readonly directory: string;
  readonly webUrl: string;
  readonly host: IpmHost;
  readonly program = join(__dirname, 'fake-iris.mjs');
  readonly #web: ChildProcess;

  private constructor(directory: string, web: ChildProcess, webUrl: string) {
    this.directory = directory;
    this.webUrl = webUrl;
    this.#web = web;
    this.host = new IpmHost({ target: new LocalTarget({ webUrl }), session: { irisProgram: this.program } });
  }

  static async start(state: Partial<FakeState> = {}): Promise<FakeInstance> {
    const directory = mkdtempSync(join(tmpdir(), 'wsgi-test-'));
    mkdirSync(join(directory, 'irissys', 'mgr'), { recursive: true });
    mkdirSync(join(directory, 'irissys', 'lib'));
    const file = join(directory, 'state.json');
    const initial: FakeState = {
      directory,
      iris: '2025.1',
      ipm: true,
      namespaces: ['%SYS', 'USER', 'APP'],
      modules: {},
      apps: {},
      ...state,
    };
    writeFileSync(file, JSON.stringify(initial));
    process.env['FAKE_IRIS_STATE'] = file;
    const web = spawn('python3', [join(__dirname, 'web-host.py'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [port] = (await once(createInterface({ input: web.stdout }), 'line')) as [string];
    return new FakeInstance(directory, web, `http://127.0.0.1:${port}`);
  }

  get state(): FakeState {
    return JSON.parse(readFileSync(join(this.directory, 'state.json'), 'utf8')) as FakeState;
  }

  change(state: Partial<FakeState>): void {
    writeFileSync(join(this.directory, 'state.json'), JSON.stringify({ ...this.state, ...state }));
  }

  /** Names below the library directory. */
  get library(): string[] {
    return readdirSync(join(this.directory, 'irissys', 'lib'), { recursive: true })
      .map(String)
      .sort();
  }

  /** Body of a GET as the user of the tests. */
  async get(path: string): Promise<string> {
    const authorization = `Basic ${Buffer.from('tester:secret').toString('base64')}`;
    const response = await fetch(`${this.webUrl}${path}`, { headers: { authorization } });
    return `${String(response.status)} ${await response.text()}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#web, 'exit');
    this.#web.kill('SIGKILL');
    await exited;
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A directory with an application; removed at the end of the scope. */
export class Sources {
  readonly path = mkdtempSync(join(tmpdir(), 'wsgi-sources-'));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.path, path)), { recursive: true });
    writeFileSync(join(this.path, path), text);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PROJECT = path.join(__dirname, '..', '..', '..', '..');

/** Runs the engine's own command line, as a user starts containers; gives what it printed. */
export function docker(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('docker', args, { maxBuffer: 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(`docker ${args.join(' ')}: ${stderr}`));
    });
  });
}

export interface StandInOptions {
  readonly name: string;
  /** As `docker run -p` takes it; absent: nothing is published. */
  readonly publish?: readonly string[];
  readonly expired?: boolean;
}

/**
 * A directory with containers that belong to it as to a compose project, so that other containers of this machine do not
 * matter to the test.
 */
export class StandInProject implements AsyncDisposable {
  readonly directory: string;
  readonly #names = new Set<string>();

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<StandInProject> {
    return new StandInProject(await realpath(await mkdtemp(path.join(tmpdir(), 'iris-project-'))));
  }

  /** Starts a container and waits until it says that it is ready. */
  async start({ name, publish = [], expired = false }: StandInOptions): Promise<string> {
    const image = process.env['STANDIN_IMAGE'];
    if (image === undefined) throw new Error('STANDIN_IMAGE is not set: run npm run test:containers');
    this.#names.add(name);
    const id = await docker(
      'run',
      '-d',
      '--name',
      name,
      '--label',
      `com.docker.compose.project.working_dir=${this.directory}`,
      ...publish.flatMap((binding) => ['-p', binding]),
      ...(expired ? ['-e', 'STANDIN_EXPIRED=1'] : []),
      '-v',
      `${PROJECT}:/project:ro`,
      image,
    );
    await this.ready(id);
    return id;
  }

  /** Follows the log since the latest start to the line that says so. */
  async ready(id: string): Promise<void> {
    const startedAt = await docker('inspect', '-f', '{{.State.StartedAt}}', id);
    await new Promise<void>((resolve, reject) => {
      const logs = execFile('docker', ['logs', '-f', '--since', startedAt, id]);
      let said = '';
      const read = (chunk: string): void => {
        said += chunk;
        if (!said.includes('ready')) return;
        resolve();
        logs.kill();
      };
      logs.stdout?.on('data', read);
      logs.stderr?.on('data', read);
      logs.once('close', () => {
        reject(new Error(`the container ended: ${said}`));
      });
    });
  }

  async remove(name: string): Promise<void> {
    this.#names.delete(name);
    await docker('rm', '-fv', name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of [...this.#names]) await this.remove(name);
    await rm(this.directory, { recursive: true });
  }
}

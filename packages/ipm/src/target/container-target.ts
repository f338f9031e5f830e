import { stat } from 'node:fs/promises';
import { posix, resolve } from 'node:path';
import type { CommandOptions, CommandResult, CommandRunner, DeployTarget } from '@iris-devtools/core';
import { IrisError } from '@iris-devtools/core';
import { absolute, removable } from './local-target.js';
import { spawnCommand } from './spawn-command.js';

export interface ContainerTargetOptions {
  /** Name or id. */
  readonly container: string;
  /** `docker` (default), `podman`, `nerdctl`: whatever has `exec` and `cp`. */
  readonly engine?: string;
  readonly webUrl?: string;
  /** Runs the engine's command line. Default: as a child process on this machine. */
  readonly runner?: CommandRunner;
}

const CONTAINER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Commands and files in a running container, through `docker exec` and `docker cp`. */
export class ContainerTarget implements DeployTarget {
  readonly name: string;
  readonly webUrl: string | undefined;
  readonly #container: string;
  readonly #engine: string;
  readonly #runner: CommandRunner;

  /** @throws IrisError `IRIS_OPTION` when the name could be taken for an option. */
  constructor(options: ContainerTargetOptions) {
    if (!CONTAINER_NAME.test(options.container)) {
      throw new IrisError(`"${options.container.slice(0, 80)}" is not the name or id of a container`, {
        code: 'IRIS_OPTION',
        hint: 'Use a name that `docker ps` shows.',
      });
    }
    this.#container = options.container;
    this.#engine = options.engine ?? 'docker';
    this.#runner = options.runner ?? { run: spawnCommand };
    this.name = `container ${options.container}`;
    this.webUrl = options.webUrl;
  }

  run(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const { cwd, env, user, ...rest } = options;
    const words = [this.#engine, 'exec', '-i'];
    if (user !== undefined) words.push('--user', user);
    if (cwd !== undefined) words.push('--workdir', cwd);
    for (const name of Object.keys(env ?? {})) {
      if (!VARIABLE.test(name)) {
        throw new IrisError(`"${name}" is not an environment variable`, { code: 'IRIS_OPTION' });
      }
      // Only the name: the engine takes the value from its own environment, where `ps` does not show it.
      words.push('--env', name);
    }
    return this.#runner.run([...words, this.#container, ...argv], {
      ...rest,
      ...(env === undefined ? {} : { env }),
    });
  }

  async copyTo(localPath: string, remotePath: string): Promise<void> {
    const target = absolute(remotePath);
    const local = resolve(localPath);
    const isDirectory = await isLocalDirectory(local);
    await this.#asRoot(['mkdir', '-p', isDirectory ? target : posix.dirname(target)]);
    // `/.` copies what is in the directory, so that copying twice does not nest.
    const source = isDirectory ? `${local}/.` : local;
    await this.#runner.run([this.#engine, 'cp', '--follow-link', source, `${this.#container}:${target}`]);
    // Copies belong to root; IRIS runs as irisowner and has to read them.
    await this.#asRoot(['chmod', '-R', 'a+rX', target]);
  }

  async readFile(remotePath: string): Promise<Uint8Array> {
    // Output is text, so bytes travel as base64.
    const { stdout } = await this.run(['base64', '--', absolute(remotePath)]);
    return Buffer.from(stdout, 'base64');
  }

  async exists(remotePath: string): Promise<boolean> {
    const result = await this.run(['test', '-e', absolute(remotePath)], { allowFailure: true });
    if (result.exitCode === 0) return true;
    // `test` is silent; an engine that finds no container ends with 1 as well, and says so.
    if (result.exitCode === 1 && result.stderr.trim() === '') return false;
    throw new IrisError(`The ${this.name} cannot be asked: ${result.stderr.trim().slice(0, 500)}`, {
      code: 'IRIS_COMMAND_FAILED',
      hint: 'Check that the container runs.',
    });
  }

  async remove(remotePath: string): Promise<void> {
    await this.#asRoot(['rm', '-rf', '--', removable(remotePath)]);
  }

  #asRoot(argv: readonly string[]): Promise<CommandResult> {
    return this.run(argv, { user: 'root' });
  }
}

async function isLocalDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new IrisError(`${path} cannot be read`, { code: 'IRIS_IO', hint: 'Check the path.', cause });
  }
}

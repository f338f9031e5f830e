import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployTarget } from '@iris-devtools/core';
import { IrisError, isIrisError } from '@iris-devtools/core';
import type { Release } from '../../release/release.js';
import { wantedPackages } from './package-installer.js';
import type { PackageInstaller } from './package-installer.js';

const PIP_INSTALL = [
  '-m',
  'pip',
  'install',
  '--no-input',
  '--disable-pip-version-check',
  '--only-binary=:all:',
];
const PIP_TIMEOUT_MS = 600_000;

/** Packages by pip on the target. */
export class PipInstaller implements PackageInstaller {
  readonly #target: DeployTarget;
  readonly #python: string;
  readonly #provided: readonly string[];

  constructor(target: DeployTarget, python: string, provided: readonly string[]) {
    this.#target = target;
    this.#python = python;
    this.#provided = provided;
  }

  async check(release: Release): Promise<string[]> {
    if (wantedPackages(release, this.#provided).length === 0) return [];
    const { exitCode, stderr } = await this.#target
      .run([this.#python, '-m', 'pip', '--version'], { allowFailure: true })
      .catch((error: unknown) => {
        if (isIrisError(error)) return { exitCode: -1, stderr: error.message };
        throw error;
      });
    if (exitCode === 0) return [];
    throw new IrisError(
      `requirements.txt names packages, and ${this.#python} on ${this.#target.name} has no pip: ${stderr.trim().slice(0, 300)}`,
      { code: 'IRIS_DEPLOY', hint: 'Install pip there, or name a Python that has it.' },
    );
  }

  async install(release: Release, directory: string, work: string): Promise<void> {
    const partial = `${directory}.partial`;
    await this.#target.remove(partial);
    const local = join(work, 'requirements.txt');
    await writeFile(local, `${wantedPackages(release, this.#provided).join('\n')}\n`);
    try {
      // Not left to copying, which may work as another user than pip does.
      await this.#target.run(['mkdir', partial]);
      await this.#target.copyTo(local, `${partial}/requirements.txt`);
      const wheels = await this.#copyWheels(release, partial);
      const places = wheels === undefined ? [] : ['--no-index', '--find-links', wheels];
      const argv = [this.#python, ...PIP_INSTALL, '--target', `${partial}/packages`, ...places];
      await this.#target.run([...argv, '-r', `${partial}/requirements.txt`], { timeoutMs: PIP_TIMEOUT_MS });
      await this.#target.run(['mv', `${partial}/packages`, directory]);
    } catch (cause) {
      const said = isIrisError(cause) ? cause.message : String(cause);
      throw new IrisError(`pip failed: ${said.slice(-1500)}`, {
        code: 'IRIS_DEPLOY',
        hint: 'Packages need wheels for this Python; without a network give `wheels`.',
        cause,
      });
    } finally {
      await this.#target.remove(partial);
    }
  }

  async #copyWheels(release: Release, directory: string): Promise<string | undefined> {
    if (release.wheels.length === 0) return undefined;
    const wheels = `${directory}/wheels`;
    for (const wheel of release.wheels)
      await this.#target.copyTo(wheel.absolutePath, `${wheels}/${wheel.path}`);
    return wheels;
  }
}

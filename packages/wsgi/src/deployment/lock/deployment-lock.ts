import { IrisError } from '@iris-devtools/core';
import type { Clock } from '@iris-devtools/core';
import type { TargetFiles } from '../../host/files/target-files.js';
import { isGone, parseOwner, thisOwner } from './lock-owner.js';
import type { LockOwner } from './lock-owner.js';

export interface LockOptions {
  readonly files: TargetFiles;
  /** Absolute, on the target: deployments by any way and from any machine meet there. */
  readonly directory: string;
  /** Of the deployment, for messages. */
  readonly name: string;
  /** Takes the lock away from whoever has it. */
  readonly force: boolean;
  readonly clock: Clock;
}

/** The holder writes its file again this often; one that was not written for much longer belongs to nobody. */
const BEAT_MS = 20_000;
const STALE_AFTER_SECONDS = 120;
const MAX_OWNER_BYTES = 4_096;

/**
 * Keeps others from deploying under the same name: a directory on the target, which only one can make. A lock whose
 * holder has crashed is taken over: at once when the holder ran on this machine, else when it has been silent for
 * two minutes by the clock of the target.
 */
export class DeploymentLock implements AsyncDisposable {
  readonly #options: LockOptions;
  readonly #owner: LockOwner;
  #cancelBeat: () => void = () => undefined;
  #beating: Promise<void> = Promise.resolve();
  #released = false;

  private constructor(options: LockOptions) {
    this.#options = options;
    this.#owner = thisOwner(options.clock.now());
  }

  /** @throws IrisError `IRIS_DEPLOY` naming who has it, or when the directory cannot be written to. */
  static async acquire(options: LockOptions): Promise<DeploymentLock> {
    const lock = new DeploymentLock(options);
    const { files, directory } = options;
    if (!(await files.makeDirectory(directory))) {
      await lock.#clearAbandoned();
      if (!(await files.makeDirectory(directory))) throw held(options.name, await lock.#readOwner(directory));
    }
    try {
      await lock.#write();
    } catch (error) {
      await files.remove(directory);
      throw error;
    }
    lock.#beatLater();
    return lock;
  }

  /** Does not fail: a lock that cannot be removed is given up when it has been silent for long enough. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    this.#cancelBeat();
    await this.#beating;
    const { files, directory } = this.#options;
    // Somebody may have broken it and hold one of their own now.
    await this.#readOwner(directory)
      .then((owner) => (owner?.token === this.#owner.token ? files.remove(directory) : undefined))
      .catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  /** @throws IrisError when the holder is at work */
  async #clearAbandoned(): Promise<void> {
    const { files, directory, force, name } = this.#options;
    const owner = await this.#readOwner(directory);
    if (!force && !(owner !== undefined && isGone(owner)) && !(await this.#isSilent()))
      throw held(name, owner);
    // Of several that find it abandoned one can rename it; it must still be the lock that was looked at.
    const aside = `${directory}.${this.#owner.token}`;
    try {
      await files.rename(directory, aside);
    } catch (error) {
      if (!(await files.exists(directory))) return;
      throw error;
    }
    const moved = await this.#readOwner(aside);
    if (moved?.token !== owner?.token && !(await files.exists(directory))) {
      await files.rename(aside, directory);
      throw held(name, moved);
    }
    await files.remove(aside);
  }

  /** The clock of the target is read off a file that is written now. */
  async #isSilent(): Promise<boolean> {
    const { files, directory } = this.#options;
    const written =
      (await files.modifiedSeconds(ownerFile(directory))) ?? (await files.modifiedSeconds(directory));
    const probe = `${directory}.${this.#owner.token}.now`;
    await files.write(probe, '');
    try {
      const now = await files.modifiedSeconds(probe);
      return written !== undefined && now !== undefined && now - written > STALE_AFTER_SECONDS;
    } finally {
      await files.remove(probe);
    }
  }

  async #readOwner(directory: string): Promise<LockOwner | undefined> {
    const bytes = await this.#options.files.read(ownerFile(directory), 0, MAX_OWNER_BYTES);
    return parseOwner(bytes.toString('utf8'));
  }

  #write(): Promise<void> {
    return this.#options.files.write(ownerFile(this.#options.directory), JSON.stringify(this.#owner));
  }

  #beatLater(): void {
    if (this.#released) return;
    this.#cancelBeat = this.#options.clock.after(BEAT_MS, () => {
      this.#beating = this.#beat();
    });
  }

  async #beat(): Promise<void> {
    // A beat that fails is made up for by the next one; when all fail, the deployment fails by itself.
    await this.#readOwner(this.#options.directory)
      .then((owner) => (owner?.token === this.#owner.token ? this.#write() : undefined))
      .catch(() => undefined);
    this.#beatLater();
  }
}

function ownerFile(directory: string): string {
  return `${directory}/owner.json`;
}

function held(name: string, owner: LockOwner | undefined): IrisError {
  const who =
    owner === undefined
      ? 'somebody who has not said who'
      : `${owner.user}@${owner.host}, process ${String(owner.pid)}, since ${owner.since}`;
  return new IrisError(`${name} is being deployed already, by ${who}`, {
    code: 'IRIS_DEPLOY',
    hint: `Wait until it is done. The lock of a process that has crashed is given up after ${String(STALE_AFTER_SECONDS / 60)} minutes; breakLock (--break-lock) takes it at once.`,
    ...(owner === undefined ? {} : { details: { owner } }),
  });
}

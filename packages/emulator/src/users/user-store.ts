import { join } from 'node:path';
import { IrisError, systemClock } from '@iris-devtools/core';
import type { Clock } from '@iris-devtools/core';
import { readJsonFile, writeJsonFile } from '../server/json-file.js';
import { hashPassword } from './password-hash.js';
import { blankUser } from './user.js';
import type { User, UserChanges } from './user.js';

const FILE_NAME = 'users.json';
/** `Security.Users.Name` holds this many characters. */
const MAX_NAME_LENGTH = 160;

/**
 * The accounts of one emulated instance. Names are compared without case, as IRIS does.
 * Every change is on disk (when there is a directory) before its promise settles.
 */
export class UserStore {
  readonly #users = new Map<string, User>();
  readonly #directory: string | undefined;
  readonly #clock: Clock;
  #lastWrite: Promise<void> = Promise.resolve();

  private constructor(directory: string | undefined, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** @param directory where `users.json` lives; absent: in memory only */
  static async open(directory?: string, clock: Clock = systemClock): Promise<UserStore> {
    const store = new UserStore(directory, clock);
    if (directory !== undefined) {
      const saved = await readJsonFile(join(directory, FILE_NAME));
      for (const user of Array.isArray(saved) ? (saved as User[]) : [])
        store.#users.set(keyOf(user.name), user);
    }
    return store;
  }

  get isEmpty(): boolean {
    return this.#users.size === 0;
  }

  get(name: string): User | undefined {
    return this.#users.get(keyOf(name));
  }

  list(): readonly User[] {
    return [...this.#users.values()].sort((a, b) => (keyOf(a.name) < keyOf(b.name) ? -1 : 1));
  }

  /** @throws IrisError IRIS_STATE when the name is taken, IRIS_VALUE when it cannot be a name */
  async create(name: string, changes: UserChanges = {}): Promise<User> {
    if (name === '' || name.length > MAX_NAME_LENGTH || /[\p{Cc}@*,:]/u.test(name)) {
      throw new IrisError('This is not a valid user name', {
        code: 'IRIS_VALUE',
        hint: `Use 1 to ${MAX_NAME_LENGTH} characters without "@", "*", "," and ":".`,
      });
    }
    if (this.get(name) !== undefined) {
      throw new IrisError(`User ${name} exists already`, {
        code: 'IRIS_STATE',
        hint: 'Modify the user instead.',
      });
    }
    return this.#put(blankUser(name), changes);
  }

  /** @throws IrisError IRIS_STATE when there is no such user */
  async modify(name: string, changes: UserChanges): Promise<User> {
    return this.#put(this.#require(name), changes);
  }

  /** @throws IrisError IRIS_STATE when there is no such user */
  async delete(name: string): Promise<void> {
    this.#users.delete(keyOf(this.#require(name).name));
    await this.#save();
  }

  /** Clears "must change password" for all users (`*`) or one. Returns how many were changed. */
  async unexpire(name: string): Promise<number> {
    const chosen = name === '*' ? this.list() : [this.#require(name)];
    const expired = chosen.filter((user) => user.changePassword);
    for (const user of expired) this.#users.set(keyOf(user.name), { ...user, changePassword: false });
    if (expired.length > 0) await this.#save();
    return expired.length;
  }

  /** Books the result of a password check. */
  async noteLogin(name: string, success: boolean): Promise<void> {
    const user = this.get(name);
    if (user === undefined) return;
    const noted = success
      ? { ...user, invalidLoginAttempts: 0, lastLoginAt: this.#clock.now() }
      : { ...user, invalidLoginAttempts: user.invalidLoginAttempts + 1 };
    this.#users.set(keyOf(name), noted);
    // The time of a good login alone is not worth a write per connection.
    if (!success || user.invalidLoginAttempts > 0) await this.#save();
  }

  /** Waits for writes that are under way. */
  async flush(): Promise<void> {
    await this.#lastWrite;
  }

  async #put(base: User, changes: UserChanges): Promise<User> {
    const { password, ...rest } = changes;
    const hash = password === undefined ? undefined : await hashPassword(password);
    // Read again: another change may have come in while the hash was computed.
    const current = this.get(base.name) ?? base;
    const user: User = {
      ...current,
      ...rest,
      ...(hash === undefined ? {} : { password: hash, invalidLoginAttempts: 0 }),
    };
    this.#users.set(keyOf(user.name), user);
    await this.#save();
    return user;
  }

  #require(name: string): User {
    const user = this.get(name);
    if (user === undefined) {
      throw new IrisError(`User ${name} does not exist`, {
        code: 'IRIS_STATE',
        hint: 'Create the user first.',
      });
    }
    return user;
  }

  #save(): Promise<void> {
    if (this.#directory === undefined) return Promise.resolve();
    const path = join(this.#directory, FILE_NAME);
    // Writes follow each other; each takes the state of the moment when it starts.
    this.#lastWrite = this.#lastWrite.catch(() => undefined).then(() => writeJsonFile(path, this.list()));
    return this.#lastWrite;
  }
}

function keyOf(name: string): string {
  return name.toLowerCase();
}

import { systemClock } from '@iris-devtools/core';
import type { Clock, Logger } from '@iris-devtools/core';
import { PasswordVerifier } from './password-verifier.js';
import type { User } from './user.js';
import type { UserStore } from './user-store.js';

/** Why a login was refused. Clients are told apart only `change-password` from the rest. */
export type RefusalReason =
  | 'unknown-user'
  | 'wrong-password'
  | 'disabled'
  | 'account-expired'
  | 'too-many-attempts'
  | 'change-password';

export type LoginOutcome =
  { readonly ok: true; readonly user: User } | { readonly ok: false; readonly reason: RefusalReason };

export interface AuthenticatorOptions {
  /** Delay of the answer to the first wrong password; it doubles with each further one. */
  readonly failureDelayMs: number;
  readonly maxFailureDelayMs: number;
  /** Wrong passwords in a row after which the account is refused; 0: no limit. */
  readonly invalidLoginLimit: number;
}

export const DEFAULT_AUTHENTICATOR_OPTIONS: AuthenticatorOptions = {
  failureDelayMs: 100,
  maxFailureDelayMs: 3_000,
  invalidLoginLimit: 0,
};

/** Names of unknown users that are counted at most; the oldest is forgotten beyond it. */
const MAX_TRACKED_NAMES = 1_000;

/** Checks passwords, counts the wrong ones and slows guessing down. */
export class Authenticator {
  readonly #store: UserStore;
  readonly #options: AuthenticatorOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Failures in a row by name, also of names that do not exist: an attacker must not be able to tell. */
  readonly #failures = new Map<string, number>();
  readonly #verifier = new PasswordVerifier();

  constructor(store: UserStore, options: AuthenticatorOptions, logger: Logger, clock: Clock = systemClock) {
    this.#store = store;
    this.#options = options;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Settles late after a wrong password. */
  async login(name: string, password: string): Promise<LoginOutcome> {
    const user = this.#store.get(name);
    const correct = await this.#verifier.verify(password, user?.password);
    const limit = this.#options.invalidLoginLimit;
    // Beyond the limit a correct password is refused too, or the limit would not stop a guesser.
    const locked = limit > 0 && (user?.invalidLoginAttempts ?? 0) >= limit;
    if (user === undefined || !correct || locked) {
      await this.#failed(name);
      return {
        ok: false,
        reason: user === undefined ? 'unknown-user' : locked ? 'too-many-attempts' : 'wrong-password',
      };
    }
    this.#failures.delete(name.toLowerCase());
    await this.#store.noteLogin(name, true);
    if (!user.enabled) return { ok: false, reason: 'disabled' };
    if (this.#accountExpired(user)) return { ok: false, reason: 'account-expired' };
    if (user.changePassword) return { ok: false, reason: 'change-password' };
    return { ok: true, user };
  }

  async #failed(name: string): Promise<void> {
    const key = name.toLowerCase();
    const count = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.delete(key);
    this.#failures.set(key, count);
    if (this.#failures.size > MAX_TRACKED_NAMES) {
      const oldest = this.#failures.keys().next();
      if (oldest.done !== true) this.#failures.delete(oldest.value);
    }
    await this.#store.noteLogin(name, false);
    this.#logger.log('warn', 'login refused', { user: name, failuresInARow: count });
    const { failureDelayMs, maxFailureDelayMs } = this.#options;
    const delayMs = Math.min(failureDelayMs * 2 ** Math.min(count - 1, 20), maxFailureDelayMs);
    if (delayMs > 0) await new Promise<void>((resolve) => this.#clock.after(delayMs, resolve));
  }

  #accountExpired(user: User): boolean {
    if (user.accountNeverExpires || user.expirationDate === '') return false;
    return new Date(this.#clock.now()).toISOString().slice(0, 10) >= user.expirationDate;
  }
}

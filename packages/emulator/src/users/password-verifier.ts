import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { verifyPassword } from './password-hash.js';
import type { PasswordHash } from './password-hash.js';

/**
 * Checks passwords and remembers the good ones by a keyed digest, so that a pool that opens many connections pays for the
 * slow hash once. The key lives as long as the object; a new password is a new stored hash, which nothing is remembered for.
 */
export class PasswordVerifier {
  readonly #key = randomBytes(32);
  readonly #verified = new WeakMap<PasswordHash, Buffer>();

  async verify(password: string, stored: PasswordHash | undefined): Promise<boolean> {
    const digest = createHmac('sha256', this.#key).update(password).digest();
    const known = stored === undefined ? undefined : this.#verified.get(stored);
    if (known !== undefined && timingSafeEqual(known, digest)) return true;
    const correct = await verifyPassword(password, stored);
    if (correct && stored !== undefined) this.#verified.set(stored, digest);
    return correct;
  }
}

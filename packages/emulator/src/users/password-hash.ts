import { pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);

/** The parameters that IRIS's own images use by default: PBKDF2, SHA-512, 10,000 rounds. */
const DEFAULT_WORK_FACTOR = 10_000;
const DIGEST = 'sha512';
const HASH_BYTES = 64;
const SALT_BYTES = 16;

/** A stored password. Base64 keeps it readable by JSON. */
export interface PasswordHash {
  readonly algorithm: 'pbkdf2-sha512';
  readonly workFactor: number;
  readonly salt: string;
  readonly hash: string;
}

export async function hashPassword(
  password: string,
  workFactor = DEFAULT_WORK_FACTOR,
): Promise<PasswordHash> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, workFactor, HASH_BYTES, DIGEST);
  return {
    algorithm: 'pbkdf2-sha512',
    workFactor,
    salt: salt.toString('base64'),
    hash: hash.toString('base64'),
  };
}

/**
 * Compares in constant time. Without a stored hash the same work is done in vain, so that the time taken does not
 * tell whether a user exists.
 */
export async function verifyPassword(password: string, stored: PasswordHash | undefined): Promise<boolean> {
  const salt = stored === undefined ? Buffer.alloc(SALT_BYTES) : Buffer.from(stored.salt, 'base64');
  const found = await derive(password, salt, stored?.workFactor ?? DEFAULT_WORK_FACTOR, HASH_BYTES, DIGEST);
  if (stored === undefined) return false;
  const expected = Buffer.from(stored.hash, 'base64');
  return expected.length === found.length && timingSafeEqual(found, expected);
}

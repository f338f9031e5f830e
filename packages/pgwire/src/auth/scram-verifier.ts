import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { IrisError } from '@iris-devtools/core';
import { saslprep } from '@mongodb-js/saslprep';

const pbkdf2Async = promisify(pbkdf2);

export const SCRAM_KEY_BYTES = 32;
/** As PostgreSQL's SCRAM_SHA_256_DEFAULT_ITERATIONS. */
export const SCRAM_DEFAULT_ITERATIONS = 4096;
const SALT_BYTES = 16;
const MAX_ITERATIONS = 10_000_000;

/** What a server keeps instead of a password (RFC 5802): from it, nobody can log in or learn the password. */
export interface ScramVerifier {
  readonly iterations: number;
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** A new verifier in the form that pg_authid.rolpassword has: `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`. */
export async function createScramVerifier(
  password: string,
  options: { readonly iterations?: number; readonly salt?: Uint8Array } = {},
): Promise<string> {
  const iterations = options.iterations ?? SCRAM_DEFAULT_ITERATIONS;
  const salt = Buffer.from(options.salt ?? randomBytes(SALT_BYTES));
  const salted = await pbkdf2Async(prepare(password), salt, iterations, SCRAM_KEY_BYTES, 'sha256');
  const storedKey = sha256(hmac(salted, 'Client Key')).toString('base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

/** @throws IrisError IRIS_OPTION when the text is not a SCRAM-SHA-256 verifier; the text is not repeated */
export function parseScramVerifier(text: string): ScramVerifier {
  const [scheme, parameters, keys, ...rest] = text.split('$');
  const [iterationText, saltText] = parameters?.split(':') ?? [];
  const [storedText, serverText] = keys?.split(':') ?? [];
  const iterations = Number(iterationText);
  const salt = Buffer.from(saltText ?? '', 'base64');
  const storedKey = Buffer.from(storedText ?? '', 'base64');
  const serverKey = Buffer.from(serverText ?? '', 'base64');
  const wellFormed =
    scheme === 'SCRAM-SHA-256' &&
    rest.length === 0 &&
    Number.isInteger(iterations) &&
    iterations > 0 &&
    iterations <= MAX_ITERATIONS &&
    salt.length > 0 &&
    storedKey.length === SCRAM_KEY_BYTES &&
    serverKey.length === SCRAM_KEY_BYTES;
  if (!wellFormed) {
    throw new IrisError('A stored password is not a SCRAM-SHA-256 verifier', {
      code: 'IRIS_OPTION',
      hint: 'Use SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey, as createScramVerifier makes it.',
    });
  }
  return { iterations, salt, storedKey, serverKey };
}

/**
 * Stands in for a user that does not exist, so that the exchange looks the same and fails at its end.
 * The salt must be the same each time a name is tried, or it would tell.
 */
export function mockScramVerifier(user: string, serverSecret: Uint8Array): ScramVerifier {
  return {
    iterations: SCRAM_DEFAULT_ITERATIONS,
    salt: hmac(serverSecret, user).subarray(0, SALT_BYTES),
    storedKey: randomBytes(SCRAM_KEY_BYTES),
    serverKey: randomBytes(SCRAM_KEY_BYTES),
  };
}

export function hmac(key: Uint8Array, data: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

export function sha256(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}

/** SASLprep; as in PostgreSQL, a password that it forbids is used as it is. */
function prepare(password: string): string {
  try {
    return saslprep(password);
  } catch {
    return password;
  }
}

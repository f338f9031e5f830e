import { randomBytes, timingSafeEqual } from 'node:crypto';
import { notSupported, PgError } from '../pg-error.js';
import { hmac, SCRAM_KEY_BYTES, sha256 } from './scram-verifier.js';
import type { ScramVerifier } from './scram-verifier.js';

export const SCRAM_SHA_256 = 'SCRAM-SHA-256';
export const SCRAM_SHA_256_PLUS = 'SCRAM-SHA-256-PLUS';
const BINDING_TYPE = 'tls-server-end-point';
const NONCE_BYTES = 18;

interface Offer {
  readonly mechanism: string;
  readonly verifier: ScramVerifier;
  /** tls-server-end-point data; `undefined`: the server did not offer channel binding. */
  readonly channelBinding: Uint8Array | undefined;
}

export interface ServerFirst {
  readonly message: string;
  /** @returns the server-final-message. `undefined`: the proof is wrong. @throws PgError 08P01 */
  finish(clientFinal: string): string | undefined;
}

/** The server's half of RFC 5802 / RFC 7677. The user name in the message is ignored: the startup packet gave it. */
export function beginScram(offer: Offer, clientFirst: string): ServerFirst {
  const { gs2Header, bare, clientNonce } = readClientFirst(offer, clientFirst);
  const { verifier } = offer;
  const nonce = `${clientNonce}${randomBytes(NONCE_BYTES).toString('base64')}`;
  const message = `r=${nonce},s=${verifier.salt.toString('base64')},i=${verifier.iterations}`;
  const bindsChannel = gs2Header.startsWith('p');
  const boundBytes = Buffer.concat([
    Buffer.from(gs2Header),
    bindsChannel && offer.channelBinding !== undefined ? offer.channelBinding : Buffer.alloc(0),
  ]);
  return {
    message,
    finish(clientFinal) {
      const { binding, echoedNonce, proof, withoutProof } = readClientFinal(clientFinal);
      if (binding !== boundBytes.toString('base64')) {
        throw authenticationError('28000', 'SCRAM channel binding check failed');
      }
      if (echoedNonce !== nonce) throw malformed('Nonce does not match.');
      const authMessage = `${bare},${message},${withoutProof}`;
      if (!proves(verifier, authMessage, proof)) return undefined;
      return `v=${hmac(verifier.serverKey, authMessage).toString('base64')}`;
    },
  };
}

function proves(verifier: ScramVerifier, authMessage: string, proof: Buffer): boolean {
  if (proof.length !== SCRAM_KEY_BYTES) return false;
  const signature = hmac(verifier.storedKey, authMessage);
  const clientKey = Buffer.from(proof.map((byte, index) => byte ^ (signature[index] ?? 0)));
  return timingSafeEqual(sha256(clientKey), verifier.storedKey);
}

/** gs2-header, then `n=user,r=nonce`; the reserved `m=` extension is refused, as the RFC asks. */
function readClientFirst(offer: Offer, text: string) {
  const [flag, authorizationIdentity, ...bareParts] = text.split(',');
  if (flag === undefined || authorizationIdentity === undefined)
    throw malformed('The gs2 header is missing.');
  checkBindingFlag(offer, flag);
  if (authorizationIdentity !== '') {
    throw new PgError({ ...notSupported('A SCRAM authorization identity').fields, severity: 'FATAL' });
  }
  const [user, nonce] = bareParts;
  if (user?.startsWith('m=') === true) {
    throw new PgError({ ...notSupported('A mandatory SCRAM extension').fields, severity: 'FATAL' });
  }
  if (user?.startsWith('n=') !== true) throw malformed('The user name is missing.');
  const clientNonce = nonce?.startsWith('r=') === true ? nonce.slice(2) : '';
  if (!isPrintable(clientNonce)) throw malformed('The nonce is missing or not printable.');
  return { gs2Header: `${flag},,`, bare: bareParts.join(','), clientNonce };
}

/** n: the client cannot bind. y: it can, but believes that the server cannot. p: it does. */
function checkBindingFlag(offer: Offer, flag: string): void {
  const plus = offer.mechanism === SCRAM_SHA_256_PLUS;
  if (flag === 'n' && !plus) return;
  if (flag === 'y' && !plus) {
    // Somebody between us removed the -PLUS mechanism from our offer.
    if (offer.channelBinding !== undefined) {
      throw authenticationError(
        '28000',
        'SCRAM channel binding negotiation error',
        'The client supports SCRAM channel binding but thinks the server does not. However, this server does support channel binding.',
      );
    }
    return;
  }
  if (flag.startsWith('p=') && plus) {
    if (flag !== `p=${BINDING_TYPE}`) {
      throw authenticationError(
        '08P01',
        `unsupported SCRAM channel-binding type ${JSON.stringify(flag.slice(2))}`,
      );
    }
    return;
  }
  throw malformed('The channel-binding flag does not fit the mechanism.');
}

function readClientFinal(text: string) {
  const proofAt = text.lastIndexOf(',p=');
  const withoutProof = text.slice(0, Math.max(proofAt, 0));
  const [binding, nonce] = withoutProof.split(',');
  if (proofAt === -1 || binding?.startsWith('c=') !== true || nonce?.startsWith('r=') !== true) {
    throw malformed('The client-final-message is not c=...,r=...,p=...');
  }
  return {
    binding: binding.slice(2),
    echoedNonce: nonce.slice(2),
    proof: Buffer.from(text.slice(proofAt + 3), 'base64'),
    withoutProof,
  };
}

/** RFC 5802 `printable`: 0x21 to 0x7e without the comma, which cannot be there after the split. */
function isPrintable(nonce: string): boolean {
  return nonce !== '' && Array.from(nonce).every((character) => character >= '!' && character <= '~');
}

function malformed(detail: string): PgError {
  return authenticationError('08P01', 'malformed SCRAM message', detail);
}

function authenticationError(sqlstate: string, message: string, detail?: string): PgError {
  return new PgError({ severity: 'FATAL', sqlstate, message, detail });
}

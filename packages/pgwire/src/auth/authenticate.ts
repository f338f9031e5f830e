import { isIrisError, Secret } from '@iris-devtools/core';
import type { SessionSource } from '@iris-devtools/core';
import type { BackendMessage } from '../messages/backend-messages.js';
import type { LoginMessage, LoginMessageKind } from '../messages/frontend-messages.js';
import { PgError } from '../pg-error.js';
import { decodeUtf8 } from '../wire/byte-reader.js';
import { protocolViolation } from '../wire/protocol-violation.js';
import type { AccessRules, ConnectionFacts } from './access-rule.js';
import { beginScram, SCRAM_SHA_256, SCRAM_SHA_256_PLUS } from './scram-exchange.js';
import { mockScramVerifier, parseScramVerifier } from './scram-verifier.js';

/** Where the stored SCRAM verifiers are. `undefined`: no such user. */
export type VerifierLookup = (user: string) => Promise<string | undefined> | string | undefined;

/** Logs in to IRIS as this user. @throws IrisError IRIS_LOGIN_REFUSED */
export type IrisLogin = (user: string, password: Secret) => Promise<SessionSource>;

export interface AuthenticationOptions {
  readonly rules: AccessRules;
  readonly verifierOf: VerifierLookup;
  readonly irisLogin: IrisLogin | undefined;
  /** Key of the invented salts of users that do not exist. */
  readonly mockSecret: Uint8Array;
}

/** The connection as the login sees it. */
export interface LoginPeer extends ConnectionFacts {
  /** tls-server-end-point data, when there is TLS and the certificate allows it. */
  readonly channelBinding: Uint8Array | undefined;
  /** Common name of a client certificate that was verified. */
  readonly certificateUser: string | undefined;
  send(message: BackendMessage): Promise<void>;
  receive<Kind extends LoginMessageKind>(kind: Kind): Promise<Extract<LoginMessage, { kind: Kind }>>;
}

/**
 * Runs the login up to, not including, AuthenticationOk.
 * @returns the user's own IRIS sessions, when the login made them
 * @throws PgError 28P01, 28000, 08P01, always FATAL
 */
export async function authenticate(
  peer: LoginPeer,
  options: AuthenticationOptions,
): Promise<SessionSource | undefined> {
  const method = options.rules(peer);
  switch (method) {
    case 'trust':
      return undefined;
    case 'scram-sha-256':
      await scram(peer, options);
      return undefined;
    case 'iris-password':
      return irisPassword(peer, options.irisLogin);
    case 'cert':
      if (peer.certificateUser === undefined || peer.certificateUser !== peer.user) {
        throw fatal('28000', `certificate authentication failed for user "${peer.user}"`);
      }
      return undefined;
  }
}

async function scram(peer: LoginPeer, options: AuthenticationOptions): Promise<void> {
  const stored = await options.verifierOf(peer.user);
  const verifier =
    stored === undefined ? mockScramVerifier(peer.user, options.mockSecret) : parseScramVerifier(stored);
  const mechanisms = [...(peer.channelBinding === undefined ? [] : [SCRAM_SHA_256_PLUS]), SCRAM_SHA_256];
  await peer.send({ kind: 'Authentication', request: { type: 'SASL', mechanisms } });

  const initial = await peer.receive('SASLInitialResponse');
  if (!mechanisms.includes(initial.mechanism)) {
    throw protocolViolation('client selected an invalid SASL authentication mechanism');
  }
  if (initial.data === null)
    throw protocolViolation('malformed SCRAM message', 'The initial response is missing.');
  const exchange = beginScram(
    { mechanism: initial.mechanism, verifier, channelBinding: peer.channelBinding },
    decodeUtf8(initial.data),
  );
  await peer.send({
    kind: 'Authentication',
    request: { type: 'SASLContinue', data: Buffer.from(exchange.message) },
  });
  const response = await peer.receive('SASLResponse');
  const final = exchange.finish(decodeUtf8(response.data));
  if (final === undefined || stored === undefined) throw wrongPassword(peer.user);
  await peer.send({ kind: 'Authentication', request: { type: 'SASLFinal', data: Buffer.from(final) } });
}

async function irisPassword(peer: LoginPeer, login: IrisLogin | undefined): Promise<SessionSource> {
  if (!peer.encrypted) {
    throw fatal(
      '28000',
      'password authentication needs an encrypted connection',
      'Connect with sslmode=require.',
    );
  }
  if (login === undefined) throw fatal('28000', 'this server has no login to IRIS configured');
  await peer.send({ kind: 'Authentication', request: { type: 'CleartextPassword' } });
  const { password } = await peer.receive('PasswordMessage');
  if (password === '') throw fatal('28P01', 'empty password returned by client');
  try {
    return await login(peer.user, new Secret(password));
  } catch (cause) {
    if (isIrisError(cause) && cause.code === 'IRIS_LOGIN_REFUSED') throw wrongPassword(peer.user, cause);
    throw cause;
  }
}

function wrongPassword(user: string, cause?: unknown): PgError {
  return new PgError(
    { severity: 'FATAL', sqlstate: '28P01', message: `password authentication failed for user "${user}"` },
    cause,
  );
}

function fatal(sqlstate: string, message: string, hint?: string): PgError {
  return new PgError({ severity: 'FATAL', sqlstate, message, hint });
}

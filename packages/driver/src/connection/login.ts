import { hostname, userInfo } from 'node:os';
import { IrisError } from '@iris-devtools/core';
import { decodeRefusal, decodeReply, FEATURE, STATUS, type ReplyOf } from '@iris-devtools/protocol';
import type { Wire } from '../net/wire.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import { askOnce } from './conversation.js';

/** The protocol version that the Go driver announces, and real servers accept. */
const PROTOCOL_VERSION = 69;
const AUTOCOMMIT = { on: 1, off: 2 } as const;

export interface ServerInfo {
  /** Like $ZVERSION. */
  readonly version: string;
  readonly protocolVersion: number;
  readonly unicode: boolean;
  readonly locale: string;
  /** Number of the server process that serves this connection. */
  readonly jobNumber: string;
  readonly delimitedIdentifiers: boolean;
  readonly isolationLevel: number;
}

/** Handshake and login. @throws IrisError IRIS_LOGIN_REFUSED, IRIS_PASSWORD_EXPIRED, IRIS_PROTOCOL */
export async function login(wire: Wire, options: ResolvedOptions): Promise<ServerInfo> {
  const handshakeFrame = await askOnce(wire, { kind: 'Handshake', protocolVersion: PROTOCOL_VERSION });
  const handshake = decodeReply('Handshake', handshakeFrame, wire.codec);
  wire.codec = { ...wire.codec, compactDoubles: handshake.compactDoubles };
  const frame = await askOnce(wire, {
    kind: 'Connect',
    namespace: options.namespace,
    user: options.user,
    password: options.password.reveal(),
    osUser: osUserName(),
    clientHost: hostname(),
    applicationName: options.applicationName,
    clientLocale: '',
    clientAddress: wire.socket.localAddress ?? '',
    eventClass: '',
    autocommit: options.autocommit ? AUTOCOMMIT.on : AUTOCOMMIT.off,
    isolationLevel: 0,
    features: options.fastSelect ? FEATURE.FAST_SELECT : 0,
  });
  if (frame.code !== STATUS.OK) throw refused(decodeRefusal(frame.payload), options);
  const reply: ReplyOf<'Connect'> = decodeReply('Connect', frame, wire.codec);
  wire.codec = { ...wire.codec, features: reply.features };
  return {
    version: reply.serverVersion,
    protocolVersion: handshake.protocolVersion,
    unicode: handshake.unicode,
    locale: handshake.locale,
    jobNumber: reply.jobNumber,
    delimitedIdentifiers: reply.delimitedIdentifiers,
    isolationLevel: reply.isolationLevel,
  };
}

/**
 * The server has one status for every refusal, so its text must tell an expired password from a wrong one.
 * -853 and its wording come from reports of other drivers; unverified on a live server.
 */
function refused(text: string, options: ResolvedOptions): IrisError {
  const said = text === '' ? 'no reason given' : text;
  const where = `${options.user}@${options.host}:${options.port}/${options.namespace}`;
  if (
    text.includes('-853') ||
    /(change (the |your )?password|password (change|expired|has expired))/i.test(text)
  ) {
    return new IrisError(`The password of ${where} has to be changed before it can be used: ${said}`, {
      code: 'IRIS_PASSWORD_EXPIRED',
      sqlcode: -853,
      retry: 'no',
      hint: 'Change the password (terminal login, Security.Users, or @iris-devtools/containers for a container), then connect again.',
    });
  }
  return new IrisError(`The server refused the login of ${where}: ${said}`, {
    code: 'IRIS_LOGIN_REFUSED',
    sqlstate: '28P01',
    retry: 'no',
    hint: 'Check user, password and namespace. The same answer comes for a wrong password, an unknown user and a user without rights.',
  });
}

function osUserName(): string {
  try {
    return userInfo().username;
  } catch {
    // Containers may run under a user id that has no name.
    return '';
  }
}

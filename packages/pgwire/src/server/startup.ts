import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SecureContext } from 'node:tls';
import type { CancelRequest } from '../messages/startup/cancel-request.js';
import type { StartupMessage } from '../messages/startup/startup-message.js';
import { decodeStartupPacket, MAX_STARTUP_PACKET_BYTES } from '../messages/startup/startup-packet.js';
import { notSupported, PgError } from '../pg-error.js';
import type { MessageInput } from '../wire/message-input.js';
import type { MessageOutput } from '../wire/message-output.js';
import { protocolViolation } from '../wire/protocol-violation.js';

/** The newest 3.x that is spoken: 3.2 brought longer cancel keys. */
export const NEWEST_MINOR_VERSION = 2;
const OPTION_PREFIX = '_pq_.';
/** First byte of a TLS ClientHello; no startup packet is long enough to begin with it. */
const TLS_HANDSHAKE = 0x16;

/** A connection whose bytes may become TLS on the way. */
export interface Transport {
  socket: Socket | TLSSocket;
  readonly input: MessageInput;
  readonly output: MessageOutput;
  readonly tls: ServerTls | undefined;
  /** Ends a TLS handshake that is under way. */
  failHandshake: ((reason: Error) => void) | undefined;
}

export interface ServerTls {
  readonly context: SecureContext;
  readonly requestCertificate: boolean;
}

/** Reads up to the message that says what the client wants. `undefined`: it left. @throws PgError FATAL */
export async function readStartup(transport: Transport): Promise<StartupMessage | CancelRequest | undefined> {
  const { input, output } = transport;
  if ((await input.firstByte()) === TLS_HANDSHAKE) await startTls(transport, 'direct');
  const asked = new Set<string>();
  for (;;) {
    const bytes = await input.nextUntagged(MAX_STARTUP_PACKET_BYTES);
    if (bytes === undefined) return undefined;
    const packet = decodeStartupPacket(bytes);
    if (packet.kind === 'CancelRequest' || packet.kind === 'StartupMessage') return packet;
    if (asked.has(packet.kind)) throw protocolViolation(`unexpected second ${packet.kind}`);
    asked.add(packet.kind);
    const startsTls = packet.kind === 'SSLRequest' && transport.tls !== undefined && !isTls(transport);
    // Bytes behind the request would be read as if they had been encrypted (CVE-2021-23222).
    if (startsTls && input.bufferedBytes > 0) {
      throw protocolViolation('received unencrypted data after SSL request');
    }
    output.sendByte(startsTls ? 'S' : 'N');
    await output.flush();
    if (startsTls) await startTls(transport, 'negotiated');
  }
}

function isTls(transport: Transport): boolean {
  return transport.socket instanceof TLSSocket;
}

/**
 * Goes on over TLS. Without a request before it (`sslnegotiation=direct`) the client must name the protocol by ALPN,
 * so that the handshake cannot be meant for another kind of server.
 */
async function startTls(transport: Transport, how: 'direct' | 'negotiated'): Promise<void> {
  const { input, output, tls, socket } = transport;
  if (tls === undefined) throw protocolViolation('received a TLS handshake, but TLS is not configured');
  const early = input.takeBuffered();
  input.detach();
  if (early.length > 0) socket.unshift(early);
  const secured = new TLSSocket(socket, {
    isServer: true,
    secureContext: tls.context,
    requestCert: tls.requestCertificate,
    rejectUnauthorized: false,
    ALPNProtocols: ['postgresql'],
  });
  // For the life of the connection: what breaks it is noticed where it is read.
  secured.on('error', () => undefined);
  try {
    await new Promise<void>((resolve, reject) => {
      transport.failHandshake = reject;
      secured.once('secure', resolve);
      secured.once('error', reject);
      secured.once('close', () => {
        reject(protocolViolation('the TLS handshake was broken off'));
      });
    });
  } finally {
    transport.failHandshake = undefined;
  }
  if (how === 'direct' && secured.alpnProtocol !== 'postgresql') {
    throw protocolViolation(
      'received direct SSL connection request without ALPN protocol negotiation extension',
    );
  }
  transport.socket = secured;
  input.replaceStream(secured);
  output.stream = secured;
}

/** Agrees on the protocol and reads the options that a login needs. @throws PgError FATAL 0A000, 28000 */
export function acceptStartup(message: StartupMessage, output: MessageOutput) {
  const { majorVersion, minorVersion, options } = message;
  if (majorVersion !== 3) {
    throw new PgError({
      severity: 'FATAL',
      sqlstate: '0A000',
      message: `unsupported frontend protocol ${majorVersion}.${minorVersion}: server supports 3.0 to 3.${NEWEST_MINOR_VERSION}`,
    });
  }
  const unrecognizedOptions = [...options.keys()].filter((name) => name.startsWith(OPTION_PREFIX));
  if (minorVersion > NEWEST_MINOR_VERSION || unrecognizedOptions.length > 0) {
    output.send({
      kind: 'NegotiateProtocolVersion',
      minorVersion: Math.min(minorVersion, NEWEST_MINOR_VERSION),
      unrecognizedOptions,
    });
  }
  const user = options.get('user');
  if (user === undefined || user === '') {
    throw new PgError({
      severity: 'FATAL',
      sqlstate: '28000',
      message: 'no PostgreSQL user name specified in startup packet',
    });
  }
  const replication = options.get('replication') ?? 'false';
  if (!['false', 'off', 'no', '0'].includes(replication)) {
    throw new PgError({ ...notSupported('replication').fields, severity: 'FATAL' });
  }
  return {
    user,
    database: options.get('database') ?? user,
    minorVersion: Math.min(minorVersion, NEWEST_MINOR_VERSION),
    settings: startupSettings(options),
  };
}

const NO_SETTINGS: ReadonlySet<string> = new Set(['user', 'database', 'replication', 'options']);

function startupSettings(options: ReadonlyMap<string, string>): [string, string][] {
  const direct = [...options].filter(([name]) => !NO_SETTINGS.has(name) && !name.startsWith(OPTION_PREFIX));
  // A setting of its own wins over the same one in `options`.
  return [...commandLineSettings(options.get('options') ?? ''), ...direct];
}

/** `-c name=value --name=value`, with backslashes before blanks that belong to a value (PGOPTIONS). */
export function commandLineSettings(text: string): [string, string][] {
  const words = text.match(/(?:\\[\s\S]|[^\s\\])+/g) ?? [];
  const settings: [string, string][] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = (words[index] ?? '').replace(/\\([\s\S])/g, '$1');
    let assignment: string | undefined;
    if (word === '-c') {
      index += 1;
      assignment = words[index]?.replace(/\\([\s\S])/g, '$1');
    } else if (word.startsWith('--')) assignment = word.slice(2);
    else if (word.startsWith('-c')) assignment = word.slice(2);
    const equals = assignment?.indexOf('=') ?? -1;
    if (assignment === undefined || equals < 1) {
      throw new PgError({
        severity: 'FATAL',
        sqlstate: '42601',
        message: `invalid command-line argument for server process: ${word}`,
        hint: 'Write -c name=value.',
      });
    }
    settings.push([assignment.slice(0, equals).replaceAll('-', '_'), assignment.slice(equals + 1)]);
  }
  return settings;
}

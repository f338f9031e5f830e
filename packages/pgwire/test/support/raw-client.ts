import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { backendBodyLimit, decodeBackend } from '../../src/messages/backend-messages.js';
import type { BackendMessage } from '../../src/messages/backend-messages.js';
import { encodeFrontend } from '../../src/messages/frontend-messages.js';
import type { FrontendMessage, LoginMessage } from '../../src/messages/frontend-messages.js';
import { encodeStartupPacket } from '../../src/messages/startup/startup-packet.js';
import type { StartupPacket } from '../../src/messages/startup/startup-packet.js';
import { ByteWriter } from '../../src/wire/byte-writer.js';
import { MessageInput } from '../../src/wire/message-input.js';

/** A client that sends exactly what a test tells it to, in order or not. */
export class RawClient {
  readonly socket: Socket;
  readonly #input: MessageInput;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.#input = new MessageInput(socket, 1 << 26);
    socket.on('error', () => undefined);
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Connected and logged in by a trust rule, up to the first ReadyForQuery. */
  static async login(port: number, user: string, database: string): Promise<RawClient> {
    const client = await RawClient.connect(port);
    client.startup({ user, database });
    await client.until('ReadyForQuery');
    return client;
  }

  bytes(bytes: Uint8Array | string): void {
    this.socket.write(bytes);
  }

  startup(options: Record<string, string>, minorVersion = 0, majorVersion = 3): void {
    this.packet({
      kind: 'StartupMessage',
      majorVersion,
      minorVersion,
      options: new Map(Object.entries(options)),
    });
  }

  packet(packet: StartupPacket): void {
    const out = new ByteWriter();
    encodeStartupPacket(packet, out);
    this.socket.write(out.take());
  }

  send(...messages: (FrontendMessage | LoginMessage)[]): void {
    const out = new ByteWriter();
    for (const message of messages) encodeFrontend(message, out);
    this.socket.write(out.take());
  }

  /** The next message; `undefined` when the server closed the connection. */
  async next(): Promise<BackendMessage | undefined> {
    const frame = await this.#input.next(backendBodyLimit);
    return frame === undefined
      ? undefined
      : decodeBackend({ tag: frame.tag, body: Uint8Array.from(frame.body) });
  }

  /** Everything up to and with the first message of this kind, or to the end of the connection. */
  async until(kind: BackendMessage['kind'] | 'end'): Promise<BackendMessage[]> {
    const messages: BackendMessage[] = [];
    for (;;) {
      const message = await this.next();
      if (message === undefined) return messages;
      messages.push(message);
      if (message.kind === kind) return messages;
    }
  }

  /** One answer that is no message: to SSLRequest and GSSENCRequest. */
  async nextByte(): Promise<string> {
    const tag = await this.#input.firstByte();
    const [first = 0, ...rest] = this.#input.takeBuffered();
    if (rest.length > 0) throw new Error('more than one byte came');
    return String.fromCharCode(tag ?? first);
  }

  close(): void {
    this.socket.destroy();
  }
}

/** The error in an answer. */
export function errorIn(messages: readonly BackendMessage[]): {
  sqlstate: string;
  message: string;
  severity: string;
} {
  const found = messages.find((message) => message.kind === 'ErrorResponse');
  if (found === undefined) throw new Error(`no error in ${messages.map(({ kind }) => kind).join()}`);
  return found.fields;
}

export const kinds = (messages: readonly BackendMessage[]): string[] => messages.map(({ kind }) => kind);

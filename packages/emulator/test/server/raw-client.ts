import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { decodeReply, encodeFrame, encodeRequest, FrameDecoder } from '@iris-devtools/protocol';
import type { CodecOptions, Frame, MessageKind, ReplyOf, Request, RequestOf } from '@iris-devtools/protocol';

/** A client that does nothing on its own: it sends what a test says and hands out the frames that come back. */
export class RawClient {
  readonly socket: Socket;
  readonly #decoder = new FrameDecoder();
  readonly #frames: Frame[] = [];
  #waiting: ((frame: Frame | undefined) => void) | undefined;
  #ended = false;
  #sequence = 0;
  options: CodecOptions = {};
  readonly received: Buffer[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.received.push(chunk);
      this.#decoder.push(chunk);
      for (let frame = this.#decoder.next(); frame !== undefined; frame = this.#decoder.next())
        this.#take(frame);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#ended = true;
      this.#waiting?.(undefined);
    });
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Logged in. */
  static async login(port: number, login: Partial<RequestOf<'Connect'>> = {}): Promise<RawClient> {
    const client = await RawClient.open(port);
    await client.handshake();
    const { frame, features } = await client.connect(login);
    if (frame?.code !== 0) throw new Error(`login refused with status ${String(frame?.code)}`);
    client.options = { features };
    return client;
  }

  async handshake(): Promise<Frame | undefined> {
    this.send({ kind: 'Handshake', protocolVersion: 69 });
    return this.frame();
  }

  async connect(
    login: Partial<RequestOf<'Connect'>> = {},
  ): Promise<{ frame: Frame | undefined; features: number }> {
    this.send(connectRequest(login));
    const frame = await this.frame();
    const features = frame?.code === 0 ? decodeReply('Connect', frame).features : undefined;
    return { frame, features: features ?? 0 };
  }

  send(request: Request, statementId = 0): void {
    const header = { sequence: this.#sequence, statementId };
    this.#sequence += 1;
    this.socket.write(encodeRequest(request, header, this.options));
  }

  sendFrame(code: number, payload: Buffer): void {
    const header = { sequence: this.#sequence, statementId: 0, code };
    this.#sequence += 1;
    this.socket.write(encodeFrame(header, payload));
  }

  /** The next frame; `undefined` when the server has closed the connection. */
  async frame(): Promise<Frame | undefined> {
    const frame = this.#frames.shift();
    if (frame !== undefined || this.#ended) return frame;
    return new Promise((resolve) => {
      this.#waiting = (received) => {
        this.#waiting = undefined;
        resolve(received);
      };
    });
  }

  /** Sends and decodes the reply, whatever its status. */
  async call<K extends MessageKind>(
    request: RequestOf<K> & { kind: K },
    statementId = 0,
  ): Promise<ReplyOf<K>> {
    const frame = await this.exchange(request, statementId);
    return decodeReply<K>(request.kind, frame, this.options);
  }

  async exchange(request: Request, statementId = 0): Promise<Frame> {
    this.send(request, statementId);
    const frame = await this.frame();
    if (frame === undefined) throw new Error('the server closed the connection');
    return frame;
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    const closed = once(this.socket, 'close');
    this.socket.destroy();
    await closed;
  }

  /** Settles when the server has closed. */
  async closed(): Promise<void> {
    while ((await this.frame()) !== undefined);
  }

  #take(frame: Frame): void {
    if (this.#waiting === undefined) this.#frames.push(frame);
    else this.#waiting(frame);
  }
}

export function connectRequest(login: Partial<RequestOf<'Connect'>> = {}): RequestOf<'Connect'> {
  return {
    kind: 'Connect',
    namespace: 'USER',
    user: '_SYSTEM',
    password: 'SYS',
    osUser: 'root',
    clientHost: 'test',
    applicationName: 'test',
    clientLocale: '',
    clientAddress: '',
    eventClass: '',
    autocommit: 1,
    isolationLevel: 0,
    features: 1,
    ...login,
  };
}

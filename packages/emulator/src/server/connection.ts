import type { Socket } from 'node:net';
import { isIrisError } from '@iris-devtools/core';
import {
  decodeRequest,
  FrameDecoder,
  functionCode,
  functionCodeName,
  kindOfCode,
  protocolError,
} from '@iris-devtools/protocol';
import type { Frame } from '@iris-devtools/protocol';
import { Exchange } from './exchange.js';
import { HandshakePhase } from './login-phases.js';
import type { Phase } from './phase.js';
import type { ServerContext } from './server-context.js';

/** Requests that may wait on one connection; clients have one in flight, so more is a peer that does not listen. */
const MAX_QUEUED_FRAMES = 64;
const INTERRUPT = functionCode('EI');

/** One client: cuts its bytes into requests and answers them one after the other. Whatever goes wrong ends only this client. */
export class Connection {
  readonly #socket: Socket;
  readonly #context: ServerContext;
  readonly #decoder: FrameDecoder;
  readonly #queue: Frame[] = [];
  #phase: Phase;
  #working = false;
  #ended = false;
  #sendBudget: number;
  #cancelTimer: () => void = () => undefined;
  #resolveClosed: () => void = () => undefined;
  /** Settles when nothing of the connection is left. */
  readonly closed: Promise<void>;

  constructor(socket: Socket, context: ServerContext, overloaded: boolean) {
    this.#socket = socket;
    this.#context = context;
    this.#decoder = new FrameDecoder({ maxPayloadBytes: context.codecLimits.maxPayloadBytes });
    this.#phase = new HandshakePhase(context, overloaded);
    this.#sendBudget = context.faults.onConnection();
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#startTimer(context.settings.limits.loginTimeoutMs);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#receive(chunk);
    });
    // The reason arrives with 'close'; without a listener it would end the process.
    socket.on('error', () => undefined);
    socket.on('end', () => {
      this.#end();
    });
    socket.on('close', () => {
      this.#end();
    });
  }

  /** True while a request is at work. */
  get busy(): boolean {
    return this.#working;
  }

  /** Ends the connection, a running request included. */
  destroy(): void {
    this.#phase.interrupt?.();
    this.#end();
  }

  #receive(chunk: Buffer): void {
    if (this.#ended) return;
    try {
      this.#decoder.push(chunk);
      for (let frame = this.#decoder.next(); frame !== undefined; frame = this.#decoder.next())
        this.#enqueue(frame);
    } catch (error) {
      this.#abort(error);
    }
  }

  #enqueue(frame: Frame): void {
    if (frame.code === INTERRUPT && this.#working) this.#phase.interrupt?.();
    this.#queue.push(frame);
    if (this.#queue.length > MAX_QUEUED_FRAMES) this.#socket.pause();
    // At once, so that an interrupt in the same chunk finds the request at work.
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (
        let frame = this.#queue.shift();
        frame !== undefined && !this.#ended;
        frame = this.#queue.shift()
      ) {
        if (this.#queue.length < MAX_QUEUED_FRAMES && this.#socket.isPaused()) this.#socket.resume();
        await this.#answer(frame);
      }
    } catch (error) {
      this.#abort(error);
    } finally {
      this.#working = false;
      if (this.#ended) await this.#cleanUp();
    }
  }

  async #answer(frame: Frame): Promise<void> {
    const phase = this.#phase;
    const exchange = new Exchange(frame, phase.codec);
    const result = await this.#handle(phase, exchange, frame);
    if (typeof result === 'object') this.#enter(result);
    else if (!phase.timed) this.#startTimer(this.#context.settings.limits.idleTimeoutMs);
    await this.#send(exchange.messages);
    if (result === 'close') this.#end();
  }

  async #handle(phase: Phase, exchange: Exchange, frame: Frame) {
    const known = kindOfCode(frame.code) !== undefined;
    if (!known && phase.refuse !== undefined && functionCodeName(frame.code) !== undefined) {
      phase.refuse(frame.code, exchange);
      return 'stay' as const;
    }
    if (!known) throw protocolError('The function code is not known', 12);
    return phase.handle(decodeRequest(frame, phase.codec), exchange);
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    if (!phase.timed) this.#startTimer(this.#context.settings.limits.idleTimeoutMs);
  }

  /** Sends whole messages in one go: a client reads the header with a single call and expects all of it. */
  async #send(messages: readonly Buffer[]): Promise<void> {
    if (this.#ended || messages.length === 0) return;
    const bytes = messages.length === 1 && messages[0] !== undefined ? messages[0] : Buffer.concat(messages);
    if (bytes.length >= this.#sendBudget) {
      const rest = bytes.subarray(0, this.#sendBudget);
      this.#socket.write(rest, () => {
        this.#socket.destroy();
      });
      this.#end();
      return;
    }
    this.#sendBudget -= bytes.length;
    if (this.#socket.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.on('drain', done).on('close', done);
    });
  }

  #abort(error: unknown): void {
    const { logger } = this.#context.instance;
    if (isIrisError(error)) {
      logger.log('warn', 'connection ended by a protocol error', {
        phase: this.#phase.name,
        code: error.code,
        reason: error.message,
      });
    } else {
      logger.log('error', 'connection ended by an unexpected failure', { phase: this.#phase.name, error });
    }
    this.#socket.destroy();
    this.#end();
  }

  #startTimer(timeoutMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = () => undefined;
    if (timeoutMs <= 0 || this.#ended) return;
    this.#cancelTimer = this.#context.instance.clock.after(timeoutMs, () => {
      // A request that takes long is no idle client.
      if (this.#working && !this.#phase.timed) this.#startTimer(timeoutMs);
      else this.#socket.destroy();
    });
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelTimer();
    this.#queue.length = 0;
    this.#phase.interrupt?.();
    // `end` lets what was written reach the client; a peer that does not close its side is cut off soon after.
    this.#socket.end(() => this.#socket.destroy());
    if (!this.#working) void this.#cleanUp();
  }

  async #cleanUp(): Promise<void> {
    try {
      await this.#phase.close?.();
    } catch (error) {
      this.#context.instance.logger.log('error', 'a session could not be closed', { error });
    } finally {
      this.#resolveClosed();
    }
  }
}

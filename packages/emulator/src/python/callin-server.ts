import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeJsonFrame, IrisError, JsonFrameReader } from '@iris-devtools/core';
import { IrisProcess } from '../server/iris-process.js';
import { errorAnswer, irisCalls } from './iris-calls.js';
import type { Instance } from '../server/instance.js';
import type { CallHandler, PythonCall } from './iris-calls.js';

/** The script lies beside the TypeScript sources, which are published with the package. */
const LAUNCHER = path.join(__dirname, '..', '..', 'src', 'python', 'irispython.py');
const CALLIN = '%Service_CallIn';
/** unverified on a live server: the words, which wrappers of embedded Python report. */
const ACCESS_DENIED = 'IRIS_ACCESSDENIED (-15)';
const PASSWORD_CHANGE = 'IRIS_CHANGEPASSWORD (-32)';

/** One Python process that attached: its login, then its calls in order. */
class Attachment {
  readonly #socket: Socket;
  readonly #instance: () => Instance;
  #process: IrisProcess | undefined;
  #handle: CallHandler | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(socket: Socket, instance: () => Instance) {
    this.#socket = socket;
    this.#instance = instance;
    const reader = new JsonFrameReader(
      (message) => {
        this.#work = this.#work.then(() => this.#answer(message));
      },
      () => socket.destroy(),
    );
    socket.on('data', (chunk) => {
      reader.push(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#process?.interrupt();
      this.#work = this.#work.then(() => this.#process?.close());
    });
  }

  /** Ends the process; its transaction is rolled back. */
  async end(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      if (this.#socket.closed) resolve();
      this.#socket.once('close', () => {
        resolve();
      });
    });
    this.#socket.destroy();
    await closed;
    await this.#work;
  }

  async #answer(message: unknown): Promise<void> {
    if (this.#socket.destroyed) return;
    try {
      this.#write(await this.#reply(message as Readonly<Record<string, unknown>>));
    } catch (error) {
      this.#write(errorAnswer(error));
    }
  }

  async #reply(message: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.#handle !== undefined) {
      this.#process?.beginRequest();
      return { value: await this.#handle(message as PythonCall) };
    }
    this.#process = await this.#attach(message);
    this.#handle = irisCalls(this.#process);
    return { value: true };
  }

  async #attach({ user, password, namespace }: Readonly<Record<string, unknown>>): Promise<IrisProcess> {
    const instance = this.#instance();
    const refuse = (text: string): IrisError => new IrisError(text, { code: 'IRIS_LOGIN_REFUSED' });
    if (instance.security.service(CALLIN)?.Enabled !== '1') throw refuse(ACCESS_DENIED);
    const login = await instance.authenticator.login(String(user), String(password));
    if (!login.ok) throw refuse(login.reason === 'change-password' ? PASSWORD_CHANGE : ACCESS_DENIED);
    if (!instance.namespaces.has(String(namespace))) throw refuse(`<NAMESPACE> ${String(namespace)}`);
    return IrisProcess.start(instance, login.user, String(namespace));
  }

  #write(message: unknown): void {
    if (!this.#socket.destroyed) this.#socket.write(encodeJsonFrame(message));
  }
}

/**
 * Lets Python processes of this machine attach to the instance, as IRIS's CallIn interface does, and offers the
 * `irispython` program that does so. Everything lies in a directory that only this user can enter.
 */
export class CallInServer {
  /** Path of the program. */
  readonly program: string;
  readonly #server: Server;
  readonly #directory: string;
  readonly #attachments: Set<Attachment>;

  private constructor(directory: string, program: string, server: Server, attachments: Set<Attachment>) {
    this.program = program;
    this.#directory = directory;
    this.#server = server;
    this.#attachments = attachments;
  }

  /** @param instance asked at each login, since a restart makes another one */
  static async open(instance: () => Instance, python: string): Promise<CallInServer> {
    if (process.platform === 'win32') {
      throw new IrisError('The emulator has no irispython on Windows', {
        code: 'IRIS_UNSUPPORTED',
        hint: 'Leave the option "irispython" out.',
      });
    }
    const directory = await mkdtemp(path.join(tmpdir(), 'iris-emulator-'));
    const socketPath = path.join(directory, 'callin.sock');
    const attachments = new Set<Attachment>();
    const server = createServer((socket) => {
      const attachment = new Attachment(socket, instance);
      attachments.add(attachment);
      socket.once('close', () => attachments.delete(attachment));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(socketPath, resolve);
    });
    const program = path.join(directory, 'irispython');
    const words = [python, LAUNCHER, socketPath].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    await writeFile(program, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
    await chmod(program, 0o700);
    return new CallInServer(directory, program, server, attachments);
  }

  /** Ends every process that is attached; new ones are welcome. */
  async endProcesses(): Promise<void> {
    await Promise.all([...this.#attachments].map((attachment) => attachment.end()));
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    await this.endProcesses();
    await closed;
    await rm(this.#directory, { recursive: true, force: true });
  }
}

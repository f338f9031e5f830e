import { IrisError } from '@iris-devtools/core';
import type { SqlSession } from '../engine/engine.js';
import type { EngineParameter } from '../engine/engine.js';
import type { Emulator, EmulatorUsers, RestartOptions, SqlHelperResult } from '../emulator.js';
import { EmulatorFaults } from '../faults/emulator-faults.js';
import { CallInServer } from '../python/callin-server.js';
import { WebServer } from '../web/web-server.js';
import { Listener } from './listener.js';
import { protocolLimits } from './limits.js';
import { openInstance } from './open-instance.js';
import { TextLog } from './text-log.js';
import type { ClientSession } from './client-session.js';
import type { ListenAddress, TlsOptions } from './listener.js';
import type { InstanceOptions, OpenEngine, OpenInstance } from './open-instance.js';
import type { ServerContext } from './server-context.js';
import type { ServerSettings } from './server-settings.js';

export interface RunOptions {
  readonly address: ListenAddress;
  readonly user: string;
  readonly password: string;
  readonly instance: InstanceOptions;
  readonly settings: ServerSettings;
  readonly tls: TlsOptions | undefined;
  /** Absent: no web applications are served. */
  readonly web: { readonly port: number; readonly python: string } | undefined;
  /** Absent: Python processes cannot attach. */
  readonly irispython: { readonly python: string } | undefined;
  readonly openEngine: OpenEngine;
}

const DEFAULT_GRACE_MS = 5_000;
const DEFAULT_NAMESPACE = 'USER';
const SYSTEM_USER = '_SYSTEM';

interface RunningServer {
  readonly faults: EmulatorFaults;
  readonly sessions: Set<ClientSession>;
  readonly listener: Listener;
}

/** The emulator that `startEmulator` gives: an instance, a listener, and what ties them together. */
export class RunningEmulator implements Emulator {
  readonly faults: EmulatorFaults;
  readonly #options: RunOptions;
  readonly #port: number;
  readonly #sessions: Set<ClientSession>;
  /** Of the installation, as applications of this one see it. */
  #webLog = new TextLog(undefined);
  #open: OpenInstance;
  #listener: Listener | undefined;
  #web: WebServer | undefined;
  #callIn: CallInServer | undefined;
  /** Restarts and stops follow each other. */
  #transition: Promise<void> = Promise.resolve();

  private constructor(options: RunOptions, open: OpenInstance, server: RunningServer) {
    this.#options = options;
    this.#open = open;
    this.faults = server.faults;
    this.#sessions = server.sessions;
    this.#listener = server.listener;
    this.#port = server.listener.port;
  }

  static async start(options: RunOptions): Promise<RunningEmulator> {
    const running: { emulator?: RunningEmulator } = {};
    const faults = new EmulatorFaults(
      {
        loseStatements: () => running.emulator?.forgetStatements(),
        dropConnections: async () => running.emulator?.dropConnections(),
        expirePassword: async (user) => {
          await running.emulator?.users.modify(user, { changePassword: true });
        },
      },
      options.instance.clock,
    );
    const sessions = new Set<ClientSession>();
    const open = await openInstance(options.openEngine, options.instance);
    try {
      const listener = await Listener.open(
        contextOf(options, open, faults, sessions),
        options.address,
        options.tls,
      );
      running.emulator = new RunningEmulator(options, open, { faults, sessions, listener });
      await running.emulator.#openWeb(options.web?.port);
      await running.emulator.#openCallIn();
    } catch (error) {
      if (running.emulator === undefined) await open.close();
      else await running.emulator.stop();
      throw error;
    }
    return running.emulator;
  }

  get host(): string {
    return this.#options.address.host;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    const credentials = [this.#options.user, this.#options.password].map(encodeURIComponent).join(':');
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `iris://${credentials}@${host}:${this.port}/${DEFAULT_NAMESPACE}`;
  }

  get version(): string {
    return this.#open.instance.versionText;
  }

  get users(): EmulatorUsers {
    return this.#open.instance.users;
  }

  get messages(): readonly string[] {
    return this.#open.instance.messagesLog.lines;
  }

  get webUrl(): string | undefined {
    return this.#web === undefined ? undefined : `http://${this.host}:${this.#web.port}`;
  }

  get webLog(): readonly string[] {
    return this.#webLog.lines;
  }

  get irispython(): string | undefined {
    return this.#callIn?.program;
  }

  get connectionCount(): number {
    return this.#listener?.connectionCount ?? 0;
  }

  async openSession(options: { user?: string; namespace?: string } = {}): Promise<SqlSession> {
    const { user = SYSTEM_USER, namespace = DEFAULT_NAMESPACE } = options;
    return this.#open.instance.sql.openSession({ user, namespace: namespace.toUpperCase() });
  }

  async sql(text: string, parameters: readonly EngineParameter[] = []): Promise<SqlHelperResult> {
    const session = await this.openSession();
    try {
      const statement = await session.prepare(text);
      const { rows, rowCount } = await session.execute(statement, parameters);
      return { columns: statement.columns, rows, rowCount };
    } finally {
      await session.close();
    }
  }

  async setService(name: string, enabled: boolean): Promise<void> {
    const changes = { Enabled: enabled ? '1' : '0' };
    if (await this.#open.instance.security.modifyService(name, changes)) return;
    throw new IrisError(`There is no service ${name}`, {
      code: 'IRIS_STATE',
      hint: 'Services have names such as %Service_CallIn.',
    });
  }

  forgetStatements(): void {
    for (const session of this.#sessions) session.forgetStatements();
  }

  async dropConnections(): Promise<void> {
    await this.#listener?.dropConnections();
  }

  restart({ loseData = false }: RestartOptions = {}): Promise<void> {
    return this.#next(async () => {
      if (this.#listener === undefined) {
        throw new IrisError('The emulator has been stopped', {
          code: 'IRIS_STATE',
          hint: 'Start a new one.',
        });
      }
      const inMemory = this.#options.instance.directory === undefined;
      if (loseData && !inMemory) {
        throw new IrisError('An emulator with a data directory does not throw its data away', {
          code: 'IRIS_OPTION',
          hint: 'Use data: "memory" for restarts with loss of data.',
        });
      }
      const webPort = this.#web?.port;
      await Promise.all([this.#listener.close(0), this.#web?.close(), this.#callIn?.endProcesses()]);
      await this.#webLog.flush();
      // In memory, closing the instance is losing the data.
      if (loseData || !inMemory) {
        await this.#open.close();
        this.#open = await openInstance(this.#options.openEngine, this.#options.instance);
      }
      this.#open.instance.messagesLog.write(0, 0, 'Emulator.Restart', 'Emulator restarted');
      this.#listener = await this.#listen();
      await this.#openWeb(webPort);
    });
  }

  stop(graceMs = DEFAULT_GRACE_MS): Promise<void> {
    return this.#next(async () => {
      const listener = this.#listener;
      if (listener === undefined) return;
      this.#listener = undefined;
      await Promise.all([listener.close(graceMs), this.#web?.close(), this.#callIn?.close()]);
      this.#web = undefined;
      await this.#webLog.flush();
      await this.#open.close();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #listen(): Promise<Listener> {
    const context = contextOf(this.#options, this.#open, this.faults, this.#sessions);
    return Listener.open(context, { host: this.host, port: this.#port }, this.#options.tls);
  }

  async #openWeb(port: number | undefined): Promise<void> {
    const { web } = this.#options;
    if (web === undefined || port === undefined) return;
    const log = new TextLog(
      `${await this.#open.instance.files.managerDirectory()}WSGI.log`,
      this.#webLog.lines,
    );
    this.#webLog = log;
    this.#web = await WebServer.open(this.#open.instance, { host: this.host, port, python: web.python, log });
  }

  async #openCallIn(): Promise<void> {
    const { irispython } = this.#options;
    if (irispython === undefined) return;
    this.#callIn = await CallInServer.open(() => this.#open.instance, irispython.python);
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#transition = this.#transition.catch(() => undefined).then(work);
    return this.#transition;
  }
}

function contextOf(
  { settings }: RunOptions,
  { instance }: OpenInstance,
  faults: EmulatorFaults,
  sessions: Set<ClientSession>,
): ServerContext {
  return { instance, settings, codecLimits: protocolLimits(settings.limits), faults, sessions };
}

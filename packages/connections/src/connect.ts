import { discoverConfig, type DiscoverOptions, type ResolvedConfig } from '@iris-devtools/config';
import { IrisError, isIrisError, type CommandRunner, type Secret, type Session } from '@iris-devtools/core';
import { connect as openConnection } from '@iris-devtools/driver';
import { chooseBackend } from './backends/choose-backend.js';
import type { Backend, ClientOptions } from './backends/backend.js';
import { Iris } from './iris.js';
import { Pool } from './pool/pool.js';
import type { PoolEvent, PoolOptions } from './pool/pool-options.js';
import { administratorChannel, commandChannel, type RecoveryChannel } from './recovery/channel.js';
import { loginWithRecovery, type RecoveryEvent } from './recovery/password-recovery.js';
import type { RetryOptions } from './retry/retry-policy.js';
import { startEmbeddedEmulator } from './embedded-emulator.js';

/** Whose rights make an expired password valid again. */
export type RecoveryWay =
  | 'off'
  /** Beside the server: its container or this machine. */
  | { readonly runner: CommandRunner; readonly instance?: string }
  | { readonly administrator: { readonly user: string; readonly password: string | Secret } };

export type ConnectionEvent =
  PoolEvent | RecoveryEvent | { readonly kind: 'server-moved'; readonly url: string };

export interface ConnectOptions extends DiscoverOptions {
  /** An emulator in this process, in memory, that ends with the handle: for unit tests. Nothing else is looked for. */
  readonly emulator?: boolean;
  readonly pool?: Omit<PoolOptions, 'open' | 'onEvent'>;
  /** Default `off`. Servers on other machines are never touched. */
  readonly recovery?: RecoveryWay;
  readonly retry?: RetryOptions;
  /** How values arrive, caches, logger: options of the driver. */
  readonly client?: ClientOptions;
  readonly onEvent?: (event: ConnectionEvent) => void;
}

/**
 * Finds the server, logs in once to prove it, and gives a handle with a pool behind it.
 * With nothing configured it takes the one IRIS (or emulator) that runs here.
 * @throws IrisError `IRIS_OPTION`, `IRIS_CONNECT_FAILED`, `IRIS_LOGIN_REFUSED`, `IRIS_PASSWORD_EXPIRED`, `IRIS_TIMEOUT`
 */
export async function connect(options: ConnectOptions | string = {}): Promise<Iris> {
  const given: ConnectOptions = typeof options === 'string' ? { url: options } : options;
  const emulator = given.emulator === true ? await startEmbeddedEmulator() : undefined;
  try {
    const opener = await Opener.create(
      emulator === undefined ? given : { ...given, url: emulator.url, sources: [] },
    );
    const pool = new Pool({
      ...given.pool,
      open: (signal) => opener.open(signal),
      onEvent: (event) => given.onEvent?.(event),
    });
    const iris = new Iris({
      pool,
      config: () => opener.config,
      backend: opener.backend.name,
      skipped: opener.skipped,
      retry: given.retry ?? {},
      onClose: async () => emulator?.stop(),
    });
    await proveLogin(iris, given.signal);
    return iris;
  } catch (error) {
    await emulator?.stop();
    throw error;
  }
}

async function proveLogin(iris: Iris, signal: AbortSignal | undefined): Promise<void> {
  try {
    await (await iris.acquire(signal)).close();
  } catch (error) {
    await iris.close();
    throw error;
  }
}

/** Opens sessions; looks for the server again when it is not where it was. */
class Opener {
  config: ResolvedConfig;
  readonly backend: Backend;
  readonly skipped;
  readonly #options: ConnectOptions;

  private constructor(options: ConnectOptions, config: ResolvedConfig) {
    this.#options = options;
    this.config = config;
    const { backend, skipped } = chooseBackend(config);
    this.backend = backend;
    this.skipped = skipped;
  }

  static async create(options: ConnectOptions): Promise<Opener> {
    return new Opener(options, await discoverConfig(options));
  }

  async open(signal: AbortSignal): Promise<Session> {
    try {
      return await this.#login(signal);
    } catch (error) {
      if (!isIrisError(error) || error.code !== 'IRIS_CONNECT_FAILED') throw this.#explained(error);
      if (!(await this.#serverMoved())) throw this.#explained(error);
      return this.#login(signal);
    }
  }

  #login(signal: AbortSignal): Promise<Session> {
    const { settings } = this.config;
    const { onEvent, client = {} } = this.#options;
    return loginWithRecovery(() => this.backend.open(this.config, client, signal), {
      user: settings.user,
      host: settings.host,
      channel: this.#channel(),
      signal,
      ...(onEvent === undefined ? {} : { onEvent }),
    });
  }

  /** A container that was made anew has another port: ask again where it is, unless somebody fixed the place. */
  async #serverMoved(): Promise<boolean> {
    const before = this.config.url;
    const found = await discoverConfig(this.#options).catch(() => undefined);
    if (found === undefined || found.url === before) return false;
    this.config = found;
    this.#options.onEvent?.({ kind: 'server-moved', url: found.url });
    return true;
  }

  #channel(): RecoveryChannel | undefined {
    const way = this.#options.recovery ?? 'off';
    if (way === 'off') return undefined;
    if ('runner' in way) return commandChannel(way);
    return this.#throughAdministrator(way.administrator);
  }

  #throughAdministrator({ user, password }: { user: string; password: string | Secret }): RecoveryChannel {
    const { host, port, tls, connectTimeoutMs } = this.config.settings;
    return {
      name: `administrator ${user}`,
      async unexpire(expired, signal) {
        const login = { host, port, tls, connectTimeoutMs, namespace: '%SYS', user, password };
        await using connection = await openConnection(login, signal);
        await administratorChannel(connection.native).unexpire(expired, signal);
      },
    };
  }

  /** Adds where the address came from: the first thing to check when nobody answers. */
  #explained(error: unknown): unknown {
    if (!isIrisError(error) || error.code !== 'IRIS_CONNECT_FAILED') return error;
    const { config } = this;
    const source = (option: 'host' | 'port') => config.sourceOf(option) ?? 'default';
    return new IrisError(error.message, {
      code: error.code,
      retry: error.retry,
      cause: error,
      hint: `host is from ${source('host')}, port from ${source('port')}. Start the server, or run: npx @iris-devtools/connections doctor`,
      details: { url: config.url },
    });
  }
}

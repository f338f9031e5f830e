import { discoverConfig, type ResolvedConfig } from '@iris-devtools/config';
import { IrisError, isIrisError, type Session } from '@iris-devtools/core';
import { chooseBackend } from './backends/choose-backend.js';
import type { Backend } from './backends/backend.js';
import type { ConnectOptions } from './connect.js';
import { chooseChannel } from './recovery/choose-channel.js';
import { loginWithRecovery } from './recovery/password-recovery.js';

/** Opens sessions; looks for the server again when it is not where it was. */
export class Opener {
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
      channel: () => chooseChannel(this.#options.recovery, this.config, signal),
      signal,
      ...(onEvent === undefined ? {} : { onEvent }),
    });
  }

  /**
   * A container that was made anew has another port: ask again where it is, unless somebody fixed the place. While it is
   * away nobody names a place, and the defaults that remain then are no place where it moved to.
   */
  async #serverMoved(): Promise<boolean> {
    const found = await discoverConfig(this.#options).catch(() => undefined);
    if (found === undefined || found.url === this.config.url) return false;
    if (found.sourceOf('host') === 'default' && found.sourceOf('port') === 'default') return false;
    this.config = found;
    this.#options.onEvent?.({ kind: 'server-moved', url: found.url });
    return true;
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
      details: { url: config.url, client: this.backend.name, skipped: this.skipped },
    });
  }
}

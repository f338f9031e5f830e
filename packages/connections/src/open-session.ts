import { discoverConfig, type DiscoverOptions } from '@iris-devtools/config';
import type { Session } from '@iris-devtools/core';
import { chooseBackend } from './backends/choose-backend.js';
import type { ClientOptions } from './backends/backend.js';

export interface OpenSessionOptions extends DiscoverOptions {
  /** How values arrive, caches, logger: options of the driver. */
  readonly client?: ClientOptions;
}

/**
 * One session with the server that is found, through the client that is chosen, without a pool, retries or recovery.
 * The caller closes it.
 * @throws IrisError `IRIS_OPTION`, `IRIS_UNSUPPORTED`, `IRIS_CONNECT_FAILED`, `IRIS_LOGIN_REFUSED`, `IRIS_PASSWORD_EXPIRED`, `IRIS_TIMEOUT`
 */
export async function openSession({ client = {}, ...options }: OpenSessionOptions = {}): Promise<Session> {
  const config = await discoverConfig(options);
  return chooseBackend(config).backend.open(config, client, options.signal);
}

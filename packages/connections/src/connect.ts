import type { DiscoverOptions } from '@iris-devtools/config';
import type { ClientOptions } from './backends/backend.js';
import { Iris } from './iris.js';
import { Pool } from './pool/pool.js';
import type { PoolEvent, PoolOptions } from './pool/pool-options.js';
import { Opener } from './opener.js';
import type { RecoveryWay } from './recovery/choose-channel.js';
import type { RecoveryEvent } from './recovery/password-recovery.js';
import type { RetryOptions } from './retry/retry-policy.js';
import { startEmbeddedEmulator } from './embedded-emulator.js';

export type ConnectionEvent =
  PoolEvent | RecoveryEvent | { readonly kind: 'server-moved'; readonly url: string };

export interface ConnectOptions extends DiscoverOptions {
  /** An emulator in this process, in memory, that ends with the handle: for unit tests. Nothing else is looked for. */
  readonly emulator?: boolean;
  readonly pool?: Omit<PoolOptions, 'open' | 'onEvent'>;
  /** Default: the setting `recovery`, which is `off` unless somebody set it. Servers on other machines are never touched. */
  readonly recovery?: RecoveryWay;
  readonly retry?: RetryOptions;
  /** How values arrive, caches, logger: options of the driver. */
  readonly client?: ClientOptions;
  readonly onEvent?: (event: ConnectionEvent) => void;
}

const DEVELOPMENT_LEAK_MS = 30_000;

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
    const report = given.onEvent ?? warnOfLeaks;
    const pool = new Pool({
      ...(process.env['NODE_ENV'] === 'development' ? { leakDetectionMs: DEVELOPMENT_LEAK_MS } : {}),
      ...given.pool,
      open: (signal) => opener.open(signal),
      onEvent: (event) => {
        report(event);
      },
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

/** What a developer should see although nobody listens to events. */
function warnOfLeaks(event: ConnectionEvent): void {
  if (event.kind !== 'leak') return;
  process.emitWarning(`A session was not given back for ${String(event.heldMs)} ms`, {
    type: 'IrisSessionLeak',
    detail: event.stack,
  });
}

async function proveLogin(iris: Iris, signal: AbortSignal | undefined): Promise<void> {
  try {
    await (await iris.acquire(signal)).close();
  } catch (error) {
    await iris.close();
    throw error;
  }
}

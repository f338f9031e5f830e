import { IrisError, isIrisError, type Driver } from '@iris-devtools/core';
import { aborted, timedOut } from './errors.js';
import { IrisConnection } from './connection/iris-connection.js';
import { openWire } from './connection/open-wire.js';
import type { IrisConnectionOptions } from './options/option-table.js';
import { resolveOptions, type ResolvedOptions } from './options/resolve-options.js';

/**
 * Opens a connection and logs in.
 * @param target `iris://user:password@host:1972/NAMESPACE?option=value`, or an options object
 * @throws IrisError IRIS_OPTION, IRIS_CONNECT_FAILED, IRIS_LOGIN_REFUSED, IRIS_PASSWORD_EXPIRED, IRIS_TIMEOUT, IRIS_ABORTED, IRIS_PROTOCOL
 */
export async function connect(
  target: string | URL | IrisConnectionOptions,
  signal?: AbortSignal,
): Promise<IrisConnection> {
  const options = resolveOptions(target);
  if (signal?.aborted === true) throw aborted(signal.reason, 'safe');
  const limit = new AbortController();
  const onAbort = (): void => {
    limit.abort(aborted(signal?.reason, 'safe'));
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    options.connectTimeoutMs === 0
      ? undefined
      : setTimeout(() => {
          limit.abort(timedOut('Connecting', options.connectTimeoutMs, 'safe'));
        }, options.connectTimeoutMs);
  try {
    return await open(options, limit.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** The driver as packages that take any driver want it. */
export function createDriver(): Driver<string | URL | IrisConnectionOptions> {
  return { name: 'iris-devtools', connect };
}

async function open(options: ResolvedOptions, signal: AbortSignal): Promise<IrisConnection> {
  try {
    const { wire, server } = await openWire(options, signal);
    const connection = new IrisConnection(wire, server, options);
    options.logger?.log('debug', 'connected', {
      host: options.host,
      port: options.port,
      job: server.jobNumber,
    });
    return connection;
  } catch (error) {
    throw duringLogin(error, options);
  }
}

/** Nothing was done yet when a connection is lost before the login is over. */
function duringLogin(error: unknown, { host, port }: ResolvedOptions): unknown {
  if (!isIrisError(error) || error.code !== 'IRIS_CONNECTION_LOST') return error;
  return new IrisError(`${host}:${port} closed the connection during login`, {
    code: 'IRIS_CONNECT_FAILED',
    retry: 'safe',
    cause: error.cause,
    hint: 'Check that this is the SuperServer port of IRIS and not its web port, and whether TLS is required.',
  });
}

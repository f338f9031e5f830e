import { frameListener } from '../tracing.js';
import { openSocket } from '../net/open-socket.js';
import { Wire } from '../net/wire.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import { login, type ServerInfo } from './login.js';

/** A wire that is logged in, and what the server said about itself. */
export interface OpenWire {
  readonly wire: Wire;
  readonly server: ServerInfo;
}

/**
 * Opens a socket and logs in.
 * @throws IrisError IRIS_CONNECT_FAILED, IRIS_CONNECTION_LOST, what `login` throws, and the reason of `signal`
 */
export async function openWire(options: ResolvedOptions, signal: AbortSignal): Promise<OpenWire> {
  const socket = await openSocket(options, signal);
  const wire = new Wire(socket, {
    maxPayloadBytes: options.maxPayloadBytes,
    listener: frameListener(`${options.host}:${options.port}`),
  });
  const onAbort = (): void => {
    wire.destroy(signal.reason);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) throw signal.reason;
    return { wire, server: await login(wire, options) };
  } catch (error) {
    wire.destroy(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

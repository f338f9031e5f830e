import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { IrisError } from '@iris-devtools/core';
import type { ResolvedOptions } from '../options/resolve-options.js';

/**
 * A connected socket, with TLS from the first byte when asked for.
 * unverified on a live server: whether the SuperServer expects TLS before the handshake message, as assumed here.
 * @throws IrisError IRIS_CONNECT_FAILED
 */
export async function openSocket(options: ResolvedOptions, signal: AbortSignal): Promise<Socket> {
  const { host, port } = options;
  const socket = createSocket(options);
  const connected = options.tls === false ? 'connect' : 'secureConnect';
  try {
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        reject(signal.reason as Error);
      };
      socket.once(connected, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      socket.once('error', reject);
      socket.once('close', () => {
        reject(new Error('The peer closed the connection'));
      });
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    if (signal.aborted) throw signal.reason;
    throw new IrisError(
      `No connection to ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`,
      {
        code: 'IRIS_CONNECT_FAILED',
        retry: 'safe',
        cause: error,
        hint: 'Check that IRIS runs, that host and port are right, and that the SuperServer port (1972 by default) is reachable.',
      },
    );
  }
  socket.removeAllListeners();
  socket.setNoDelay(true);
  if (options.keepAliveMs > 0) socket.setKeepAlive(true, options.keepAliveMs);
  return socket;
}

function createSocket({ host, port, tls }: ResolvedOptions): Socket {
  if (tls === false) return connectTcp({ host, port });
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, ...servername, ...(tls === true ? {} : tls) });
}

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
  const ready = options.tls === false ? 'connect' : 'secureConnect';
  let stopWaiting: () => void = () => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        reject(signal.reason as Error);
      };
      const onClose = (): void => {
        reject(new Error('The peer closed the connection'));
      };
      stopWaiting = () => {
        socket.off(ready, resolve).off('error', reject).off('close', onClose);
        signal.removeEventListener('abort', onAbort);
      };
      socket.once(ready, resolve).once('error', reject).once('close', onClose);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
  } catch (error) {
    stopWaiting();
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
  stopWaiting();
  socket.setNoDelay(true);
  if (options.keepAliveMs > 0) socket.setKeepAlive(true, options.keepAliveMs);
  return socket;
}

function createSocket({ host, port, tls }: ResolvedOptions): Socket {
  if (tls === false) return connectTcp({ host, port });
  const servername = isIP(host) === 0 ? { servername: host } : {};
  try {
    return connectTls({ host, port, ...servername, ...(tls === true ? {} : tls) });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new IrisError(`The tls options cannot be used: ${reason}`, {
      code: 'IRIS_OPTION',
      cause,
      hint: 'They are passed to connect() of node:tls.',
    });
  }
}

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { IrisError } from '@iris-devtools/core';

/** @throws IrisError IRIS_IO, naming address and option, when the address cannot be had */
export async function listenOn(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new IrisError(`Cannot listen on ${host}:${port}: ${code}`, {
      code: 'IRIS_IO',
      hint:
        code === 'EADDRINUSE'
          ? `Something listens on port ${port} already; choose another with --listen ${host}:PORT (option port).`
          : 'Choose another address with --listen HOST:PORT (options host and port).',
      cause,
    });
  }
}

/** Tells a busy port before the slow part of a start, not after it. @throws IrisError IRIS_IO */
export async function requireFreeAddress(host: string, port: number): Promise<void> {
  const probe = createServer();
  await listenOn(probe, host, port);
  const closed = once(probe, 'close');
  probe.close();
  await closed;
}

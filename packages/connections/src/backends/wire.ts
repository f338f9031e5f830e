import { connect } from '@iris-devtools/driver';
import type { Backend } from './backend.js';

/** The pure TypeScript driver: always there. */
export const wire: Backend = {
  name: 'wire',
  unavailable: ({ settings }) =>
    settings.sharedMemory ? 'shared memory was asked for, and this client speaks TCP only' : null,
  open: ({ settings, password }, options, signal) => {
    const { host, port, namespace, user, tls, connectTimeoutMs, queryTimeoutMs } = settings;
    return connect(
      {
        ...options,
        host,
        port,
        namespace,
        user,
        tls,
        connectTimeoutMs,
        queryTimeoutMs,
        ...(password === undefined ? {} : { password }),
      },
      signal,
    );
  },
};

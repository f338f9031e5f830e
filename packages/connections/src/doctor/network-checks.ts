import { lookup } from 'node:dns/promises';
import { connect as openSocket } from 'node:net';
import { failed, ok, type Check, type DoctorState } from './check.js';

function serverOf({ config }: DoctorState) {
  if (config === undefined) throw new Error('the stage "settings" comes first');
  return config;
}

export const nameCheck: Check = {
  name: 'name',
  async run(state) {
    const { host } = serverOf(state).settings;
    try {
      const found = await lookup(host, { all: true });
      state.addresses = found.map(({ address }) => address);
      return ok(`${host} is ${state.addresses.join(', ')}`);
    } catch {
      return failed(
        `${host} has no address`,
        `Correct the host, which comes from ${serverOf(state).sourceOf('host') ?? 'default'}.`,
      );
    }
  },
};

function reach(host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = openSocket({ host, port, timeout: timeoutMs });
    const end = (problem: string | null) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(problem);
    };
    const onAbort = () => {
      end('aborted');
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => {
      end(null);
    });
    socket.once('timeout', () => {
      end(`no answer within ${String(timeoutMs)} ms`);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      end(error.code === 'ECONNREFUSED' ? 'nothing listens there' : error.message);
    });
  });
}

export const portCheck: Check = {
  name: 'port',
  async run(state, signal) {
    const config = serverOf(state);
    const { host, port, connectTimeoutMs } = config.settings;
    const problem = await reach(host, port, connectTimeoutMs || 10_000, signal);
    if (problem === null) return ok(`${host}:${port} accepts connections`);
    return failed(
      `${host}:${port}: ${problem}`,
      `Start the server, or correct the port, which comes from ${config.sourceOf('port') ?? 'default'}; in a container, publish 1972.`,
    );
  },
};

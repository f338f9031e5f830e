import { createRequire } from 'node:module';
import { IrisError } from '@iris-devtools/core';
import type { Session, SessionSource } from '@iris-devtools/core';

/** The part of @iris-devtools/emulator that is used here. */
interface EmulatorModule {
  readonly startEmulator: (options: {
    data: string;
    port: number;
    password: string;
  }) => Promise<StartedEmulator>;
}

export interface StartedEmulator {
  readonly url: string;
  stop(): Promise<void>;
}

/** The part of @iris-devtools/driver that is used here. */
interface DriverModule {
  readonly connect: (url: string, signal?: AbortSignal) => Promise<Session>;
}

/** The part of @iris-devtools/connections that is used here. */
interface ConnectionsModule {
  readonly Pool: new (options: {
    readonly open: (signal: AbortSignal) => Promise<Session>;
    readonly size: number;
    readonly overflow: number;
  }) => SessionSource;
}

/** Starts an emulator on a free port of this machine. */
export async function startEmbeddedEmulator(data: string, password: string): Promise<StartedEmulator> {
  const { startEmulator } = load('@iris-devtools/emulator') as EmulatorModule;
  return startEmulator({ data, port: 0, password });
}

/** A pool of at most `size` sessions of one IRIS login. */
export function openPool(url: string, size: number): SessionSource {
  const { connect } = load('@iris-devtools/driver') as DriverModule;
  const { Pool } = load('@iris-devtools/connections') as ConnectionsModule;
  return new Pool({ open: (signal) => connect(url, signal), size, overflow: 0 });
}

/** Unlike `import()`, it works inside Jest's CommonJS runtime, too. */
const requirePeer = createRequire(__filename);

/** Who serves an external IRIS only need not install the emulator, and the other way round. */
function load(name: string): unknown {
  try {
    return requirePeer(name);
  } catch (cause) {
    throw new IrisError(`${name} is not installed`, {
      code: 'IRIS_OPTION',
      hint: `Run: npm install ${name}`,
      cause,
    });
  }
}

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
  const { startEmulator } = await load<EmulatorModule>('@iris-devtools/emulator');
  return startEmulator({ data, port: 0, password });
}

/** A pool of at most `size` sessions of one IRIS login. */
export async function openPool(url: string, size: number): Promise<SessionSource> {
  const [{ connect }, { Pool }] = await Promise.all([
    load<DriverModule>('@iris-devtools/driver'),
    load<ConnectionsModule>('@iris-devtools/connections'),
  ]);
  return new Pool({ open: (signal) => connect(url, signal), size, overflow: 0 });
}

/** Who serves an external IRIS only need not install the emulator, and the other way round. */
async function load<Module>(name: string): Promise<Module> {
  try {
    return (await import(name)) as Module;
  } catch (cause) {
    throw new IrisError(`${name} is not installed`, {
      code: 'IRIS_OPTION',
      hint: `Run: npm install ${name}`,
      cause,
    });
  }
}

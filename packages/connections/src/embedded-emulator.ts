import { IrisError } from '@iris-devtools/core';

interface RunningEmulator {
  readonly url: string;
  stop(): Promise<void>;
}

/** The emulator is an optional peer: a production installation does not carry it. */
export async function startEmbeddedEmulator(): Promise<RunningEmulator> {
  const { startEmulator } = await load();
  return startEmulator({ port: 0, data: 'memory' });
}

async function load(): Promise<{
  readonly startEmulator: (options: { port: number; data: 'memory' }) => Promise<RunningEmulator>;
}> {
  try {
    return await import('@iris-devtools/emulator');
  } catch (cause) {
    throw new IrisError('The emulator is not installed', {
      code: 'IRIS_OPTION',
      hint: 'npm install --save-dev @iris-devtools/emulator',
      cause,
    });
  }
}

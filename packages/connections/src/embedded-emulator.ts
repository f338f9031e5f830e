import { IrisError } from '@iris-devtools/core';
import type * as EmulatorModule from '@iris-devtools/emulator';

interface RunningEmulator {
  readonly url: string;
  stop(): Promise<void>;
}

/** The emulator is an optional peer: a production installation does not carry it. */
export async function startEmbeddedEmulator(): Promise<RunningEmulator> {
  return load().startEmulator({ port: 0, data: 'memory' });
}

/** `require`, not `import()`: the latter fails inside Jest, which is where an embedded emulator is wanted most. */
function load(): typeof EmulatorModule {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require('@iris-devtools/emulator') as typeof EmulatorModule;
  } catch (cause) {
    throw new IrisError('The emulator is not installed', {
      code: 'IRIS_OPTION',
      hint: 'npm install --save-dev @iris-devtools/emulator',
      cause,
    });
  }
}

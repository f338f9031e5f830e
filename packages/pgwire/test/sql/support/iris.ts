import type { Session } from '@iris-devtools/core';
import { connect } from '@iris-devtools/driver';
import { startEmulator } from '@iris-devtools/emulator';

export interface Iris {
  readonly session: Session;
  close(): Promise<void>;
}

/** The emulator, reached over a real socket by the driver. */
export async function startIris(): Promise<Iris> {
  const emulator = await startEmulator();
  const session = await connect(emulator.url);
  return {
    session,
    close: async () => {
      await session.close();
      await emulator.stop();
    },
  };
}

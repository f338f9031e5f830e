import { startEmulator, type Emulator } from '@iris-devtools/emulator';
import { describeSession } from './behaviours.js';

const settings: Record<string, unknown> = {};

/** The emulator's stand-in for irispython, with CallIn on, which it is not in a fresh IRIS. */
async function start(): Promise<Emulator> {
  const emulator = await startEmulator({ irispython: true });
  await emulator.setService('%Service_CallIn', true);
  settings['irispythonProgram'] = emulator.irispython;
  return emulator;
}

describeSession(
  { driver: 'irispython', settings, exactDecimals: false, lobs: false, survivesStop: false },
  start,
);

import { startEmulator } from '@iris-devtools/emulator';
import { describeSession } from './behaviours.js';

describeSession({ driver: 'wire', exactDecimals: true, lobs: true, survivesStop: true }, () =>
  startEmulator(),
);

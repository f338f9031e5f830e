import { startEmulator } from '@iris-devtools/emulator';
import { describeSession } from './behaviours.js';

// Run by `npm run test:interop`, which installs the official addon first.
describeSession({ driver: 'native', exactDecimals: true, lobs: false, survivesStop: false }, () =>
  startEmulator(),
);

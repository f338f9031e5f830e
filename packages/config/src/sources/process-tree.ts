import { STARTED_INSTANCE_VARIABLE } from '@iris-devtools/core';
import { parseIrisUrl } from '../iris-url.js';
import type { Source } from '../source.js';

/** Set by whatever starts an IRIS for the processes below it: `iris-emulator -- npm test`, a container fixture. */
export const processTree: Source = {
  name: 'started instance',
  findsServer: true,
  find({ env }) {
    const url = env[STARTED_INSTANCE_VARIABLE];
    if (url === undefined || url === '') return Promise.resolve(null);
    const place = 'the instance started in this process tree';
    return Promise.resolve({ settings: parseIrisUrl(url, place), describe: () => place });
  },
};

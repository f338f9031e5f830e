import { parseIrisUrl } from '../iris-url.js';
import type { Source } from '../source.js';

/**
 * Set by whatever starts an IRIS for the processes below it (the emulator's test helper, a container fixture). Child
 * processes inherit it, other programs never see it.
 */
export const STARTED_INSTANCE_VARIABLE = 'IRIS_DEVTOOLS_STARTED_URL';

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

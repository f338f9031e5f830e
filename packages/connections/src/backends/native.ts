import path from 'node:path';
import { isLocalHost } from '../net/local-host.js';
import type { Backend } from './backend.js';
import { openBridge } from './open-bridge.js';

const ADDON = '@intersystems/intersystems-iris-native';
const BRIDGE = path.join(__dirname, 'native', 'native-bridge.js');

/** Where the addon is, as this package or the program's own directory would find it. */
function addonPath(): string | undefined {
  try {
    return require.resolve(ADDON, { paths: [__dirname, process.cwd()] });
  } catch {
    return undefined;
  }
}

/**
 * The official Node addon, over TCP or shared memory. It has no SQL of its own and its calls block, so it runs in a process
 * of its own, which works through objects of %SQL.Statement: one round trip for each cell.
 * unverified on a live server: shared memory, and dates in ODBC form as arguments of %Execute.
 */
export const native: Backend = {
  name: 'native',
  unavailable({ settings: { host, sharedMemory, tls } }) {
    if (addonPath() === undefined) return `${ADDON} is not installed (npm install ${ADDON})`;
    if (tls) return 'TLS was asked for, and the addon takes it from system-wide settings only';
    if (sharedMemory && !isLocalHost(host)) return `shared memory needs IRIS on this machine, not on ${host}`;
    return null;
  },
  open: (config, options, signal) => {
    const { host, port, namespace, user, sharedMemory, connectTimeoutMs } = config.settings;
    const hello = {
      addon: addonPath(),
      host,
      port,
      ns: namespace,
      user,
      pwd: config.password?.reveal() ?? '',
      sharedmemory: sharedMemory,
      timeout: connectTimeoutMs,
    };
    // The addon prints to standard output.
    const { execPath: program, env } = process;
    const command = { program, args: [BRIDGE], env, hello, answersOn: 3 } as const;
    return openBridge(config, { command, hint: 'Check user, password and namespace.' }, options, signal);
  },
};

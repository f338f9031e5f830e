import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { isLocalHost } from '../net/local-host.js';
import type { Backend } from './backend.js';
import { openBridge } from './open-bridge.js';

/** The script lies beside the TypeScript sources, which are published with the package. */
const BRIDGE = path.join(__dirname, '..', '..', 'src', 'backends', 'bridge', 'iris_bridge.py');

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where a program is, as a shell would find it. */
function findProgram(program: string): string | undefined {
  if (program.includes('/') || program.includes(path.sep)) return isExecutable(program) ? program : undefined;
  const directories = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((directory) => directory !== '');
  const names = process.platform === 'win32' ? [`${program}.exe`, program] : [program];
  return directories
    .flatMap((directory) => names.map((name) => path.join(directory, name)))
    .find((candidate) => isExecutable(candidate));
}

/**
 * Embedded SQL in an `irispython` process of this machine: no network, but CallIn must be on. One process for each session.
 * Which instance it is, the program knows; host and port are not used.
 * unverified on a live server: what `iris.sql` gives beside rows (`Statement._Metadata`, `ResultSet`), as public programs use it.
 */
export const irispython: Backend = {
  name: 'irispython',
  unavailable({ settings: { host, irispythonProgram, tls } }) {
    if (!isLocalHost(host)) return `irispython works on the machine of IRIS only, and ${host} is another one`;
    if (tls) return 'TLS was asked for, and irispython has no connection to encrypt';
    if (findProgram(irispythonProgram) === undefined) {
      return `there is no program ${irispythonProgram} (set IRIS_IRISPYTHON_PROGRAM to its path)`;
    }
    return null;
  },
  open: (config, options, signal) => {
    const { user, namespace, irispythonProgram } = config.settings;
    // In the environment, never in arguments: those are seen by everybody on the machine.
    const env = {
      ...process.env,
      IRISUSERNAME: user,
      IRISPASSWORD: config.password?.reveal() ?? '',
      IRISNAMESPACE: namespace,
    };
    const program = findProgram(irispythonProgram) ?? irispythonProgram;
    const command = { program, args: [BRIDGE], env, answersOn: 1 } as const;
    const hint = 'Check user, password and namespace, and that %Service_CallIn is enabled.';
    return openBridge(config, { command, hint }, options, signal);
  },
};

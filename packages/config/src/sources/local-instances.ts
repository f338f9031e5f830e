import { IrisError } from '@iris-devtools/core';
import { runProgram } from '../place/run-program.js';
import type { Source } from '../source.js';

const TIMEOUT_MS = 5000;

/** Prints what `iris qlist` prints; `null` when there is no `iris` command. */
export type RunQlist = (env: Readonly<Record<string, string | undefined>>) => Promise<string | null>;

export const runQlist: RunQlist = async (env) => {
  // The program is looked for on the PATH that was given.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
  try {
    const { stdout } = await runProgram(['iris', 'qlist'], {
      env: { PATH: '', ...(given as Readonly<Record<string, string>>) },
      timeoutMs: TIMEOUT_MS,
    });
    return stdout;
  } catch {
    return null;
  }
};

export interface LocalInstance {
  readonly name: string;
  readonly port: number;
  readonly running: boolean;
}

/**
 * Reads `iris qlist`: one instance a line, fields parted by `^`: name, directory, version, status ("running, since ..."),
 * CPF, SuperServer port, web port, JDBC port, state, product.
 */
export function parseQlist(output: string): LocalInstance[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [name = '', , , status = '', , port = ''] = line.split('^').map((field) => field.trim());
    const number = Number(port);
    if (name === '' || !Number.isInteger(number) || number < 1 || number > 65_535) return [];
    return [{ name, port: number, running: status.split(',')[0] === 'running' }];
  });
}

/** IRIS installed on this machine. */
export function localInstances(run: RunQlist = runQlist): Source {
  return {
    name: 'local instances',
    findsServer: true,
    async find({ env }) {
      const output = await run(env);
      if (output === null) return null;
      const running = parseQlist(output).filter((instance) => instance.running);
      const [only] = running;
      if (only === undefined) return null;
      if (running.length > 1) {
        throw new IrisError(`${running.length} local instances are running`, {
          code: 'IRIS_OPTION',
          hint: `Choose one by its port (IRIS_PORT): ${running.map(({ name, port }) => `${name} (${port})`).join(', ')}.`,
          details: { candidates: running.map(({ name }) => name) },
        });
      }
      return {
        settings: { host: '127.0.0.1', port: only.port },
        describe: () => `local instance ${only.name} (iris qlist)`,
      };
    },
  };
}

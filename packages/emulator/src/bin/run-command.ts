import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { IrisError, STARTED_INSTANCE_VARIABLE } from '@iris-devtools/core';

/** As shells do it: a program that a signal ended has 128 and the signal's number. */
const SIGNAL_EXIT = 128;

/**
 * Runs a program that finds the emulator in its environment.
 * @param url the emulator's, with its password
 * @returns the program's exit code
 * @throws IrisError IRIS_COMMAND_FAILED when it cannot be started
 */
export function runCommand([program = '', ...args]: readonly string[], url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, [STARTED_INSTANCE_VARIABLE]: url };
    const child = spawn(program, args, { stdio: 'inherit', env });
    // A terminal sends Ctrl-C to both: the program decides what it means. Other signals reach this process alone.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.once('error', (cause) => {
      reject(
        new IrisError(`${program} cannot be started`, {
          code: 'IRIS_COMMAND_FAILED',
          cause,
          hint: 'Write the program and its arguments after --, as in: iris-emulator -- npm test',
        }),
      );
    });
    child.once('close', (code, signal) => {
      resolve(code ?? SIGNAL_EXIT + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

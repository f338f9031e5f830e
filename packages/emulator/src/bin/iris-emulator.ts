#!/usr/bin/env node
import { startControlServer } from '../faults/control-server.js';
import { startEmulator } from '../start-emulator.js';
import { createCommand, explain, readCommandLine } from './cli-options.js';
import { runCommand } from './run-command.js';
import type { Logger } from '@iris-devtools/core';
import type { ControlServer } from '../faults/control-server.js';
import type { Emulator } from '../emulator.js';
import type { CommandLine } from './cli-options.js';

const stderrLogger: Logger = {
  log: (level, message, fields) => {
    process.stderr.write(
      `${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`,
    );
  },
};

async function main(): Promise<void> {
  const command = createCommand();
  command.parse();
  const commandLine = readCommandLine(command);
  const logger = commandLine.verbose ? { logger: stderrLogger } : {};
  const emulator = await startEmulator({ ...commandLine.emulator, ...logger });
  const control = await openControl(emulator, commandLine);
  if (commandLine.command.length > 0) {
    const exitCode = await runCommand(commandLine.command, emulator.url).catch(report);
    await Promise.all([emulator.stop(), control?.close()]);
    process.exit(exitCode);
  }
  stopOnSignal(emulator, control);
  announce(emulator, commandLine, control);
}

async function openControl(
  emulator: Emulator,
  { controlPort }: CommandLine,
): Promise<ControlServer | undefined> {
  if (controlPort === undefined) return undefined;
  try {
    return await startControlServer(emulator, controlPort);
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}

/** The first signal lets running requests end, a second one does not wait. */
function stopOnSignal(emulator: Emulator, control: ControlServer | undefined): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    Promise.all([emulator.stop(), control?.close()]).then(() => process.exit(0), fail);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

function announce(
  emulator: Emulator,
  { json, emulator: options }: CommandLine,
  control: ControlServer | undefined,
): void {
  const { host, port, version } = emulator;
  const data = options.data ?? 'memory';
  if (json) {
    const controlUrl = control === undefined ? {} : { controlUrl: `http://127.0.0.1:${control.port}` };
    const ready = {
      event: 'ready',
      host,
      port,
      namespace: 'USER',
      user: options.user,
      data,
      version,
      ...controlUrl,
      ...(emulator.irispython === undefined ? {} : { irispython: emulator.irispython }),
    };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
    return;
  }
  const lines = [
    version,
    'This is an emulator for development and tests. It is not InterSystems IRIS and must not hold data you cannot lose.',
    `Listening on ${host}:${port}, namespace USER, user ${options.user ?? ''}, data: ${data}`,
    ...(control === undefined ? [] : [`Faults on demand: http://127.0.0.1:${control.port}`]),
    ...(emulator.webUrl === undefined ? [] : [`Web applications: ${emulator.webUrl}`]),
    ...(emulator.irispython === undefined ? [] : [`irispython: ${emulator.irispython}`]),
    ...(isLoopback(host) ? [] : [`Warning: ${host} can be reached from other machines, without encryption.`]),
    'Press Ctrl-C to stop.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** @returns the exit code for it */
function report(error: unknown): number {
  process.stderr.write(`iris-emulator: ${explain(error)}\n`);
  return 1;
}

function fail(error: unknown): void {
  process.exit(report(error));
}

main().catch(fail);

#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { IrisError, isIrisError, Secret } from '@iris-devtools/core';
import { Command } from 'commander';
import { connect } from '../connect.js';
import type { CheckResult } from '../doctor/check.js';
import { examine, type DoctorReport } from '../doctor/doctor.js';
import type { RecoveryWay } from '../recovery/choose-channel.js';

const EXIT = { healthy: 0, failed: 1, badSettings: 2 } as const;

interface DoctorOptions {
  readonly json?: true;
  readonly fix?: true;
  readonly url?: string;
  readonly profile?: string;
  readonly adminUser?: string;
  readonly adminPasswordFile?: string;
}

const MARKS = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ', skipped: 'skipped' } as const;

function line({ name, status, detail, fix, tookMs }: CheckResult): string {
  const advice = fix === undefined ? '' : `\n${' '.repeat(19)}-> ${fix}`;
  return `${MARKS[status]} ${name.padEnd(10)} ${detail} (${tookMs.toFixed(0)} ms)${advice}\n`;
}

function exitCode({ healthy, checks }: DoctorReport): number {
  if (healthy) return EXIT.healthy;
  return checks[0]?.status === 'failed' ? EXIT.badSettings : EXIT.failed;
}

/**
 * What can be mended without guessing: an expired password, beside the server (its container or local instance) or with an
 * administrator's rights.
 */
async function fix(options: DoctorOptions, target: { url?: string; profile?: string }): Promise<void> {
  await using _iris = await connect({
    ...target,
    recovery: await recoveryWay(options),
    onEvent: (event) => {
      if (event.kind === 'password-recovered')
        process.stderr.write(`made the password of ${event.user} valid again (${event.channel})\n`);
    },
  });
}

async function recoveryWay({ adminUser, adminPasswordFile }: DoctorOptions): Promise<RecoveryWay> {
  if (adminUser === undefined && adminPasswordFile === undefined) return 'auto';
  if (adminUser === undefined || adminPasswordFile === undefined) {
    throw new IrisError('--admin-user and --admin-password-file belong together', { code: 'IRIS_OPTION' });
  }
  const text = await readFile(adminPasswordFile, 'utf8');
  return { administrator: { user: adminUser, password: new Secret(text.replace(/\r?\n$/, '')) } };
}

async function doctor(options: DoctorOptions): Promise<void> {
  const target = {
    ...(options.url === undefined ? {} : { url: options.url }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
  };
  if (options.fix) {
    await fix(options, target).catch((error: unknown) => {
      // The examination that follows says what is still wrong.
      process.stderr.write(`not fixed: ${error instanceof Error ? error.message : String(error)}\n`);
    });
  }
  const report = await examine(target, (result) => {
    if (!options.json) process.stdout.write(line(result));
  });
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = exitCode(report);
}

const program = new Command('iris-connections').description(
  'Checks and mends connections to InterSystems IRIS',
);
program
  .command('doctor', { isDefault: true })
  .description(
    'examines settings, client, name, port, handshake, login, namespace, SQL, CallIn, licence and clock, each with its time and fix',
  )
  .option('--json', 'one JSON document on stdout')
  .option('--url <url>', 'an iris:// URL that wins over what is found')
  .option('--profile <name>', 'profile of the config file')
  .option('--fix', 'make an expired password valid again first (a server on this machine only)')
  .option(
    '--admin-user <name>',
    'administrator whose rights --fix uses; default: the container or local instance of the server',
  )
  .option('--admin-password-file <file>', 'file with that password')
  .addHelpText(
    'after',
    '\nExit codes: 0 healthy (warnings are allowed), 1 a stage failed, 2 the settings cannot be used.\n',
  )
  .action(doctor);

program.parseAsync().catch((error: unknown) => {
  const hint = isIrisError(error) && error.hint !== undefined ? `\n${error.hint}` : '';
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}${hint}\n`);
  process.exitCode = EXIT.failed;
});

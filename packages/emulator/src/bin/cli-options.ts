import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { IrisError, isIrisError } from '@iris-devtools/core';
import { IRIS_VERSIONS, parseIrisVersion } from '../server/iris-version.js';
import type { EmulatorOptions } from '../emulator-options.js';
import type { InitialUser } from '../users/predefined-users.js';

/** What the command line asks for. */
export interface CommandLine {
  readonly emulator: EmulatorOptions;
  readonly json: boolean;
  readonly verbose: boolean;
  /** Absent: no control port. */
  readonly controlPort: number | undefined;
  /** A program to run with the emulator behind it; empty: the emulator runs until it is stopped. */
  readonly command: readonly string[];
}

interface RawOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly data: string;
  readonly user: string;
  readonly password?: string;
  readonly addUser: readonly InitialUser[];
  readonly expiredPasswords?: true;
  readonly irispython?: true;
  readonly namespace: readonly string[];
  readonly irisVersion: string;
  readonly fastSelect: NonNullable<EmulatorOptions['fastSelect']>;
  readonly pageRows?: number;
  readonly maxConnections?: number;
  readonly fetchAfterEnd: NonNullable<EmulatorOptions['fetchAfterEnd']>;
  readonly control?: number;
  readonly web?: number;
  readonly python: string;
  readonly tlsKey?: string;
  readonly tlsCert?: string;
  readonly verbose?: true;
  readonly json?: true;
}

const IRIS_ADDRESS = { host: '127.0.0.1', port: 1972 };
const PASSWORD_VARIABLE = 'IRIS_EMULATOR_PASSWORD';

/** The command without its action; `exitOverride` and output can still be set. */
export function createCommand(): Command {
  return new Command('iris-emulator')
    .description(
      'A stand-in for InterSystems IRIS for development and tests: SQL, users, globals and class methods over the\n' +
        'SuperServer protocol. It is not IRIS and not made by InterSystems.',
    )
    .argument(
      '[command...]',
      'a program to run meanwhile, after --: discovery in it finds this emulator, which ends with it and has its exit code',
    )
    .addOption(
      new Option('--listen <host:port>', 'where clients connect; port 0 takes any free one')
        .argParser(parseAddress)
        .default(IRIS_ADDRESS, '127.0.0.1:1972; for a command any free port'),
    )
    .option('--data <directory>', 'where everything is kept, or "memory"', 'memory')
    .option('--user <name>', 'an account with all rights, created when missing', '_SYSTEM')
    .addOption(
      new Option(
        '--password <password>',
        'its password, and at the first start that of the predefined accounts (default: "SYS")',
      ).env(PASSWORD_VARIABLE),
    )
    .option('--add-user <name:password>', 'one more account; may be repeated', collectUser, [])
    .option('--expired-passwords', 'predefined accounts must change their password first, as in IRIS images')
    .option('--namespace <name>', 'one more namespace beside USER and %SYS; may be repeated', collectText, [])
    .addOption(
      new Option('--iris-version <version>', 'whose behaviour to show')
        .choices(IRIS_VERSIONS)
        .default('latest'),
    )
    .addOption(
      new Option('--fast-select <mode>', 'form of rows for clients that ask for fast select')
        .choices(['on', 'off', 'reversed', 'refused'])
        .default('on'),
    )
    .option('--page-rows <count>', 'rows per page of a result', parseCount)
    .option('--max-connections <count>', 'clients at one time', parseCount)
    .addOption(
      new Option(
        '--fetch-after-end <mode>',
        'a fetch after the last page: an error, or no answer as from IRIS',
      )
        .choices(['refuse', 'hang'])
        .default('refuse'),
    )
    .option(
      '--control <port>',
      'port on 127.0.0.1 for faults on demand (JSON over HTTP); 0 takes any free one',
      parsePort,
    )
    .option(
      '--web <port>',
      'serve Python web applications of Security.Applications here (IRIS: 52773)',
      parsePort,
    )
    .option('--irispython', 'offer an irispython program that attaches to the emulator, and print its path')
    .option('--python <command>', 'the interpreter of both', 'python3')
    .option('--tls-key <file>', 'private key (PEM); with --tls-cert clients must use TLS')
    .option('--tls-cert <file>', 'certificate chain (PEM)')
    .option('--verbose', 'log connections and refused logins to standard error')
    .option('--json', 'print one machine-readable line when ready');
}

export function readCommandLine(command: Command): CommandLine {
  const raw = command.opts<RawOptions>();
  const { password = 'SYS' } = raw;
  const chosen = command.getOptionValueSource('listen') !== 'default';
  const anyPort = command.args.length > 0 && !chosen;
  return {
    command: command.args,
    json: raw.json === true,
    verbose: raw.verbose === true,
    controlPort: raw.control,
    emulator: {
      ...raw.listen,
      ...(anyPort ? { port: 0 } : {}),
      data: raw.data,
      user: raw.user,
      password,
      users: raw.addUser,
      expiredPasswords: raw.expiredPasswords === true,
      namespaces: raw.namespace,
      irisVersion: parseIrisVersion(raw.irisVersion),
      fastSelect: raw.fastSelect,
      fetchAfterEnd: raw.fetchAfterEnd,
      python: raw.python,
      irispython: raw.irispython === true,
      ...(raw.web === undefined ? {} : { webPort: raw.web }),
      ...tlsOptions(raw),
      ...(raw.pageRows === undefined ? {} : { pageSize: { maxRows: raw.pageRows } }),
      ...(raw.maxConnections === undefined ? {} : { limits: { maxConnections: raw.maxConnections } }),
    },
  };
}

function tlsOptions({ tlsKey, tlsCert }: RawOptions): Pick<EmulatorOptions, 'tls'> {
  if (tlsKey === undefined && tlsCert === undefined) return {};
  if (tlsKey === undefined || tlsCert === undefined) {
    throw new IrisError('--tls-key and --tls-cert belong together', {
      code: 'IRIS_OPTION',
      hint: 'Give both files.',
    });
  }
  return { tls: { key: readPem(tlsKey), cert: readPem(tlsCert) } };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new IrisError(`Cannot read ${path}`, {
      code: 'IRIS_IO',
      cause,
      hint: 'Check the path and its rights.',
    });
  }
}

function parseAddress(text: string): { host: string; port: number } {
  const match = /^(?:(\[[^\]]+\]|[^:]*):)?(\d+)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Expected HOST:PORT, e.g. 127.0.0.1:1972.');
  const host = (match[1] ?? '').replace(/^\[|\]$/g, '');
  return { host: host === '' ? '127.0.0.1' : host, port: parsePort(match[2] ?? '') };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1) throw new InvalidArgumentError('Expected a number from 1.');
  return count;
}

function collectText(text: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, text];
}

function collectUser(text: string, earlier: readonly InitialUser[]): readonly InitialUser[] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new InvalidArgumentError('Expected NAME:PASSWORD.');
  return [...earlier, { name: text.slice(0, colon), password: text.slice(colon + 1) }];
}

/** One message for people, whatever was thrown. */
export function explain(error: unknown): string {
  if (!isIrisError(error)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
}

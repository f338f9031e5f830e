import type { Command } from 'commander';
import { Option } from 'commander';
import type { DeployTarget } from '@iris-devtools/core';
import { IrisError, Secret } from '@iris-devtools/core';
import type { IrisSessionOptions } from '../install/iris-session.js';
import { ContainerTarget } from '../target/container-target.js';
import { LocalTarget } from '../target/local-target.js';

/** Where IRIS is, and how a session with it is begun. */
export interface SessionFlags {
  readonly container?: string;
  readonly engine: string;
  readonly instance: string;
  readonly irisProgram: string;
  readonly osUser?: string;
  readonly username?: string;
  readonly passwordEnv: string;
  readonly timeoutSeconds: string;
}

/** The same, and the namespace. */
export interface TargetFlags extends SessionFlags {
  readonly namespace: string;
}

export interface Login {
  readonly username: string;
  readonly password: Secret;
}

const MAX_SECONDS = 86_400;

/** Adds the options that say which IRIS is meant, and the namespace of a module. */
export function withTargetOptions(command: Command): Command {
  return withSessionOptions(command).addOption(
    new Option('-n, --namespace <name>', 'namespace of the module').default('USER'),
  );
}

export function withSessionOptions(command: Command): Command {
  return command
    .option('-c, --container <name>', 'IRIS runs in this container; without it, on this machine')
    .addOption(new Option('--engine <program>', 'container engine').default('docker'))
    .addOption(new Option('-i, --instance <name>', 'IRIS instance').default('IRIS'))
    .addOption(new Option('--iris-program <path>', 'the iris program on the target').default('iris'))
    .option('--os-user <name>', 'operating system user inside the container')
    .option('-u, --username <name>', 'IRIS user, where IRIS does not know the operating system user')
    .addOption(
      new Option('--password-env <name>', 'environment variable with the password').default('IRIS_PASSWORD'),
    )
    .addOption(new Option('--timeout-seconds <n>', 'time limit for each session').default('600'));
}

export function targetOf(flags: SessionFlags, web: { readonly webUrl?: string } = {}): DeployTarget {
  return flags.container === undefined
    ? new LocalTarget(web)
    : new ContainerTarget({ container: flags.container, engine: flags.engine, ...web });
}

/** @throws IrisError `IRIS_OPTION` when the password is not where it should be, or a number is none. */
export function sessionOf(flags: SessionFlags): Omit<IrisSessionOptions, 'namespace'> {
  return {
    instance: flags.instance,
    irisProgram: flags.irisProgram,
    timeoutMs: secondsOf('--timeout-seconds', flags.timeoutSeconds) * 1000,
    ...(flags.osUser === undefined ? {} : { osUser: flags.osUser }),
    ...(flags.username === undefined ? {} : { login: loginOf(flags.username, flags.passwordEnv) }),
  };
}

/** The password comes from the environment: a command line can be seen by others. @throws IrisError `IRIS_OPTION` */
export function loginOf(username: string, variable: string): Login {
  const password = process.env[variable];
  if (password === undefined || /[\r\n]/.test(username + password)) {
    throw new IrisError(`There is no usable password in ${variable}`, {
      code: 'IRIS_OPTION',
      hint: `Set ${variable}, or name another environment variable.`,
    });
  }
  return { username, password: new Secret(password) };
}

/** @throws IrisError `IRIS_OPTION` for what is no number of seconds up to a day. */
export function secondsOf(option: string, text: string): number {
  const value = Number(text);
  if (value > 0 && value <= MAX_SECONDS) return value;
  throw new IrisError(`${option} ${text} is out of range`, {
    code: 'IRIS_OPTION',
    hint: `Use 1 to ${String(MAX_SECONDS)}.`,
  });
}

import type { Command } from 'commander';
import { Option } from 'commander';
import type { DeployTarget } from '@iris-devtools/core';
import { IrisError, Secret } from '@iris-devtools/core';
import type { IrisSessionOptions } from '../install/iris-session.js';
import { ContainerTarget } from '../target/container-target.js';
import { LocalTarget } from '../target/local-target.js';

/** What the options below say. */
export interface TargetFlags {
  readonly container?: string;
  readonly engine: string;
  readonly instance: string;
  readonly namespace: string;
  readonly irisProgram: string;
  readonly osUser?: string;
  readonly username?: string;
  readonly passwordEnv: string;
  readonly timeoutSeconds: string;
}

/** Adds the options that say which IRIS is meant. */
export function withTargetOptions(command: Command): Command {
  return command
    .option('-c, --container <name>', 'IRIS runs in this container; without it, on this machine')
    .addOption(new Option('--engine <program>', 'container engine').default('docker'))
    .addOption(new Option('-i, --instance <name>', 'IRIS instance').default('IRIS'))
    .addOption(new Option('-n, --namespace <name>', 'namespace of the module').default('USER'))
    .addOption(new Option('--iris-program <path>', 'the iris program on the target').default('iris'))
    .option('--os-user <name>', 'operating system user inside the container')
    .option('-u, --username <name>', 'IRIS user, where IRIS does not know the operating system user')
    .addOption(
      new Option('--password-env <name>', 'environment variable with the password').default('IRIS_PASSWORD'),
    )
    .addOption(new Option('--timeout-seconds <n>', 'time limit for each session').default('600'));
}

export function targetOf(flags: TargetFlags): DeployTarget {
  return flags.container === undefined
    ? new LocalTarget()
    : new ContainerTarget({ container: flags.container, engine: flags.engine });
}

/** @throws IrisError `IRIS_OPTION` when the password is not where it should be, or a number is none. */
export function sessionOf(flags: TargetFlags): IrisSessionOptions {
  const seconds = Number(flags.timeoutSeconds);
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new IrisError(`--timeout-seconds ${flags.timeoutSeconds} is out of range`, {
      code: 'IRIS_OPTION',
      hint: 'Use 1 to 86400.',
    });
  }
  return {
    instance: flags.instance,
    namespace: flags.namespace,
    irisProgram: flags.irisProgram,
    timeoutMs: seconds * 1000,
    ...(flags.osUser === undefined ? {} : { osUser: flags.osUser }),
    ...(flags.username === undefined ? {} : { login: loginOf(flags.username, flags.passwordEnv) }),
  };
}

function loginOf(
  username: string,
  variable: string,
): { readonly username: string; readonly password: Secret } {
  const password = process.env[variable];
  if (password === undefined || /[\r\n]/.test(password + username)) {
    throw new IrisError(`There is no usable password in ${variable}`, {
      code: 'IRIS_OPTION',
      hint: `Set ${variable}, or name another variable with --password-env.`,
    });
  }
  return { username, password: new Secret(password) };
}

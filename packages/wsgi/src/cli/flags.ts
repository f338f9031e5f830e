import type { Command } from 'commander';
import { Option } from 'commander';
import { withSessionOptions } from '@iris-devtools/ipm/cli';
import type { SessionFlags } from '@iris-devtools/ipm/cli';

/** Which IRIS, and how to talk to it. */
export interface HostFlags extends SessionFlags {
  readonly webUrl?: string;
  /** commander's name for `--no-ipm`. */
  readonly ipm: boolean;
  readonly directory?: string;
  readonly emulator?: string;
  readonly remote?: string;
  readonly provided?: readonly string[];
  readonly wsgiLog?: string;
  readonly json?: boolean;
}

/** Which deployment. */
export interface ApplicationFlags extends HostFlags {
  readonly urlPrefix: string;
  readonly name?: string;
  readonly namespace: string;
  readonly breakLock?: boolean;
}

export interface LoginFlags {
  readonly healthPath: string;
  readonly webUser?: string;
  readonly webPasswordEnv: string;
}

/** What is deployed, and how. */
export interface SourceFlags extends ApplicationFlags, LoginFlags {
  readonly app?: string;
  readonly path: string;
  readonly type?: 'wsgi' | 'asgi';
  readonly moduleVersion?: string;
  readonly auth: string;
  readonly matchRoles?: string;
  readonly static?: string;
  readonly requirements?: string;
  readonly wheels?: string;
  readonly exclude?: readonly string[];
  readonly python: string;
  readonly healthTimeoutSeconds: string;
}

export function withHostOptions(command: Command): Command {
  return withSessionOptions(command)
    .option(
      '--remote <url>',
      'an IRIS of which only the SuperServer port can be reached: iris://user:password@host:port/ ($IRIS_PASSWORD when the URL has no password)',
    )
    .option('--emulator <url>', 'an @iris-devtools/emulator on this machine: iris://user:password@host:port/')
    .option('--no-ipm', 'set up the web application without IPM')
    .option(
      '--web-url <url>',
      'web server of the instance (default: port 52773, as the container publishes it)',
    )
    .option(
      '--directory <path>',
      'with --no-ipm, --remote or --emulator: where applications go (default: lib/ of IRIS)',
    )
    .option('--provided <packages...>', 'with --no-ipm or --remote: packages that Python in IRIS has already')
    .option('--wsgi-log <path>', 'WSGI.log on the target, where it cannot be found')
    .option('--json', 'print JSON');
}

export function withApplicationOptions(command: Command): Command {
  return withHostOptions(command)
    .requiredOption('--url-prefix <path>', 'URL path, e.g. /admin')
    .option('--name <name>', 'name of the module (default: made of the URL path)')
    .addOption(new Option('-n, --namespace <name>', 'namespace that the code runs in').default('USER'));
}

/** For commands that change something. */
export function withChangeOptions(command: Command): Command {
  return withApplicationOptions(command).option(
    '--break-lock',
    'take the lock away from another deployment of this name that is not at work any more',
  );
}

export function withSourceOptions(command: Command): Command {
  return withLoginOptions(withChangeOptions(command))
    .option('--app <module:callable>', 'the application (default: the one that is found)')
    .addOption(new Option('--path <directory>', 'directory that it is imported from').default('.'))
    .addOption(
      new Option('--type <type>', 'how it is called (default: found in the sources)').choices([
        'wsgi',
        'asgi',
      ]),
    )
    .option('--module-version <version>', 'version of the module')
    .addOption(
      new Option(
        '--auth <methods>',
        'ways to log in: password, unauthenticated, delegated, ldap, kerberos, login-token',
      ).default('password'),
    )
    .option('--match-roles <roles>', 'roles that requests get in addition, e.g. :%DB_USER')
    .option('--static <directory>', 'directory that the web server serves itself, below URL-PREFIX/static')
    .option('--requirements <file>', 'requirements file (default: requirements.txt, when it exists)')
    .option('--wheels <directory>', 'directory of wheels; pip takes packages from there only')
    .option('--exclude <path...>', 'files and directories to leave out')
    .addOption(new Option('--python <program>', 'Python that checks the sources').default('python3'))
    .addOption(new Option('--health-timeout-seconds <n>', 'how long it may take').default('60'));
}

/** Who asks the application over HTTP. */
export function withLoginOptions(command: Command): Command {
  return command
    .addOption(new Option('--health-path <path>', 'path that has to answer').default('/'))
    .option('--web-user <name>', 'user for that request')
    .addOption(
      new Option('--web-password-env <name>', 'environment variable with its password').default(
        'IRIS_WEB_PASSWORD',
      ),
    );
}

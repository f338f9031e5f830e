import { EXIT, reportError } from '@iris-devtools/ipm/cli';
import type { ExitCode } from '@iris-devtools/ipm/cli';
import { Command, CommanderError, Option } from 'commander';
import {
  deployCommand,
  detectCommand,
  logsCommand,
  planCommand,
  statusCommand,
  undeployCommand,
} from './commands.js';
import type { ApplicationFlags, LoginFlags, SourceFlags } from './flags.js';
import { withApplicationOptions, withChangeOptions, withLoginOptions, withSourceOptions } from './flags.js';
import type { CliContext } from './cli-context.js';

const HELP = `
Exit codes: 0 done, 1 the work failed (or status found no healthy deployment), 2 wrong usage,
3 IRIS or the container cannot be reached.

Example: iris-wsgi deploy --app admin:app --path ./admin --url-prefix /admin --container my-iris`;

/** Runs one command line (without the program's name). Never throws for what a user can do wrong. */
export async function main(argv: readonly string[], version: string, context: CliContext): Promise<ExitCode> {
  const { terminal } = context;
  let exitCode: ExitCode = EXIT.ok;
  const run = async (work: Promise<ExitCode>): Promise<void> => {
    exitCode = await work;
  };
  const program = new Command('iris-wsgi')
    .description('Deploy Python WSGI and ASGI applications into InterSystems IRIS.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        terminal.out(text);
      },
      writeErr: (text) => {
        terminal.err(text);
      },
    })
    .addHelpText('after', HELP);
  withSourceOptions(program.command('deploy'))
    .description('install, and wait until this code answers')
    .action((flags: SourceFlags) => run(deployCommand(flags, context)));
  withSourceOptions(program.command('plan'))
    .description('check everything and tell what deploy would do')
    .action((flags: SourceFlags) => run(planCommand(flags, context)));
  withChangeOptions(program.command('undeploy'))
    .description('remove the application and its files')
    .action((flags: ApplicationFlags) => run(undeployCommand(flags, context)));
  withLoginOptions(withApplicationOptions(program.command('status')))
    .description('tell what is deployed and whether it answers')
    .action((flags: ApplicationFlags & LoginFlags) => run(statusCommand(flags, context)));
  withApplicationOptions(program.command('logs'))
    .description('print WSGI.log, which all applications of the instance share')
    .option('-f, --follow', 'go on until interrupted')
    .action((flags: ApplicationFlags & { follow?: boolean }) => run(logsCommand(flags, context)));
  program
    .command('detect')
    .description('list the applications in a directory')
    .argument('[path]', 'the directory', '.')
    .addOption(new Option('--python <program>', 'Python that reads the sources').default('python3'))
    .option('--json', 'print JSON')
    .action((path: string, flags: { python: string; json?: boolean }) =>
      run(detectCommand(path, flags, terminal)),
    );
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportError(terminal, error, argv.includes('--json'));
  } finally {
    for (const close of context.closers) await close();
  }
}

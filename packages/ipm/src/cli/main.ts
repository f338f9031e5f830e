import { Command, CommanderError, Option } from 'commander';
import { listModules } from '../install/module-state.js';
import { uninstallModule } from '../install/uninstall-module.js';
import { MODULE_KINDS } from '../scaffold/module-template.js';
import { initCommand } from './init-command.js';
import type { InitFlags } from './init-command.js';
import { installCommand } from './install-command.js';
import type { InstallFlags } from './install-command.js';
import { packCommand } from './pack-command.js';
import type { TargetFlags } from './target-options.js';
import { sessionOf, targetOf, withTargetOptions } from './target-options.js';
import type { ExitCode, Terminal } from './terminal.js';
import { EXIT, reportError, writeJson } from './terminal.js';
import { validateCommand } from './validate-command.js';

/** Runs one command line (without the program's name). Never throws for what a user can do wrong. */
export async function main(argv: readonly string[], version: string, terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = ipmProgram(version, terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportError(terminal, error, argv.includes('--json'));
  }
}

function ipmProgram(version: string, terminal: Terminal, exit: (code: ExitCode) => void): Command {
  const program = new Command('iris-ipm')
    .description('Modules for the InterSystems Package Manager: make, check, pack, install.')
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
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 findings that are errors or work that failed, 2 wrong usage, 3 IRIS or the container cannot be reached.',
    );
  addLocalCommands(program, terminal, exit);
  addTargetCommands(program, terminal, exit);
  return program;
}

function addLocalCommands(program: Command, terminal: Terminal, exit: (code: ExitCode) => void): void {
  program
    .command('init')
    .description('write a small module that installs as it is')
    .argument('[directory]', 'where to', '.')
    .addOption(new Option('-k, --kind <kind>', 'what it holds').choices([...MODULE_KINDS]).default('wsgi'))
    .option('--name <name>', 'name of the module (default: name of the directory)')
    .option('--module-version <version>', 'version of the module')
    .option('--url-prefix <path>', 'path of the web application')
    .option('--port <number>', 'port of the TCP server')
    .option('--json', 'print JSON')
    .action((directory: string, flags: InitFlags) => {
      exit(initCommand(directory, flags, terminal));
    });
  program
    .command('validate')
    .description('find what IPM would refuse, or ignore without a word')
    .argument('[path]', 'directory of the module, or its module.xml', '.')
    .option('--fix', 'make the fixes that need no decision')
    .option('--json', 'print JSON')
    .action((path: string, flags: { fix?: boolean; json?: boolean }) => {
      exit(validateCommand(path, flags, terminal));
    });
  program
    .command('pack')
    .description('write the module as .tgz; the same files give the same bytes')
    .argument('[path]', 'directory of the module', '.')
    .option('-o, --output <file>', 'the archive (default: NAME-VERSION.tgz here)')
    .option('--include <path...>', 'more files and directories of the module')
    .option('--json', 'print JSON')
    .action(async (path: string, flags: { output?: string; include?: string[]; json?: boolean }) => {
      exit(await packCommand(path, flags, terminal));
    });
}

function addTargetCommands(program: Command, terminal: Terminal, exit: (code: ExitCode) => void): void {
  withTargetOptions(program.command('install'))
    .description('load a module and prove that it is there')
    .argument('<path>', 'directory of the module, or its .tgz')
    .option('-D, --define <name=value...>', 'value for a parameter of the module')
    .option(
      '--pip-flags <flags>',
      'more flags for pip, e.g. "--upgrade" or "--no-index --find-links /wheels"',
    )
    .option('--no-python-deps', 'do not install requirements.txt')
    .option('--no-rollback', 'after a failure, leave what is there')
    .option('--json', 'print JSON')
    .action(async (path: string, flags: InstallFlags) => {
      exit(await installCommand(path, flags, terminal));
    });
  withTargetOptions(program.command('uninstall'))
    .description('remove a module and prove that it is gone')
    .argument('<name>', 'name of the module')
    .option('--force', 'also when other modules need it')
    .option('--recurse', 'also the modules that only this one needed')
    .option('--json', 'print JSON')
    .action(
      async (name: string, flags: TargetFlags & { force?: boolean; recurse?: boolean; json?: boolean }) => {
        const result = await uninstallModule(targetOf(flags), {
          ...sessionOf(flags),
          namespace: flags.namespace,
          module: name,
          force: flags.force ?? false,
          recurse: flags.recurse ?? false,
        });
        if (flags.json === true) writeJson(terminal, { ok: true, ...result });
        else
          terminal.out(
            result.removed ? `${name} ${result.version ?? ''} is gone\n` : `${name} was not installed\n`,
          );
      },
    );
  withTargetOptions(program.command('list'))
    .description('list the modules of a namespace')
    .option('--json', 'print JSON')
    .action(async (flags: TargetFlags & { json?: boolean }) => {
      const modules = await listModules(targetOf(flags), {
        ...sessionOf(flags),
        namespace: flags.namespace,
      });
      if (flags.json === true) writeJson(terminal, { ok: true, modules });
      else for (const { name, version } of modules) terminal.out(`${name} ${version}\n`);
    });
}

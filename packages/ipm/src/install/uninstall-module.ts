import type { CommandRunner } from '@iris-devtools/core';
import { IrisError } from '@iris-devtools/core';
import { quoteIpmWord, zpmLine } from './ipm-command.js';
import { parseIpmOutput } from './ipm-output.js';
import { IrisSession } from './iris-session.js';
import type { ModuleQuery } from './module-state.js';
import { requireIpm, storedModuleName, verifyModule } from './module-state.js';

export interface UninstallOptions extends ModuleQuery {
  /** Also when other modules need it. */
  readonly force?: boolean;
  /** Also the modules that only this one needed. */
  readonly recurse?: boolean;
}

export interface UninstallResult {
  readonly module: string;
  /** False: it was not installed, and nothing was done. */
  readonly removed: boolean;
  readonly version: string | undefined;
  readonly output: string;
}

/**
 * `zpm "uninstall ..."`, then a look whether the module and its web applications are really gone.
 * Directories that FileCopy filled are removed; pip packages and wheels stay, as IPM never removes them.
 *
 * @throws IrisError `IRIS_DEPLOY` when something is left, e.g. because another module needs this one. IPM then reports
 *   success, although web applications and stop hooks are already gone: the module has to be loaded again.
 */
export async function uninstallModule(
  runner: CommandRunner,
  options: UninstallOptions,
): Promise<UninstallResult> {
  const module = storedModuleName(options.module);
  const before = await verifyModule(runner, options);
  requireIpm(before, options.namespace ?? 'USER');
  if (!before.installed) return { module, removed: false, version: undefined, output: '' };
  const flags = [options.force === true ? ' -force' : '', options.recurse === true ? ' -recurse' : ''].join(
    '',
  );
  const run = await new IrisSession(runner, options).run([
    zpmLine(`uninstall ${quoteIpmWord(module)}${flags}`),
  ]);
  const output = parseIpmOutput(run.text);
  const after = await verifyModule(runner, options);
  const webApplications = [...after.webApplications].filter(([, exists]) => exists).map(([path]) => path);
  const problem =
    output.skipped ??
    (output.errors.length > 0 ? output.errors.join('; ') : undefined) ??
    (run.exitCode === 0 ? undefined : `the session ended with exit code ${String(run.exitCode)}`) ??
    (after.installed ? 'IPM reported no error, but the module is still installed' : undefined) ??
    (webApplications.length > 0 ? `web applications are left: ${webApplications.join(', ')}` : undefined);
  if (problem !== undefined) {
    throw new IrisError(`Module ${module} was not uninstalled: ${problem}`, {
      code: 'IRIS_DEPLOY',
      hint:
        output.skipped === undefined
          ? 'Read details.output.'
          : 'Uninstall the modules that need it first, or use force; load the module again to get its web applications back.',
      details: {
        errors: output.errors,
        leftBehind: { module: after.installed, webApplications },
        output: run.text.slice(-4000),
      },
    });
  }
  return { module, removed: true, version: before.version, output: run.text };
}

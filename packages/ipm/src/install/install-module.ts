import type { CommandRunner } from '@iris-devtools/core';
import { IrisError } from '@iris-devtools/core';
import { compareReleases, parseVersion } from '../manifest/version.js';
import { parameterWords, quoteIpmWord, zpmLine } from './ipm-command.js';
import type { IpmOutput, PhaseOutcome } from './ipm-output.js';
import { parseIpmOutput } from './ipm-output.js';
import { IrisSession } from './iris-session.js';
import type { SessionOutput } from './iris-session.js';
import type { ModuleQuery, ModuleState } from './module-state.js';
import { requireIpm, storedModuleName, verifyModule } from './module-state.js';

export interface InstallOptions extends ModuleQuery {
  /** Absolute path where IRIS is: the module's directory, or its `.tgz`. */
  readonly path: string;
  /** The version that has to be there afterwards. */
  readonly version?: string;
  /** Values for the module's `Default` elements. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** More flags for the pip that IPM runs, e.g. `--upgrade` or `--no-index --find-links /wheels`. */
  readonly extraPipFlags?: string;
  /** Do not install requirements.txt. */
  readonly bypassPythonDependencies?: boolean;
  /** After a failed first installation, uninstall what is left of the module. Default true. */
  readonly rollback?: boolean;
}

export interface InstallResult {
  readonly module: string;
  readonly version: string | undefined;
  /** `undefined`: it was not installed before. */
  readonly previousVersion: string | undefined;
  readonly irisVersion: string | undefined;
  readonly ipmVersion: string | undefined;
  readonly phases: readonly PhaseOutcome[];
  readonly webApplications: readonly string[];
  /** What IPM printed, without colours. */
  readonly output: string;
  readonly durationMs: number;
}

/** How much of the output goes into an error. */
const OUTPUT_TAIL_CHARS = 4000;

/**
 * `zpm "load ..."`, then a second session that looks whether the module and its web applications are really there.
 *
 * A load is one transaction: when it fails IPM takes back what it stored in the database. It does not take back copied
 * files, pip packages, CPF merges and started processes. A module that was installed before stays at its old version.
 *
 * @throws IrisError `IRIS_DEPLOY` with `phases`, `errors`, `output` and `leftBehind` in its details; `IRIS_OPTION` and
 *   `IRIS_VALUE` before anything is run; errors of `verifyModule`.
 */
export async function installModule(runner: CommandRunner, options: InstallOptions): Promise<InstallResult> {
  const startedAt = performance.now();
  const module = storedModuleName(options.module);
  const command = loadCommand(options);
  const before = await verifyModule(runner, options);
  requireIpm(before, options.namespace ?? 'USER');
  refuseDowngrade(before, options);

  const run = await new IrisSession(runner, options).run([zpmLine(command)]);
  const output = parseIpmOutput(run.text);
  const after = await verifyModule(runner, options);
  const problem = whatWentWrong(run, output, after, options);
  if (problem !== undefined) throw await failure(runner, options, { problem, run, output, before, after });
  return {
    module,
    version: after.version,
    previousVersion: before.installed ? before.version : undefined,
    irisVersion: after.irisVersion,
    ipmVersion: after.ipmVersion,
    phases: output.phases,
    webApplications: options.webApplications ?? [],
    output: run.text,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

function loadCommand(options: InstallOptions): string {
  const { path } = options;
  if (!path.startsWith('/') || path.split('/').includes('..')) {
    throw new IrisError(`"${path}" is not an absolute path`, {
      code: 'IRIS_OPTION',
      hint: 'Give the path of the module as IRIS sees it, beginning with "/" and without "..".',
    });
  }
  if (/\.(?:tar\.gz|tar|zip)$/.test(path)) {
    throw new IrisError(`IPM does not load ${path}`, {
      code: 'IRIS_OPTION',
      hint: 'Pack the module as .tgz.',
    });
  }
  const flags = [
    '-verbose',
    ...(options.bypassPythonDependencies === true ? ['-bypass-py-deps'] : []),
    ...(options.extraPipFlags === undefined ? [] : ['-extra-pip-flags', quoteIpmWord(options.extraPipFlags)]),
    ...parameterWords(options.parameters ?? {}),
  ];
  return `load ${quoteIpmWord(path)} ${flags.join(' ')}`;
}

function refuseDowngrade(before: ModuleState, options: InstallOptions): void {
  const wanted = parseVersion(options.version ?? '');
  const present = parseVersion(before.installed ? (before.version ?? '') : '');
  if (wanted === undefined || present === undefined || compareReleases(wanted, present) >= 0) return;
  throw new IrisError(
    `${options.module} ${before.version ?? ''} is installed; IPM does not go back to ${options.version ?? ''}`,
    {
      code: 'IRIS_DEPLOY',
      hint: 'Uninstall the module first, or raise the version.',
    },
  );
}

function whatWentWrong(
  run: SessionOutput,
  output: IpmOutput,
  after: ModuleState,
  options: InstallOptions,
): string | undefined {
  if (output.errors.length > 0) return output.errors.join('; ');
  if (run.exitCode !== 0) return `the session ended with exit code ${String(run.exitCode)}`;
  if (!after.installed) return 'IPM reported no error, but the module is not installed';
  if (options.version !== undefined && after.version !== options.version) {
    return `version ${after.version ?? 'unknown'} is installed instead of ${options.version}`;
  }
  const missing = [...after.webApplications].filter(([, exists]) => !exists).map(([path]) => path);
  if (missing.length > 0)
    return `IPM reported no error, but there is no web application ${missing.join(', ')}`;
  return undefined;
}

interface FailedLoad {
  readonly problem: string;
  readonly run: SessionOutput;
  readonly output: IpmOutput;
  readonly before: ModuleState;
  readonly after: ModuleState;
}

async function failure(runner: CommandRunner, options: InstallOptions, load: FailedLoad): Promise<IrisError> {
  let state = load.after;
  let rolledBack = false;
  if (!load.before.installed && state.installed && options.rollback !== false) {
    const uninstall = zpmLine(`uninstall ${quoteIpmWord(storedModuleName(options.module))} -force`);
    await new IrisSession(runner, options).run([uninstall]);
    state = await verifyModule(runner, options);
    rolledBack = !state.installed;
  }
  const webApplications = [...state.webApplications].filter(([, exists]) => exists).map(([path]) => path);
  return new IrisError(`Module ${options.module} was not installed: ${load.problem}`, {
    code: 'IRIS_DEPLOY',
    hint: hintFor(load.problem),
    details: {
      phases: load.output.phases,
      errors: load.output.errors,
      rolledBack,
      leftBehind: {
        module: load.before.installed ? false : state.installed,
        webApplications: load.before.installed ? [] : webApplications,
      },
      output: load.run.text.slice(-OUTPUT_TAIL_CHARS),
    },
  });
}

const HINTS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [
    /pip install/,
    'pip failed: packages need wheels for the Python of IRIS; without a network pass --no-index --find-links.',
  ],
  [
    /CLASS DOES NOT EXIST/,
    'A class that an Invoke calls is not a <Resource> of the module; run `iris-ipm validate`.',
  ],
  [/must be absolute/, 'Give the absolute path of the module as IRIS sees it.'],
  [/cannot be installed on the current version/, 'Use a newer IRIS, or lower <SystemRequirements Version>.'],
  [
    /already defined as part of module/,
    'Another module owns a resource of this name; rename it or uninstall the other.',
  ],
  [
    /file system permissions/,
    'Make the files readable and the target writable for the user that IRIS runs as.',
  ],
  [
    /File not found to obtain module object/,
    'Copy the module to the target first; it has to hold module.xml.',
  ],
];

function hintFor(problem: string): string {
  return (
    HINTS.find(([pattern]) => pattern.test(problem))?.[1] ??
    'Read details.output; run `iris-ipm validate` on the module.'
  );
}

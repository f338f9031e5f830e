import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { DeployTarget } from '@iris-devtools/core';
import { IrisError } from '@iris-devtools/core';
import { installModule } from '../install/install-module.js';
import { parseIpmOutput } from '../install/ipm-output.js';
import { stripColours } from '../install/iris-session.js';
import { openModuleDirectory } from '../pack/module-directory.js';
import { packModule } from '../pack/pack-module.js';
import { readPackedModule } from '../pack/read-packed-module.js';
import type { TargetFlags } from './target-options.js';
import { sessionOf, targetOf } from './target-options.js';
import type { ExitCode, Terminal } from './terminal.js';
import { EXIT, writeJson } from './terminal.js';
import { moduleRoot } from './validate-command.js';

export interface InstallFlags extends TargetFlags {
  readonly define?: readonly string[];
  readonly pipFlags?: string;
  /** commander's name for `--no-python-deps`. */
  readonly pythonDeps: boolean;
  readonly rollback: boolean;
  readonly json?: boolean;
}

interface Archive {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly webApplications: readonly string[];
}

/** `iris-ipm install <directory or .tgz>`: packs, copies, loads, proves, and removes its copy again. */
export async function installCommand(
  path: string,
  flags: InstallFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = { ...sessionOf(flags), namespace: flags.namespace };
  const parameters = definitions(flags.define ?? []);
  const target = targetOf(flags);
  const work = await mkdtemp(join(tmpdir(), 'iris-ipm-'));
  try {
    const archive = await archiveOf(path, work);
    const result = await onTarget(target, archive.path, (remotePath) =>
      installModule(target, {
        ...session,
        path: remotePath,
        module: archive.name,
        version: archive.version,
        webApplications: archive.webApplications,
        parameters,
        bypassPythonDependencies: !flags.pythonDeps,
        rollback: flags.rollback,
        ...(flags.pipFlags === undefined ? {} : { extraPipFlags: flags.pipFlags }),
        ...(flags.json === true ? {} : { onOutput: phaseProgress(terminal) }),
      }),
    );
    if (flags.json === true) {
      writeJson(terminal, { ok: true, target: target.name, ...result });
    } else {
      const before = result.previousVersion === undefined ? '' : ` (was ${result.previousVersion})`;
      const seconds = (result.durationMs / 1000).toFixed(1);
      terminal.out(
        `${archive.name} ${result.version ?? ''}${before} is installed on ${target.name}, ${seconds} s\n`,
      );
      for (const url of result.webApplications) terminal.out(`  web application ${url}\n`);
    }
    return EXIT.ok;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function archiveOf(path: string, work: string): Promise<Archive> {
  const full = resolve(path);
  const info = await stat(full).catch(() => undefined);
  if (info?.isFile() === true && full.endsWith('.tgz'))
    return { path: full, ...(await readPackedModule(full)) };
  const root = moduleRoot(full);
  const { webApplications } = openModuleDirectory(root);
  const packed = await packModule(root, { outputPath: join(work, 'module.tgz') });
  return { path: packed.path, name: packed.name, version: packed.version, webApplications };
}

async function onTarget<T>(
  target: DeployTarget,
  localPath: string,
  work: (remotePath: string) => Promise<T>,
): Promise<T> {
  const directory = `/tmp/iris-ipm-${randomBytes(6).toString('hex')}`;
  const remotePath = `${directory}/${basename(localPath)}`;
  try {
    await target.copyTo(localPath, remotePath);
    return await work(remotePath);
  } finally {
    await target.remove(directory);
  }
}

function definitions(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((definition) => {
      const at = definition.indexOf('=');
      if (at > 0) return [definition.slice(0, at), definition.slice(at + 1)] as const;
      throw new IrisError(`-D ${definition} has no value`, {
        code: 'IRIS_OPTION',
        hint: 'Write -D Name=value.',
      });
    }),
  );
}

/** Tells each phase as it ends. */
function phaseProgress(terminal: Terminal): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const { module, phase, outcome } of parseIpmOutput(stripColours(lines.join('\n'))).phases) {
      if (outcome !== 'started') terminal.err(`  ${module}: ${phase} ${outcome}\n`);
    }
  };
}

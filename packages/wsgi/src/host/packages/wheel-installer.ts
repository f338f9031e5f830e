import { join } from 'node:path';
import { IrisError } from '@iris-devtools/core';
import { requirementNames } from '@iris-devtools/ipm';
import type { Release } from '../../release/release.js';
import type { TargetFiles } from '../files/target-files.js';
import { wantedPackages } from './package-installer.js';
import type { PackageInstaller } from './package-installer.js';
import { satisfies } from './python-version.js';
import { readWheel, unpackWheel } from './wheel.js';
import type { Wheel } from './wheel.js';

const HOW_TO_GET_WHEELS =
  'Fetch them with "pip download --only-binary=:all: --platform any -d wheels -r requirements.txt" and give the directory ' +
  '(`wheels`, --wheels); name packages that IRIS has already (`providedPackages`, --provided).';

/** Packages without pip on the target: pure-Python wheels are unpacked here and copied as files. */
export class WheelInstaller implements PackageInstaller {
  readonly #files: TargetFiles;
  readonly #provided: readonly string[];

  constructor(files: TargetFiles, provided: readonly string[]) {
    this.#files = files;
    this.#provided = provided;
  }

  async check(release: Release): Promise<string[]> {
    const wanted = wantedPackages(release, this.#provided);
    if (wanted.length === 0) return [];
    const wheels = await readWheels(release);
    const warnings = wanted.flatMap((line) => checkRequirement(line, wheels));
    const known = new Set([...wheels.keys(), ...this.#provided.flatMap(requirementNames)]);
    for (const wheel of wheels.values()) {
      for (const { name, marker } of wheel.requires) {
        if (known.has(name)) continue;
        if (marker === undefined) throw missing(name, `${wheel.file} needs it`);
        warnings.push(`${wheel.file} needs ${name} where ${marker}, and there is no wheel of it`);
      }
    }
    return warnings;
  }

  async install(release: Release, directory: string, work: string): Promise<void> {
    const local = join(work, 'packages');
    for (const wheel of (await readWheels(release)).values()) await unpackWheel(wheel, local);
    const partial = `${directory}.partial`;
    await this.#files.remove(partial);
    try {
      await this.#files.copyTo(local, partial);
      await this.#files.rename(partial, directory);
    } finally {
      await this.#files.remove(partial);
    }
  }
}

async function readWheels(release: Release): Promise<Map<string, Wheel>> {
  const wheels = new Map<string, Wheel>();
  for (const file of release.wheels) {
    const wheel = await readWheel(file.absolutePath);
    const other = wheels.get(wheel.name);
    if (other !== undefined) {
      throw new IrisError(`${other.file} and ${wheel.file} are versions of one package`, {
        code: 'IRIS_VALIDATION',
        hint: 'Keep the one that is to be used: without pip on the server all wheels are taken.',
      });
    }
    wheels.set(wheel.name, wheel);
  }
  return wheels;
}

function checkRequirement(line: string, wheels: ReadonlyMap<string, Wheel>): string[] {
  const [name] = requirementNames(line);
  if (name === undefined) {
    throw new IrisError(`The requirement "${line.slice(0, 100)}" cannot be met without pip on the server`, {
      code: 'IRIS_VALIDATION',
      hint: 'Name packages only, and give their wheels.',
    });
  }
  const wheel = wheels.get(name);
  if (wheel === undefined) throw missing(name, 'requirements.txt names it');
  const specifiers = /^\s*[\w.-]+\s*(?:\[[^\]]*\])?\s*\(?([^;)#]*)/.exec(line)?.[1]?.trim() ?? '';
  switch (satisfies(wheel.version, specifiers)) {
    case true:
      return [];
    case false:
      throw new IrisError(`${wheel.file} does not meet the requirement "${line.trim().slice(0, 100)}"`, {
        code: 'IRIS_VALIDATION',
        hint: 'Fetch the wheels again, or change the requirement.',
      });
    case undefined:
      return [`the version of ${wheel.file} was not compared with "${line.trim().slice(0, 100)}"`];
  }
}

function missing(name: string, why: string): IrisError {
  return new IrisError(`There is no wheel of ${name} (${why}), and nothing can be fetched on this target`, {
    code: 'IRIS_VALIDATION',
    hint: HOW_TO_GET_WHEELS,
  });
}

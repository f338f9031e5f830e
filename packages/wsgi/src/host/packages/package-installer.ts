import { requirementNames } from '@iris-devtools/ipm';
import type { Release } from '../../release/release.js';
import { packageLines } from '../../source/requirements.js';

/** Puts the Python packages of a release into a directory of the application's own. */
export interface PackageInstaller {
  /** Changes nothing. @returns warnings. @throws IrisError naming the requirement that cannot be met. */
  check(release: Release): Promise<string[]>;
  /** Fills `directory`, which appears when it is complete; `work` is a local directory for files on their way. */
  install(release: Release, directory: string, work: string): Promise<void>;
}

/** Requirements that the host does not have anyway, one a line. */
export function wantedPackages(release: Release, provided: readonly string[]): string[] {
  const known = new Set(provided.flatMap(requirementNames));
  return packageLines(release.requirements ?? '').filter(
    (line) => !requirementNames(line).some((name) => known.has(name)),
  );
}

import type { TargetFiles } from './target-files.js';

/** Releases (`r` and an id) and directories of packages (`p` and an id), complete or not. */
const GENERATED = /^[rp][0-9a-f]{12}(?:\.partial)?$/;

/** Removes what deployments have put into a directory, except what is named. */
export async function pruneReleases(
  files: TargetFiles,
  directory: string,
  keep: readonly string[],
): Promise<void> {
  for (const name of await files.list(directory)) {
    if (GENERATED.test(name) && !keep.includes(name)) await files.remove(`${directory}/${name}`);
  }
}

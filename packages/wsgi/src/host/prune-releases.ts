import type { DeployTarget } from '@iris-devtools/core';

/** Releases (`r` and an id) and directories of packages (`p` and an id). */
const GENERATED = /^[rp][0-9a-f]{12}$/;

/** Removes what deployments have put into a directory, except what is named. */
export async function pruneReleases(
  target: DeployTarget,
  directory: string,
  keep: readonly string[],
): Promise<void> {
  const { stdout } = await target.run(['ls', '-1', directory]);
  for (const name of stdout.split('\n')) {
    if (GENERATED.test(name) && !keep.includes(name)) await target.remove(`${directory}/${name}`);
  }
}

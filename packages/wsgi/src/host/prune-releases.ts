import type { DeployTarget } from '@iris-devtools/core';

/** Removes the releases in a directory, except one. */
export async function pruneReleases(target: DeployTarget, directory: string, keepId: string): Promise<void> {
  const { stdout } = await target.run(['ls', '-1', directory]);
  for (const name of stdout.split('\n')) {
    if (/^r[0-9a-f]{12}$/.test(name) && name !== `r${keepId}`) await target.remove(`${directory}/${name}`);
  }
}

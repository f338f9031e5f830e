import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockDirectory } from '../../src/server/data-lock.js';

describe('lock of a data directory', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lock-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('keeps a second emulator out until the first one gives it back', async () => {
    const unlock = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toMatchObject({ code: 'IRIS_IO' });
    await unlock();
    await (
      await lockDirectory(directory)
    )();
  });

  it('is taken over from a process that has ended, and when it is damaged', async () => {
    const path = join(directory, 'emulator.lock');
    for (const left of ['', '{', '{"processId":2147483646,"startedAt":"5"}', '{"processId":0}']) {
      await writeFile(path, left);
      const unlock = await lockDirectory(directory);
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ processId: process.pid });
      await unlock();
    }
  });

  // Without /proc the id is all there is to tell processes apart.
  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('is taken over when another process has the same id now', async () => {
    await writeFile(
      join(directory, 'emulator.lock'),
      JSON.stringify({ processId: process.pid, startedAt: '1' }),
    );
    await (
      await lockDirectory(directory)
    )();
  });
});

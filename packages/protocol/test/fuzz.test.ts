import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

describe('the fuzzer', () => {
  it('finds no untyped failure in a short run', async () => {
    const script = join(__dirname, '..', 'fuzz', 'fuzz-frames.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [
      script,
      '--frames',
      '100000',
      '--seed',
      '7',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ frames: 100_000, seed: 7 });
  });
});

import { spawnSync } from 'node:child_process';
import { describe, it } from '@jest/globals';

/** `describe`, or a todo that says what is missing, so that nobody takes an unrun test for a passed one. */
export function describeWith(command: string, name: string, body: () => void): void {
  const found = spawnSync(command, ['--version']).error === undefined;
  if (found) {
    describe(name, body);
    return;
  }
  describe(name, () => {
    it.todo(`needs the program ${command}, which is not installed here`);
  });
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A temporary directory with the given files; removed at the end of the scope. */
export class TemporaryDirectory {
  readonly path = mkdtempSync(join(tmpdir(), 'ipm-module-'));

  constructor(files: Iterable<readonly [path: string, text: string]> = []) {
    for (const [path, text] of files) this.write(path, text);
  }

  write(path: string, text: string): string {
    const full = join(this.path, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  }

  file(path: string): string {
    return join(this.path, path);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

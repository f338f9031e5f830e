import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * A prepared data directory kept between runs: creating one from nothing takes seconds, unpacking one a fraction of
 * that. The key covers everything that the image depends on.
 */
export interface StartImage {
  read(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Another process may write the same file at the same time; either result is good. */
  write(bytes: Uint8Array): Promise<void>;
}

/** Where the published package has its image, so that a first start, as in CI, is as quick as any other. */
const PUBLISHED = join(__dirname, '..', '..', 'start-image');

/** @param directory default: the cache directory of the user */
export function startImage(directory: string | undefined, key: string): StartImage {
  const folder =
    directory ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'iris-devtools');
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 32);
  const name = `emulator-${hash}.tar.gz`;
  const file = join(folder, name);
  return {
    read: async () => (await bytesOf(join(PUBLISHED, name))) ?? bytesOf(file),
    write: async (bytes) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const temporary = `${file}.${process.pid}.${Date.now()}`;
      await writeFile(temporary, bytes, { mode: 0o600 });
      await rename(temporary, file);
    },
  };
}

async function bytesOf(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(file));
  } catch {
    return undefined;
  }
}

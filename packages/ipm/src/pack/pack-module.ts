import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { IrisError, isIrisError } from '@iris-devtools/core';
import { pack } from 'tar-stream';
import type { Pack } from 'tar-stream';
import type { Finding } from '../validate/finding.js';
import type { CollectOptions, ModuleFile } from './module-files.js';
import { collectFiles } from './module-files.js';
import { openModuleDirectory, validateModuleDirectory } from './module-directory.js';

export interface PackOptions extends CollectOptions {
  /** Where the archive goes; it has to end in `.tgz`, the only suffix that IPM recognises in every version. */
  readonly outputPath: string;
  /** Also packed: files and directories relative to the module's root. */
  readonly include?: readonly string[];
}

export interface PackResult {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Paths in the archive, in its order. */
  readonly files: readonly string[];
  /** What the validator has to say beyond errors. */
  readonly warnings: readonly Finding[];
}

/** No clock in the archive: 1980-01-01, which every tar and zip can hold. */
const FIXED_TIME = new Date('1980-01-01T00:00:00Z');

/**
 * Writes a module as `.tgz` that `zpm "load /x.tgz"` takes. The same files give the same bytes: order, times, owners and
 * modes are fixed (the compressed bytes may differ between versions of zlib). The archive appears under its name only
 * when it is complete.
 *
 * @throws IrisError `IRIS_VALIDATION` when the manifest has errors or files lead out of the module, `IRIS_LIMIT`, `IRIS_IO`.
 */
export async function packModule(root: string, options: PackOptions): Promise<PackResult> {
  if (!options.outputPath.endsWith('.tgz')) {
    throw new IrisError(`${options.outputPath} does not end in .tgz`, {
      code: 'IRIS_OPTION',
      hint: 'Name the archive NAME-VERSION.tgz; IPM does not unpack .tar.gz.',
    });
  }
  const directory = openModuleDirectory(root);
  const findings = validateModuleDirectory(directory);
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (errors[0] !== undefined || directory.name === undefined || directory.version === undefined) {
    throw new IrisError(`The module cannot be packed: ${errors[0]?.message ?? 'it has no name'}`, {
      code: 'IRIS_VALIDATION',
      hint: errors[0]?.fix ?? 'Run `iris-ipm validate`.',
      details: { findings: errors },
    });
  }
  const files = await collectFiles(root, [...directory.paths, ...(options.include ?? [])], options);
  const written = await writeArchive(files, options.outputPath);
  return {
    path: options.outputPath,
    name: directory.name,
    version: directory.version,
    ...written,
    files: files.map((file) => file.path),
    warnings: findings,
  };
}

async function writeArchive(
  files: readonly ModuleFile[],
  outputPath: string,
): Promise<{ sizeBytes: number; sha256: string }> {
  const partial = `${outputPath}.partial`;
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  const archive = pack();
  try {
    await Promise.all([
      pipeline(archive, createGzip({ level: 9 }), anonymousGzip(), measure, createWriteStream(partial)),
      addEntries(archive, files),
    ]);
    await rename(partial, outputPath);
  } catch (cause) {
    await rm(partial, { force: true });
    if (isIrisError(cause)) throw cause;
    throw new IrisError(`${outputPath} cannot be written`, {
      code: 'IRIS_IO',
      hint: 'Check the directory and the free space.',
      cause,
    });
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

async function addEntries(archive: Pack, files: readonly ModuleFile[]): Promise<void> {
  try {
    for (const file of files) {
      const entry = archive.entry({
        name: file.path,
        size: file.sizeBytes,
        mode: file.executable ? 0o755 : 0o644,
        mtime: FIXED_TIME,
        uid: 0,
        gid: 0,
        type: 'file',
      });
      await pipeline(createReadStream(file.absolutePath), entry);
    }
    archive.finalize();
  } catch (error) {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** Byte 9 of a gzip header names the operating system; 255 is "unknown". */
function anonymousGzip(): Transform {
  let offset = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (offset <= 9 && offset + chunk.length > 9) {
        chunk = Buffer.from(chunk);
        chunk[9 - offset] = 255;
      }
      offset += chunk.length;
      done(null, chunk);
    },
  });
}

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { IrisError, isIrisError } from '@iris-devtools/core';
import { extract } from 'tar-stream';
import { MAX_MANIFEST_CHARS } from '../validate/validate-manifest.js';
import { readManifestFacts } from './module-directory.js';

export interface PackedModule {
  readonly name: string;
  readonly version: string;
  readonly webApplications: readonly string[];
}

/** Entries that are looked at before giving up; an archive may be made to unpack endlessly. */
const MAX_ENTRIES = 100_000;
const MAX_UNPACKED_BYTES = 4 * 1024 ** 3;

/**
 * Name, version and web applications of a `.tgz`, from its top-most module.xml, as IPM finds it.
 * @throws IrisError `IRIS_VALIDATION` when it holds no module, `IRIS_LIMIT`, `IRIS_IO` when it cannot be read.
 */
export async function readPackedModule(path: string): Promise<PackedModule> {
  const source = await topManifest(path);
  const facts = source === undefined ? undefined : readManifestFacts(source);
  if (facts?.name === undefined || facts.version === undefined) {
    throw new IrisError(`${path} holds no module.xml with a name and a version`, {
      code: 'IRIS_VALIDATION',
      hint: 'Pack the module with `iris-ipm pack`.',
    });
  }
  return { name: facts.name, version: facts.version, webApplications: facts.webApplications };
}

async function topManifest(path: string): Promise<string | undefined> {
  let best: { readonly depth: number; readonly text: string } | undefined;
  const archive = extract();
  const reading = (async () => {
    let entries = 0;
    let unpackedBytes = 0;
    for await (const entry of archive) {
      const { name, size } = entry.header;
      entries += 1;
      unpackedBytes += size;
      if (entries > MAX_ENTRIES || unpackedBytes > MAX_UNPACKED_BYTES) {
        throw new IrisError(`${path} unpacks to more than a module`, { code: 'IRIS_LIMIT' });
      }
      const parts = name.split('/').filter((part) => part !== '' && part !== '.');
      const isManifest = parts.at(-1) === 'module.xml' && size <= MAX_MANIFEST_CHARS;
      if (isManifest && (best === undefined || parts.length < best.depth)) {
        const chunks: Buffer[] = [];
        for await (const chunk of entry) chunks.push(chunk as Buffer);
        best = { depth: parts.length, text: Buffer.concat(chunks).toString('utf8') };
      } else {
        entry.resume();
      }
    }
  })();
  try {
    await Promise.all([pipeline(createReadStream(path), createGunzip(), archive), reading]);
  } catch (cause) {
    if (isIrisError(cause)) throw cause;
    throw new IrisError(`${path} cannot be read as .tgz`, {
      code: 'IRIS_IO',
      hint: 'Check the path, and that the file is a gzip-compressed tar archive.',
      cause,
    });
  }
  return best?.text;
}

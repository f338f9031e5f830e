import { open, readdir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { IrisError } from '@iris-devtools/core';
import { expectOk, isTrue, newObject, queryRows, textOf } from '../objects/server-objects.js';
import type { ServerObject, ServerObjects } from '../objects/server-objects.js';
import { followBySize } from './follow-by-size.js';
import type { TargetFiles } from './target-files.js';

const FILE = '%Library.File';
const STREAM = '%Stream.FileBinary';
/** What %Stream.FileBinary reads at a time unless told otherwise, and far below the longest string. */
const CHUNK_BYTES = 32_000;
/** Days from 1840-12-31, where `$HOROLOG` begins, to 1970-01-01. */
const UNIX_EPOCH_DAY = 47_117;
const DAY_SECONDS = 86_400;

/**
 * Files of the server, through the classes %Library.File and %Stream.FileBinary: no shell, no access to its disks.
 * unverified on a live server: all of it over the native API; the methods are documented.
 */
export class ServerFiles implements TargetFiles {
  readonly #objects: ServerObjects;

  constructor(objects: ServerObjects) {
    this.#objects = objects;
  }

  async copyTo(localPath: string, path: string): Promise<void> {
    if (!(await stat(localPath)).isDirectory()) {
      await this.#chain(posix.dirname(path));
      await this.#upload(localPath, path);
      return;
    }
    await this.#chain(path);
    for (const entry of await readdir(localPath, { withFileTypes: true }))
      await this.copyTo(join(localPath, entry.name), `${path.replace(/\/+$/, '')}/${entry.name}`);
  }

  async makeDirectory(path: string): Promise<boolean> {
    await this.#chain(posix.dirname(path));
    if (await this.#test('CreateDirectory', path)) return true;
    if (await this.exists(path)) return false;
    throw unwritable(posix.dirname(path));
  }

  async write(path: string, text: string): Promise<void> {
    const stream = await this.#link(path);
    await this.#writeChunk(stream, path, Buffer.from(text, 'utf8'));
    await this.#save(stream, path);
  }

  async read(path: string, fromByte: number, maxBytes: number): Promise<Buffer> {
    const length = Math.min(maxBytes, (await this.sizeBytes(path)) - fromByte);
    if (length <= 0) return Buffer.alloc(0);
    const stream = await this.#link(path);
    if (!isTrue(await this.#objects.instanceMethod(stream, 'MoveTo', fromByte + 1))) return Buffer.alloc(0);
    const chunks: Buffer[] = [];
    for (let left = length; left > 0;) {
      const piece = textOf(await this.#objects.instanceMethod(stream, 'Read', Math.min(left, CHUNK_BYTES)));
      if (piece === '') break;
      chunks.push(Buffer.from(piece, 'latin1'));
      left -= piece.length;
    }
    return Buffer.concat(chunks);
  }

  async sizeBytes(path: string): Promise<number> {
    if (!(await this.exists(path))) return 0;
    return Math.max(0, Number(textOf(await this.#objects.classMethod(FILE, 'GetFileSize', path))));
  }

  async modifiedSeconds(path: string): Promise<number | undefined> {
    const horolog = textOf(await this.#objects.classMethod(FILE, 'GetFileDateModified', path, 1));
    const [day, seconds = '0'] = horolog.split(',');
    if (day === undefined || !/^\d+$/.test(day)) return undefined;
    return (Number(day) - UNIX_EPOCH_DAY) * DAY_SECONDS + Number(seconds);
  }

  exists(path: string): Promise<boolean> {
    return this.#test('Exists', path);
  }

  async list(directory: string): Promise<string[]> {
    if (!(await this.#test('DirectoryExists', directory))) return [];
    const rows = await queryRows(this.#objects, [FILE, 'FileSet'], ['Name'], [directory, '*', '', 1]);
    if (rows !== undefined) return rows.map(([name = '']) => posix.basename(name.replace(/\/+$/, '')));
    throw new IrisError(`IRIS does not list the directory ${directory}`, {
      code: 'IRIS_DEPLOY',
      hint: 'The query %Library.File:FileSet needs %Development:USE.',
    });
  }

  async rename(from: string, to: string): Promise<void> {
    if (!isTrue(await this.#objects.classMethod(FILE, 'Rename', from, to))) throw unwritable(to);
  }

  async remove(path: string): Promise<void> {
    if (path.split('/').filter((part) => part !== '').length < 2)
      throw new IrisError(`${path} is not removed`, {
        code: 'IRIS_OPTION',
        hint: 'Name a directory of its own.',
      });
    if (!(await this.exists(path))) return;
    const method = (await this.#test('DirectoryExists', path)) ? 'RemoveDirectoryTree' : 'Delete';
    if (!(await this.#test(method, path)) && (await this.exists(path))) throw unwritable(path);
  }

  follow(path: string, onText: (text: string) => void, signal: AbortSignal): Promise<void> {
    return followBySize(this, path, onText, signal);
  }

  async #chain(directory: string): Promise<void> {
    if (await this.#test('DirectoryExists', directory)) return;
    if (!(await this.#test('CreateDirectoryChain', directory))) throw unwritable(directory);
  }

  async #upload(localPath: string, path: string): Promise<void> {
    await using file = await open(localPath);
    if ((await file.stat()).size === 0) {
      // A stream that nothing is written to makes no file.
      if (!(await this.#test('Truncate', path))) throw unwritable(path);
      return;
    }
    const stream = await this.#link(path);
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) break;
      await this.#writeChunk(stream, path, buffer.subarray(0, bytesRead));
    }
    await this.#save(stream, path);
  }

  async #link(path: string): Promise<ServerObject> {
    const stream = await newObject(this.#objects, STREAM, '%New');
    await expectOk(this.#objects, path, await this.#objects.instanceMethod(stream, 'LinkToFile', path));
    return stream;
  }

  async #writeChunk(stream: ServerObject, path: string, bytes: Buffer): Promise<void> {
    // One character for each byte: the string of a binary stream.
    const text = bytes.toString('latin1');
    await expectOk(this.#objects, path, await this.#objects.instanceMethod(stream, 'Write', text));
  }

  async #save(stream: ServerObject, path: string): Promise<void> {
    await expectOk(this.#objects, path, await this.#objects.instanceMethod(stream, '%Save'));
  }

  async #test(method: string, path: string): Promise<boolean> {
    return isTrue(await this.#objects.classMethod(FILE, method, path));
  }
}

function unwritable(path: string): IrisError {
  return new IrisError(`${path} cannot be written to by IRIS`, {
    code: 'IRIS_DEPLOY',
    hint: 'Choose a directory that the operating system user of IRIS may write to.',
  });
}

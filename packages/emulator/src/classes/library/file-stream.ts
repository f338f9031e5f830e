import { randomBytes } from 'node:crypto';
import { appendFile, copyFile, open, rename, rm, stat } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { errorStatus, STATUS_CODE, STATUS_OK } from '../status.js';
import { serverObject } from '../class-definition.js';
import { textOf } from '../../globals/native-value.js';
import { accessiblePath } from './file-access.js';
import type { ClassDefinition } from '../class-definition.js';

interface FileStream {
  /** As the client named it; `''`: not linked yet. */
  filename: string;
  path: string | undefined;
  /** Written data waits here, beside the file, until it is saved. */
  pending: string | undefined;
  /** Of the next read, from 0. */
  position: number;
  appending: boolean;
}

const MAX_STREAM_BYTES = 1024 * 1024 * 1024;
/** The longest string of IRIS. */
const MAX_STRING_LENGTH = 3_641_144;
const DEFAULT_READ_LENGTH = 32_000;

/** %Stream.FileBinary: a file as bytes, read in place; what is written replaces the file when it is saved. */
export const fileBinaryStreamClass: ClassDefinition<FileStream> = {
  name: '%Stream.FileBinary',
  superclasses: ['%Stream.Object'],
  classMethods: {
    '%New': (process) =>
      process.objects.add(
        serverObject(fileBinaryStreamClass, {
          filename: '',
          path: undefined,
          pending: undefined,
          position: 0,
          appending: false,
        }),
      ),
  },
  methods: {
    LinkToFile: async (stream, process, args) => {
      const path = await accessiblePath(process, args.text(0));
      if (path === undefined) return fileError(args.text(0));
      await discard(stream);
      Object.assign(stream, { filename: args.text(0), path, position: 0, appending: false });
      return STATUS_OK;
    },
    Read: async (stream, _process, args) => {
      const { text, status } = await read(stream, args.integer(0, DEFAULT_READ_LENGTH));
      args.assign(0, text === '' ? -1 : text.length);
      args.assign(1, status);
      return text;
    },
    Write: (stream, _process, args) => write(stream, args.text(0)),
    Rewind: (stream) => {
      stream.position = 0;
      stream.appending = false;
      return STATUS_OK;
    },
    MoveTo: (stream, _process, args) => {
      const position = args.integer(0, 1) - 1;
      if (position < 0 || position > sizeOf(stream)) return 0;
      stream.position = position;
      return 1;
    },
    MoveToEnd: (stream) => {
      stream.appending = true;
      return STATUS_OK;
    },
    '%Save': async (stream) => {
      if (stream.pending === undefined || stream.path === undefined) return STATUS_OK;
      try {
        await rename(stream.pending, stream.path);
      } catch {
        return fileError(stream.filename);
      }
      stream.pending = undefined;
      stream.position = 0;
      return STATUS_OK;
    },
    '%IsNull': (stream) => Number(sizeOf(stream) === 0),
  },
  properties: {
    Filename: { get: (stream) => stream.filename },
    Size: { get: sizeOf },
    AtEnd: { get: (stream) => Number(stream.position >= sizeOf(stream)) },
  },
};

async function read(stream: FileStream, length: number): Promise<{ text: string; status: string | number }> {
  const path = stream.pending ?? stream.path;
  if (path === undefined) return { text: '', status: STATUS_OK };
  const buffer = Buffer.alloc(Math.max(0, Math.min(length, MAX_STRING_LENGTH)));
  try {
    await using file = await open(path);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, stream.position);
    stream.position += bytesRead;
    return { text: buffer.toString('latin1', 0, bytesRead), status: STATUS_OK };
  } catch {
    return { text: '', status: fileError(stream.filename) };
  }
}

async function write(stream: FileStream, data: string): Promise<string | number> {
  const { path } = stream;
  if (path === undefined) return errorStatus(STATUS_CODE.generalError, 'The stream is linked to no file');
  if (/[^\0-\u00ff]/.test(data))
    return errorStatus(STATUS_CODE.generalError, 'A binary stream takes characters up to $CHAR(255)');
  try {
    if (stream.pending === undefined) {
      const pending = `${path}.${randomBytes(6).toString('hex')}.stream`;
      const keepsOld = stream.appending && (await stat(path).catch(() => undefined)) !== undefined;
      await (keepsOld ? copyFile(path, pending) : (await open(pending, 'wx')).close());
      stream.pending = pending;
    }
    if (sizeOf(stream) + data.length > MAX_STREAM_BYTES)
      return errorStatus(STATUS_CODE.generalError, 'The stream is too long');
    await appendFile(stream.pending, Buffer.from(data, 'latin1'));
    return STATUS_OK;
  } catch {
    return fileError(stream.filename);
  }
}

async function discard(stream: FileStream): Promise<void> {
  if (stream.pending !== undefined) await rm(stream.pending, { force: true });
  stream.pending = undefined;
}

function sizeOf({ pending, path }: FileStream): number {
  const name = pending ?? path;
  return name === undefined ? 0 : (statSync(name, { throwIfNoEntry: false })?.size ?? 0);
}

function fileError(name: string): string {
  return errorStatus(STATUS_CODE.fileInaccessible, `Unable to open file: ${textOf(name)}`);
}

import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { IncomingMessage } from 'node:http';
import type { PythonResponse } from './python-process.js';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** A file below `directory`; `undefined` when there is none, or it lies elsewhere, or the method is no reading one. */
export async function staticFile(
  directory: string,
  request: IncomingMessage,
  path: string,
): Promise<PythonResponse | undefined> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  try {
    const root = await realpath(directory);
    const file = await realpath(join(root, decodeURIComponent(path)));
    if (!file.startsWith(`${root}${sep}`)) return undefined;
    const content = await readFile(file);
    const headers = [
      ['content-type', TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream'],
      ['content-length', String(content.length)],
    ] as const;
    const body = request.method === 'HEAD' ? '' : content.toString('base64');
    return { type: 'response', status: '200 OK', headers, body };
  } catch {
    return undefined;
  }
}

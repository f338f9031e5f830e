import type { IncomingMessage } from 'node:http';
import type { User } from '../users/user.js';
import type { PythonRequest } from './python-process.js';
import type { WebApplication } from './web-application.js';

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** A request as PEP 3333 describes it; `undefined` when its body is too long. */
export async function pythonRequest(
  request: IncomingMessage,
  url: URL,
  application: WebApplication,
  user: User,
  port: number,
): Promise<PythonRequest | undefined> {
  const body = await readBody(request);
  if (body === undefined) return undefined;
  const path = decodePath(url.pathname);
  const headers = headerPairs(request.rawHeaders);
  const environ: Record<string, string> = {
    REQUEST_METHOD: request.method ?? 'GET',
    SCRIPT_NAME: path.slice(0, application.prefix.length),
    PATH_INFO: path.slice(application.prefix.length),
    QUERY_STRING: url.search.slice(1),
    CONTENT_LENGTH: String(body.length),
    SERVER_NAME: 'localhost',
    SERVER_PORT: String(port),
    SERVER_PROTOCOL: `HTTP/${request.httpVersion}`,
    REMOTE_ADDR: request.socket.remoteAddress ?? '',
    REMOTE_USER: user.name,
  };
  for (const [name, value] of headers) addHeader(environ, name, value);
  return { environ, headers, body: body.toString('base64') };
}

/** WSGI wants the decoded bytes as Latin-1 characters. */
function decodePath(path: string): string {
  return path.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function headerPairs(raw: readonly string[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    pairs.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return pairs;
}

function addHeader(environ: Record<string, string>, name: string, value: string): void {
  // A name with an underscore would pass for another header; the password is not the application's business.
  if (!/^[A-Za-z0-9-]+$/.test(name) || name.toLowerCase() === 'authorization') return;
  const key = name.toUpperCase().replaceAll('-', '_');
  if (key === 'CONTENT_LENGTH') return;
  const variable = key === 'CONTENT_TYPE' ? key : `HTTP_${key}`;
  const earlier = environ[variable];
  environ[variable] = earlier === undefined ? value : `${earlier}${key === 'COOKIE' ? '; ' : ','}${value}`;
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IrisError, isIrisError } from '@iris-devtools/core';
import { CONTROL_ROUTES, ControlBody } from './control-routes.js';
import type { Emulator } from '../emulator.js';

/** The control port trusts whoever reaches it, so it is on this machine only. */
const HOST = '127.0.0.1';
const ALLOWED_HOST_NAMES = ['127.0.0.1', 'localhost'];
const MAX_BODY_BYTES = 64 * 1024;

export interface ControlServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * JSON over HTTP on loopback: `GET /status`, and a POST for each fault, e.g. `POST /faults/fail-statement {"sqlcode":-400}`.
 * @throws IrisError IRIS_IO when the port is taken
 */
export async function startControlServer(emulator: Emulator, port: number): Promise<ControlServer> {
  const server = createServer((request, response) => {
    void answer(emulator, request, response);
  });
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new IrisError(`Control port ${port} on ${HOST} cannot be listened on`, {
          code: 'IRIS_IO',
          cause,
          hint: 'Choose another port with --control PORT, 0 for any free one.',
        }),
      );
    });
    server.listen(port, HOST, resolve);
  });
}

async function answer(emulator: Emulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    expectLocalCaller(request);
    const result = await route(emulator, request);
    send(response, 200, result ?? { ok: true });
  } catch (error) {
    if (!isIrisError(error)) send(response, 500, { error: 'unexpected failure' });
    else send(response, error.code === 'IRIS_STATE' ? 409 : 400, error.toJSON());
  }
}

async function route(emulator: Emulator, request: IncomingMessage): Promise<unknown> {
  const path = request.url ?? '/';
  if (path === '/status' && request.method === 'GET') return status(emulator);
  const found = Object.hasOwn(CONTROL_ROUTES, path) ? CONTROL_ROUTES[path] : undefined;
  if (found === undefined || request.method !== 'POST') {
    throw new IrisError(`${request.method ?? ''} ${path} does not exist`, {
      code: 'IRIS_OPTION',
      hint: `GET /status, or POST ${Object.keys(CONTROL_ROUTES).join(', ')}.`,
    });
  }
  const body = new ControlBody(await readBody(request));
  body.expectOnly(found.fields);
  return found.run(emulator, body);
}

function status(emulator: Emulator) {
  const { host, port, version, connectionCount } = emulator;
  return { host, port, version, connectionCount };
}

/** A page in a browser must not reach the port: such requests carry an Origin, or another name for this machine. */
function expectLocalCaller(request: IncomingMessage): void {
  const hostName = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (request.headers.origin !== undefined || !ALLOWED_HOST_NAMES.includes(hostName)) {
    throw new IrisError('The control port answers local tools only', { code: 'IRIS_OPTION' });
  }
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new IrisError('The body is too long', { code: 'IRIS_LIMIT' });
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') return {};
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notAnObject();
  return value as Readonly<Record<string, unknown>>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw notAnObject();
  }
}

function notAnObject(): IrisError {
  return new IrisError('The body must be a JSON object', { code: 'IRIS_OPTION' });
}

function send(response: ServerResponse, statusCode: number, body: unknown): void {
  response.writeHead(statusCode, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

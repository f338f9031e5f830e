import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IrisError, isIrisError } from '@iris-devtools/core';
import { IrisProcess } from '../server/iris-process.js';
import { ApplicationPool } from './application-pool.js';
import { irisCalls } from '../python/iris-calls.js';
import { pythonRequest } from './python-request.js';
import { staticFile } from './static-file.js';
import { findApplication, rolesWithin, webApplication } from './web-application.js';
import type { Instance } from '../server/instance.js';
import type { TextLog } from '../server/text-log.js';
import type { User } from '../users/user.js';
import type { PythonApplication, PythonResponse } from './python-process.js';
import type { WebApplication } from './web-application.js';

const UNKNOWN_USER = 'UnknownUser';

export interface WebServerOptions {
  readonly host: string;
  readonly port: number;
  /** The interpreter, e.g. `python3`. */
  readonly python: string;
  readonly log: TextLog;
}

/** A refusal with its HTTP status. */
class Refusal {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(statusCode: number, headers: Readonly<Record<string, string>> = {}) {
    this.statusCode = statusCode;
    this.headers = headers;
  }
}

/** Serves the WSGI and ASGI applications of an instance under their URLs, as IRIS's web server does on port 52773. */
export class WebServer {
  readonly #server: Server;
  readonly #instance: Instance;
  readonly #options: WebServerOptions;
  readonly #pools = new Map<string, ApplicationPool>();

  private constructor(instance: Instance, options: WebServerOptions) {
    this.#instance = instance;
    this.#options = options;
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
    instance.security.onApplicationChange((name) => {
      void this.#forget(name);
    });
  }

  /** @throws IrisError IRIS_IO when the port is taken */
  static async open(instance: Instance, options: WebServerOptions): Promise<WebServer> {
    const web = new WebServer(instance, options);
    await new Promise<void>((resolve, reject) => {
      web.#server.once('error', (cause) => {
        reject(
          new IrisError(`Web port ${options.port} on ${options.host} cannot be listened on`, {
            code: 'IRIS_IO',
            cause,
            hint: 'Choose another one with the option "webPort" (on the command line: --web PORT), 0 for any free one.',
          }),
        );
      });
      web.#server.listen(options.port, options.host, resolve);
    });
    return web;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
    this.#pools.clear();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const result = await this.#serve(request).catch((error: unknown) => {
      this.#logFailure(isIrisError(error) ? `${error.message}. ${error.hint ?? ''}` : String(error));
      return new Refusal(500);
    });
    const answer = result instanceof Refusal ? result : this.#send(response, result);
    if (answer instanceof Refusal) {
      response.writeHead(answer.statusCode, { 'content-length': 0, ...answer.headers }).end();
    }
  }

  /** Sends what the application answered, unless that is no HTTP: a bad status, or characters that no header may hold. */
  #send(response: ServerResponse, { status, headers, body }: PythonResponse): Refusal | undefined {
    try {
      response.writeHead(Number.parseInt(status, 10), headers.flat());
    } catch (error) {
      this.#logFailure(`The response is not valid: ${String(error)}`);
      return new Refusal(500);
    }
    response.end(Buffer.from(body, 'base64'));
    return undefined;
  }

  async #serve(request: IncomingMessage): Promise<Refusal | PythonResponse> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const application = this.#find(url.pathname);
    if (application === undefined) return new Refusal(404);
    const { python, files } = application;
    if (python === undefined && files === undefined) return new Refusal(404);
    // unverified on a live server: the status for an application that is switched off.
    if (!application.enabled) return new Refusal(403);
    const user = await this.#authenticate(application, request);
    if (user instanceof Refusal) return user;
    if (python === undefined) {
      return (
        (await staticFile(files ?? '', request, url.pathname.slice(application.prefix.length))) ??
        new Refusal(404)
      );
    }
    const message = await pythonRequest(request, url, application, user, this.port);
    if (message === undefined) return new Refusal(413);
    const process = await IrisProcess.start(this.#instance, user, application.namespace);
    try {
      const pool = this.#pool(application.prefix, python);
      const answer = await pool.run(message, irisCalls(process));
      if (answer.type === 'response') return answer;
      this.#logFailure(answer.traceback);
      return new Refusal(500);
    } finally {
      await process.close();
    }
  }

  #find(path: string): WebApplication | undefined {
    const applications = this.#instance.security.applications.map(([name, record]) =>
      webApplication(name, record),
    );
    return findApplication(applications, path);
  }

  /** The user with the roles of the application, or why nobody may enter. */
  async #authenticate(application: WebApplication, request: IncomingMessage): Promise<User | Refusal> {
    const challenge = new Refusal(401, { 'www-authenticate': 'Basic realm="IRIS emulator"' });
    const credentials = basicCredentials(request.headers.authorization);
    if (credentials !== undefined && application.allowsPassword) {
      const login = await this.#instance.authenticator.login(credentials.user, credentials.password);
      return login.ok ? { ...login.user, roles: rolesWithin(application, login.user) } : challenge;
    }
    if (!application.allowsUnauthenticated) return challenge;
    const unknown = this.#instance.users.get(UNKNOWN_USER);
    if (unknown === undefined || !unknown.enabled) return new Refusal(403);
    const roles = rolesWithin(application, unknown);
    // IRIS refuses an unauthenticated application that gives its users no role (seen on 2025.3).
    return roles.length === 0 ? new Refusal(403) : { ...unknown, roles };
  }

  #pool(prefix: string, application: PythonApplication): ApplicationPool {
    const key = prefix.toLowerCase();
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const pool = new ApplicationPool(this.#options.python, application, (output) => {
      this.#options.log.append(output.trimEnd());
    });
    this.#pools.set(key, pool);
    return pool;
  }

  async #forget(name: string): Promise<void> {
    const key = name.replace(/\/+$/, '').toLowerCase();
    const pool = this.#pools.get(key);
    this.#pools.delete(key);
    await pool?.stop();
  }

  #logFailure(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.#options.log.append(line);
    this.#instance.messagesLog.write(0, 2, 'WSGI.Error', 'A Python application failed; see WSGI.log');
  }
}

function basicCredentials(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

import { buildManifest } from '../manifest/build-manifest.js';
import { expressions } from '../manifest/expressions.js';
import { asgiApplication, wsgiApplication } from '../manifest/wsgi-application.js';
import { deriveNames } from './names.js';
import type { GeneratedFiles } from './tcp-service-module.js';
import { tcpServiceModule } from './tcp-service-module.js';

export const MODULE_KINDS = ['wsgi', 'asgi', 'tcp', 'classes'] as const;

export type ModuleKind = (typeof MODULE_KINDS)[number];

export interface TemplateOptions {
  readonly kind: ModuleKind;
  readonly name: string;
  /** Default `1.0.0`. */
  readonly version?: string;
  /** For web applications. Default `/` and the name. */
  readonly urlPrefix?: string;
  /** For TCP servers. Default 7000. */
  readonly port?: number;
}

/** A small module that can be installed as it is: a starting point for one's own. */
export function moduleTemplate(options: TemplateOptions): GeneratedFiles {
  switch (options.kind) {
    case 'wsgi':
    case 'asgi':
      return pythonWebModule(options, options.kind);
    case 'tcp':
      return tcpModule(options);
    case 'classes':
      return classesModule(options);
  }
}

function pythonWebModule(options: TemplateOptions, type: 'wsgi' | 'asgi'): GeneratedFiles {
  const { pythonName } = deriveNames(options.name);
  const location = `${expressions.libDir}${options.name}/`;
  // IRIS's web processes are shared, so two applications must not have modules of one name.
  const pythonModule = `${pythonName}_${type}`;
  const application = (type === 'wsgi' ? wsgiApplication : asgiApplication)({
    urlPrefix: options.urlPrefix ?? `/${options.name}`,
    location,
    app: `${pythonModule}:app`,
    authentication: ['password'],
    matchRoles: `:${expressions.globalsDbRole}`,
  });
  const files = new Map([
    [
      'module.xml',
      buildManifest({
        name: options.name,
        version: options.version ?? '1.0.0',
        systemRequirements: { iris: type === 'wsgi' ? '>=2024.1' : '>=2024.2' },
        sourcesRoot: 'src',
        resources: [{ kind: 'file-copy', source: '/src/python/', target: location }, application],
      }),
    ],
    [`src/python/${pythonModule}.py`, type === 'wsgi' ? WSGI_SOURCE : ASGI_SOURCE],
  ]);
  if (type === 'asgi') files.set('requirements.txt', 'a2wsgi\n');
  return files;
}

function tcpModule(options: TemplateOptions): GeneratedFiles {
  const { classPackage, pythonName } = deriveNames(options.name);
  const files = new Map(
    tcpServiceModule({
      name: options.name,
      version: options.version ?? '1.0.0',
      pythonSource: `/src/python/${pythonName}/`,
      service: {
        className: `${classPackage}.Service`,
        serviceName: options.name,
        pythonModule: `${pythonName}.server`,
        parameters: [{ name: 'Port', default: String(options.port ?? 7000) }],
        args: [{ parameter: 'Port' }],
      },
      extra: { resources: [{ kind: 'cpf', name: 'callin.cpf' }] },
    }),
  );
  files.set('src/cpf/callin.cpf', CALLIN_CPF);
  files.set(`src/python/${pythonName}/__init__.py`, '');
  files.set(`src/python/${pythonName}/server.py`, SERVER_SOURCE);
  return files;
}

function classesModule(options: TemplateOptions): GeneratedFiles {
  const { classPackage } = deriveNames(options.name);
  return new Map([
    [
      'module.xml',
      buildManifest({
        name: options.name,
        version: options.version ?? '1.0.0',
        sourcesRoot: 'src',
        resources: [{ kind: 'document', name: `${classPackage}.PKG` }],
      }),
    ],
    [
      `src/cls/${classPackage}/Hello.cls`,
      [
        `Class ${classPackage}.Hello Extends %RegisteredObject`,
        '{',
        '',
        'ClassMethod Greet(name As %String = "world") As %String',
        '{',
        '    Return "hello "_name',
        '}',
        '',
        '}',
        '',
      ].join('\n'),
    ],
  ]);
}

const WSGI_SOURCE = `import json


def app(environ, start_response):
    body = json.dumps({"path": environ.get("PATH_INFO", "")}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
`;

const ASGI_SOURCE = `async def app(scope, receive, send):
    assert scope["type"] == "http"
    body = b"hello from ASGI"
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
`;

const CALLIN_CPF = `[Actions]
ModifyService:Name=%Service_CallIn,Enabled=1,AutheEnabled=48
`;

const SERVER_SOURCE = `"""Answers every line with the same line. Replace it with a server of your own."""

import asyncio
import signal
import sys


async def serve_client(reader, writer):
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()


async def main(port):
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    server = await asyncio.start_server(serve_client, "127.0.0.1", port)
    async with server:
        print("listening on", server.sockets[0].getsockname()[1], flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
`;

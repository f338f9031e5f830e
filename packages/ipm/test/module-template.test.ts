import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { LocalTarget, moduleTemplate, tcpServiceModule } from '@iris-devtools/ipm';
import { parseClass } from './support/objectscript-structure.js';
import { codeOf } from './support/errors.js';
import { TemporaryDirectory } from './support/module-directory.js';

const local = new LocalTarget();

/** The first whole line of a stream; a line can arrive in pieces. */
async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  const [line] = (await once(createInterface({ input: stream }), 'line')) as [string];
  return line;
}

describe('moduleTemplate', () => {
  it('tcp: a server that real Python runs, that answers, and that ends when it is told', async () => {
    using module = new TemporaryDirectory(moduleTemplate({ kind: 'tcp', name: 'echo-line' }));
    const server = spawn('python3', ['-m', 'echo_line.server', '0'], { cwd: module.file('src/python') });
    try {
      const exited = once(server, 'exit');
      const port = Number(/listening on (\d+)/.exec(await firstLine(server.stdout))?.[1]);
      const socket = connect(port, '127.0.0.1');
      socket.write('hello\n');
      expect(await firstLine(socket)).toBe('hello');
      socket.destroy();
      server.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    } finally {
      server.kill('SIGKILL');
    }
  });

  it('wsgi: a callable that real Python imports and calls', async () => {
    using module = new TemporaryDirectory(moduleTemplate({ kind: 'wsgi', name: 'my-app' }));
    const script = [
      'import io, wsgiref.validate, my_app_wsgi',
      'environ = {}',
      'wsgiref.util.setup_testing_defaults(environ)',
      'environ.update(PATH_INFO="/a\\"b", SCRIPT_NAME="")',
      'response = wsgiref.validate.validator(my_app_wsgi.app)(environ, lambda status, headers: print(status))',
      'print(b"".join(response).decode())',
      'response.close()',
    ].join('\n');
    const { stdout } = await local.run(['python3', '-c', `import wsgiref.util\n${script}`], {
      cwd: module.file('src/python'),
    });
    expect(stdout).toBe('200 OK\n{"path": "/a\\"b"}\n');
  });

  it('asgi: names a2wsgi, which IRIS needs for it', () => {
    const files = moduleTemplate({ kind: 'asgi', name: 'my-app' });
    expect(files.get('requirements.txt')).toBe('a2wsgi\n');
    expect(files.get('module.xml')).toContain('WSGIType="2"');
  });

  it('classes: a class whose package is the name of the module', () => {
    const files = moduleTemplate({ kind: 'classes', name: 'order-desk' });
    expect(parseClass(files.get('src/cls/OrderDesk/Hello.cls') ?? '').name).toBe('OrderDesk.Hello');
  });

  it.each(['', '123', '---'])('refuses the name %j', (name) => {
    expect(codeOf(() => moduleTemplate({ kind: 'classes', name }))).toBe('IRIS_OPTION');
  });
});

describe('tcpServiceModule', () => {
  const files = tcpServiceModule({
    name: 'iris-pgwire',
    version: '1.0.0',
    pythonSource: '/src/python/iris_pgwire/',
    service: {
      className: 'IrisPGWire.Service',
      serviceName: 'iris-pgwire',
      pythonModule: 'iris_pgwire.server',
      parameters: [
        { name: 'Port', default: '5432' },
        { name: 'Host', default: '127.0.0.1' },
      ],
      environment: { PGWIRE_PORT: { parameter: 'Port' }, PGWIRE_HOST: { parameter: 'Host' } },
    },
  });

  it('passes the parameters of the module to Start, last in Activate, and stops first in Clean', () => {
    const manifest = files.get('module.xml') ?? '';
    const invokes = manifest.slice(manifest.indexOf('<Invoke')).replaceAll(/\s*\n\s*/g, '');
    expect(invokes).toMatch(
      /^<Invoke Class="IrisPGWire\.Service" Method="Start" Phase="Activate" When="After" CheckStatus="true"><Arg>\$\{Port\}<\/Arg><Arg>\$\{Host\}<\/Arg><\/Invoke><Invoke Class="IrisPGWire\.Service" Method="Stop" Phase="Clean" When="Before" CheckStatus="true"\/><\/Module>/,
    );
    expect(manifest).toContain('<Default Name="Port" Value="5432"/>');
  });

  it('puts the copied package on the path of the server', () => {
    const service = files.get('src/cls/IrisPGWire/Service.cls') ?? '';
    const start = parseClass(service).methods.find(({ name }) => name === 'Start');
    expect(start?.parameters).toEqual(['Port As %String = ""', 'Host As %String = ""']);
    expect(start?.lines.map(({ strings }) => strings)).toContainEqual(['PYTHONPATH=', 'iris-pgwire/python/']);
    expect(files.get('module.xml')).toContain('Target="${mgrdir}iris-pgwire/python/iris_pgwire/"');
  });
});

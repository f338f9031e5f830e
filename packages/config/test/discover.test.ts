import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { STARTED_INSTANCE_VARIABLE } from '@iris-devtools/core';
import fc from 'fast-check';
import {
  configFile,
  containers,
  discoverConfig,
  dotenv,
  environment,
  formatIrisUrl,
  licenceKey,
  localInstances,
  locateServer,
  parseIrisUrl,
  processTree,
  type ContainerSummary,
  type DiscoverOptions,
  type RawSettings,
  type Source,
} from '@iris-devtools/config';

function directory(files: Record<string, string> = {}): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'iris-config-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(dir, name), text);
  return dir;
}

/** Only what a test gives is looked at: not this machine's containers, not its environment. */
const discover = (options: DiscoverOptions) =>
  discoverConfig({ env: {}, cwd: directory(), sources: [], ...options });

const container = (name: string, ports: ContainerSummary['Ports'], labels = {}): ContainerSummary => ({
  Id: name.padEnd(64, '0'),
  Names: [`/${name}`],
  Labels: labels,
  ...(ports === undefined ? {} : { Ports: ports }),
});
const published = (port: number, ip = '0.0.0.0') => ({
  IP: ip,
  PrivatePort: 1972,
  PublicPort: port,
  Type: 'tcp',
});
const engine = (...list: ContainerSummary[]) => containers(() => Promise.resolve(list));

describe('precedence', () => {
  const cwd = directory({
    '.env': 'IRIS_NAMESPACE=DOTENV\nIRIS_PORT=3\n',
    'iris-devtools.config.json': JSON.stringify({
      namespace: 'FILE',
      port: 4,
      user: 'file',
      host: 'file.example',
    }),
  });
  const sources = [environment, dotenv, configFile];

  it('takes each value from the best source and says which', async () => {
    const config = await discover({
      cwd,
      sources,
      env: { IRIS_PORT: '2', IRIS_PASSWORD: 'top secret' },
      settings: { connectTimeoutMs: 5 },
    });
    expect(config.explain()).toEqual([
      { option: 'host', value: 'file.example', source: 'config file iris-devtools.config.json' },
      { option: 'port', value: 2, source: 'environment variable IRIS_PORT' },
      { option: 'namespace', value: 'DOTENV', source: '.env variable IRIS_NAMESPACE' },
      { option: 'user', value: 'file', source: 'config file iris-devtools.config.json' },
      { option: 'password', value: '[redacted]', source: 'environment variable IRIS_PASSWORD' },
      { option: 'driver', value: 'auto', source: 'default' },
      { option: 'sharedMemory', value: false, source: 'default' },
      { option: 'irispythonProgram', value: 'irispython', source: 'default' },
      { option: 'tls', value: false, source: 'default' },
      { option: 'connectTimeoutMs', value: 5, source: 'explicit option' },
      { option: 'queryTimeoutMs', value: 0, source: 'default' },
      { option: 'recovery', value: 'off', source: 'default' },
    ]);
  });

  it('shows the password nowhere', async () => {
    const config = await discover({ env: { IRIS_URL: 'iris://u:hunter2@h:1/N' }, sources: [environment] });
    expect(config.password?.reveal()).toBe('hunter2');
    expect([String(config), JSON.stringify(config), inspect(config, { depth: 9 })].join()).not.toContain(
      'hunter2',
    );
  });

  it('lets one variable beat its part of IRIS_URL', async () => {
    const env = { IRIS_URL: 'iris://u:p@[::1]:51773/%25SYS?queryTimeoutMs=7', IRIS_USERNAME: 'other' };
    const { settings } = await discover({ env, sources: [environment] });
    expect(settings).toMatchObject({
      host: '::1',
      port: 51773,
      namespace: '%SYS',
      user: 'other',
      queryTimeoutMs: 7,
    });
  });
});

describe('config files', () => {
  it.each([
    ['iris-devtools.config.yaml', 'namespace: Y\n'],
    ['iris-devtools.config.cjs', 'module.exports = { namespace: "Y" };'],
    ['iris-devtools.config.js', 'module.exports = { namespace: "Y" };'],
    ['iris-devtools.config.ts', 'const namespace: string = "Y";\nexport default { namespace };'],
    ['package.json', '{"iris-devtools":{"namespace":"Y"}}'],
  ])('reads %s', async (name, text) => {
    const { settings } = await discover({ cwd: directory({ [name]: text }), sources: [configFile] });
    expect(settings.namespace).toBe('Y');
  });

  it('applies the profile asked for, and names the others when it is missing', async () => {
    const cwd = directory({
      'iris-devtools.config.json': JSON.stringify({
        namespace: 'BASE',
        user: 'base',
        profiles: { test: { url: 'iris://h:9/TEST' } },
      }),
    });
    const { settings } = await discover({ cwd, profile: 'test', sources: [configFile] });
    expect(settings).toMatchObject({ host: 'h', port: 9, namespace: 'TEST', user: 'base' });
    await expect(discover({ cwd, profile: 'prod', sources: [configFile] })).rejects.toMatchObject({
      code: 'IRIS_OPTION',
      hint: 'Profiles there: test.',
    });
  });
});

describe('containers', () => {
  it('finds the published port of 1972, whatever the port and address family', async () => {
    const source = engine(
      container('web', [{ PrivatePort: 80, PublicPort: 80, Type: 'tcp' }]),
      container('db', [published(32768, '::')]),
    );
    const config = await discover({ sources: [source] });
    expect(config.settings).toMatchObject({ host: '::1', port: 32768 });
    expect(config.sourceOf('port')).toBe('container inspection (db)');
  });

  it('prefers the compose project of this directory', async () => {
    const cwd = directory();
    const label = { 'com.docker.compose.project.working_dir': cwd };
    const source = engine(container('other', [published(1)]), container('mine', [published(2)], label));
    expect((await discover({ cwd, sources: [source] })).settings.port).toBe(2);
  });

  it('refuses to guess between two and lists them', async () => {
    const source = engine(container('one', [published(1)]), container('two', [published(2)]));
    await expect(discover({ sources: [source] })).rejects.toMatchObject({
      code: 'IRIS_OPTION',
      hint: expect.stringContaining('one (127.0.0.1:1), two (127.0.0.1:2)'),
    });
  });

  it('compares names exactly', async () => {
    const source = engine(container('iris_db_2', [published(1)]), container('iris_db', [published(2)]));
    const named = await discover({ settings: { container: 'iris_db' }, sources: [source] });
    expect(named.settings.port).toBe(2);
    await expect(discover({ settings: { container: 'iris' }, sources: [source] })).rejects.toMatchObject({
      hint: expect.stringContaining('iris_db_2, iris_db'),
    });
  });

  it('is not asked when the server is known', async () => {
    const source = engine(container('one', [published(1)]), container('two', [published(2)]));
    const env = { IRIS_HOST: 'db.example' };
    expect((await discover({ env, sources: [environment, source] })).settings.host).toBe('db.example');
  });
});

describe('instances', () => {
  const line = (name: string, status: string, port: number) =>
    `${name}^/usr/irissys^2025.1.0.223.0^${status}^iris.cpf^${String(port)}^52773^0^ok^IRIS^^^/mgr`;
  const qlist = (...lines: string[]) => localInstances(() => Promise.resolve(lines.join('\n')));

  it('takes the one running instance', async () => {
    const sources = [qlist(line('A', 'down, last used ...', 51772), line('B', 'running, since Fri', 51773))];
    const config = await discover({ sources });
    expect(config.settings).toMatchObject({ host: '127.0.0.1', port: 51773 });
    expect(config.sourceOf('port')).toBe('local instance B (iris qlist)');
  });

  it('refuses to guess between two', async () => {
    const sources = [qlist(line('A', 'running, since', 1), line('B', 'running, since', 2))];
    await expect(discover({ sources })).rejects.toMatchObject({
      hint: expect.stringContaining('A (1), B (2)'),
    });
  });

  it('takes the instance started in this process tree last', async () => {
    const env = { [STARTED_INSTANCE_VARIABLE]: 'iris://u:p@127.0.0.1:4711/USER' };
    expect((await discover({ env, sources: [processTree] })).settings.port).toBe(4711);
  });
});

describe('bad input', () => {
  it.each<[DiscoverOptions, string]>([
    [{ settings: { port: 'abc' } }, 'The value "abc" of port (from explicit option) cannot be used'],
    [{ settings: { port: 70_000 } }, 'The value 70000 of port (from explicit option) cannot be used'],
    [
      { env: { IRIS_DRIVER: 'jdbc' }, sources: [environment] },
      'The value "jdbc" of driver (from environment variable IRIS_DRIVER) cannot be used',
    ],
    [{ url: 'iris://h:1/N?colour=red' }, 'There is no setting "colour" (from the explicit URL)'],
    [{ url: 'postgres://h/N' }, 'The connection URL (from the explicit URL) is not an iris:// URL'],
    [
      { settings: { password: 'a', passwordFile: 'b' } },
      'The password is given twice: password (from explicit option) and passwordFile (from explicit option)',
    ],
  ])('%j', async (options, message) => {
    await expect(discover(options)).rejects.toMatchObject({ code: 'IRIS_OPTION', message });
  });

  it('names the source and the known settings of an unknown key', async () => {
    const cwd = directory({ 'iris-devtools.config.json': '{"prot": 1}' });
    await expect(discover({ cwd, sources: [configFile] })).rejects.toMatchObject({
      message: 'There is no setting "prot" (from iris-devtools.config.json)',
      hint: expect.stringContaining('port'),
    });
  });
});

describe('config files that cannot be used', () => {
  it.each([
    [
      'iris-devtools.config.yaml',
      'password: [hunter2',
      'iris-devtools.config.yaml cannot be loaded (YAMLException',
    ],
    ['iris-devtools.config.json', '{"password": "hunter2"', 'iris-devtools.config.json cannot be loaded'],
    ['iris-devtools.config.cjs', 'throw new Error("hunter2")', 'cannot be loaded (Error'],
    ['iris-devtools.config.json', '{"url": 5}', 'The value of url (from iris-devtools.config.json)'],
    [
      'iris-devtools.config.json',
      '{"profiles": 7}',
      'The value of profiles (from iris-devtools.config.json)',
    ],
    [
      'iris-devtools.config.json',
      '{"container": "c", "host": "h"}',
      'Two settings name the server: container',
    ],
    ['iris-devtools.config.json', '{"port": true}', 'The value true of port (from config file'],
  ])('%s with %s', async (file, content, message) => {
    const cwd = directory({ [file]: content });
    const failure: unknown = await discover({ cwd, sources: [configFile] }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'IRIS_OPTION', message: expect.stringContaining(message) });
    expect(inspect(failure, { depth: 9 })).not.toContain('hunter2');
  });
});

describe('environment names of other tools', () => {
  it('IRIS_TIMEOUT is in seconds, and gives way to the name of its own', async () => {
    const config = await discover({ env: { IRIS_TIMEOUT: '2.5' }, sources: [environment] });
    expect(config.settings.connectTimeoutMs).toBe(2500);
    const both = { IRIS_TIMEOUT: '2.5', IRIS_CONNECT_TIMEOUT_MS: '7' };
    expect((await discover({ env: both, sources: [environment] })).settings.connectTimeoutMs).toBe(7);
    await expect(discover({ env: { IRIS_TIMEOUT: 'soon' }, sources: [environment] })).rejects.toMatchObject({
      message: 'The value "soon" of connectTimeoutMs (from environment variable IRIS_TIMEOUT) cannot be used',
    });
  });

  it('a host of a better place wins over a container of a worse one', async () => {
    const place = (settings: RawSettings): Source => ({
      name: 'test',
      findsServer: false,
      find: () => Promise.resolve({ settings, describe: () => 'test' }),
    });
    const host = await discover({ sources: [place({ host: 'h' }), place({ container: 'c' })] });
    expect(host.settings).toMatchObject({ host: 'h' });
    expect(host.settings.container).toBeUndefined();
    const running = engine(container('c', [published(5, '::')]));
    const named = await discover({
      sources: [place({ container: 'c' }), place({ host: 'h', port: 9 }), running],
    });
    expect(named.settings).toMatchObject({ host: '::1', port: 5, container: 'c' });
  });
});

describe('where a server of this machine runs', () => {
  const line = 'DEV^/opt/dev^2024.3^running, since Sat Nov 28 12:00:00 2026^iris.cpf^51773^52773^0^ok^IRIS';
  const id = 'a'.repeat(64);
  const at = (host: string, port: number, ...list: ContainerSummary[]) =>
    locateServer(
      { host, port },
      { list: () => Promise.resolve(list), qlist: () => Promise.resolve(line) },
    ).then((place) => place?.name);
  const iris = {
    ...container('iris', [published(5), published(6, '::'), published(7, '127.0.0.2')]),
    Id: id,
  };

  it('is the one container or instance that serves exactly this address and port', async () => {
    expect(await at('127.0.0.1', 5, iris)).toBe('container iris');
    expect(await at('localhost', 6, iris)).toBe('container iris');
    expect(await at('127.0.0.2', 7, iris)).toBe('container iris');
    expect(await at('localhost', 51773, iris)).toBe('local instance DEV');
    for (const [host, port] of [
      ['127.0.0.1', 6],
      ['127.0.0.1', 7],
      ['::1', 5],
      ['127.0.0.1', 8],
    ] as const)
      expect(await at(host, port, iris)).toBeUndefined();
  });

  it('is nobody when two could be it', async () => {
    const other = { ...container('other', [published(51773)]), Id: id };
    expect(await at('127.0.0.1', 51773, other)).toBeUndefined();
    expect(await at('localhost', 5, iris, { ...iris, Names: ['/twin'] })).toBeUndefined();
  });
});

describe('the licence key file', () => {
  it('is found in the working directory, then in the home directory, and must be a file', async () => {
    const cwd = directory();
    const home = directory();
    const look = (env: Readonly<Record<string, string>> = {}) =>
      discover({ cwd, env: { HOME: home, ...env }, sources: [environment, licenceKey] });
    expect((await look()).settings.licenseKeyFile).toBeUndefined();
    writeFileSync(path.join(home, 'iris.key'), 'key');
    expect((await look()).sourceOf('licenseKeyFile')).toBe('iris.key in the home directory');
    writeFileSync(path.join(cwd, 'iris.key'), 'key');
    expect((await look()).settings.licenseKeyFile).toBe(path.join(cwd, 'iris.key'));
    await expect(look({ IRIS_LICENSE_KEY: home })).rejects.toMatchObject({
      message: expect.stringContaining('IRIS_LICENSE_KEY) is no file'),
    });
    const text = { IRIS_LICENSE_KEY: '[ConfigFile]\nFileType=InterSystems License' };
    await expect(look(text)).rejects.toMatchObject({
      message: expect.stringContaining('holds the text of a key'),
    });
  });
});

describe('passwords', () => {
  const passwords = fc.string({ unit: 'binary', minLength: 1, maxLength: 128 });

  it('survive the URL', () => {
    fc.assert(
      fc.property(passwords, fc.string({ unit: 'binary', minLength: 1, maxLength: 32 }), (password, user) => {
        const url = formatIrisUrl({ host: '::1', port: 1972, namespace: '%SYS', user, password });
        expect(parseIrisUrl(url)).toEqual({ host: '::1', port: '1972', namespace: '%SYS', user, password });
      }),
    );
  });

  it('survive the environment', async () => {
    await fc.assert(
      fc.asyncProperty(passwords, async (password) => {
        const config = await discover({ env: { IRIS_PASSWORD: password }, sources: [environment] });
        expect(config.password?.reveal()).toBe(password);
      }),
    );
  });

  it('come from a file, less one line end', async () => {
    const cwd = directory({ secret: ' p"w\n\n' });
    const config = await discover({ cwd, settings: { passwordFile: 'secret' } });
    expect(config.password?.reveal()).toBe(' p"w\n');
  });

  it('come from a command that no shell sees', async () => {
    const command = `'${process.execPath}' -e 'process.stdout.write(process.argv[1])' "a; echo \\"$HOME\\" b"`;
    const config = await discover({ settings: { passwordCommand: command } });
    expect(config.password?.reveal()).toBe('a; echo "$HOME" b');
    await expect(
      discover({ settings: { passwordCommand: `'${process.execPath}' -e 'process.exit(3)'` } }),
    ).rejects.toMatchObject({
      code: 'IRIS_OPTION',
      details: { exitCode: 3 },
    });
    await expect(discover({ settings: { passwordCommand: 'a "b' } })).rejects.toMatchObject({
      code: 'IRIS_OPTION',
    });
  });
});

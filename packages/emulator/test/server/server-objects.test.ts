import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ListItem } from '@iris-devtools/protocol';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import { RawClient } from './raw-client.js';

type Value = string | number | { readonly oref: string };

const item = (value: Value): ListItem => {
  if (typeof value === 'object') return { type: 'oref', value: value.oref };
  return typeof value === 'string' ? { type: 'string', value } : { type: 'integer', value };
};

function plain(value: ListItem | undefined): Value | undefined {
  switch (value?.type) {
    case 'string':
      return value.value;
    case 'integer':
      return Number(value.value);
    case 'oref':
      return { oref: value.value };
    default:
      return undefined;
  }
}

const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

/** Objects of the server, as a client sees them that has nothing but requests of the native API. */
describe('files, streams and application objects', () => {
  let emulator: Emulator;
  let client: RawClient;
  let install: string;
  beforeAll(async () => {
    emulator = await startEmulator({ webPort: 0, users: [{ name: 'plain', password: 'plain', roles: [] }] });
    client = await RawClient.login(emulator.port, { namespace: '%SYS' });
    install = textOf(await call('%SYSTEM.Util', 'InstallDirectory'));
  });
  afterAll(async () => {
    await client.close();
    await emulator.stop();
    expect(existsSync(install)).toBe(false);
  });

  async function callAs(from: RawClient, target: string, method: string, ...args: Value[]) {
    const reply = await from.call({ kind: 'ClassMethodValue', target, method, args: args.map(item) });
    return plain(reply.value);
  }
  const call = (target: string, method: string, ...args: Value[]) => callAs(client, target, method, ...args);
  const file = (method: string, ...args: Value[]) => call('%Library.File', method, ...args);
  async function on(object: Value | undefined, method: string, ...args: Value[]) {
    const target = typeof object === 'object' ? object.oref : '';
    const reply = await client.call({ kind: 'InstanceMethodValue', target, method, args: args.map(item) });
    return plain(reply.value);
  }
  async function get(object: Value | undefined, property: string) {
    const oref = typeof object === 'object' ? object.oref : '';
    return plain((await client.call({ kind: 'PropertyGet', oref, property })).value);
  }
  async function set(object: Value | undefined, property: string, value: Value) {
    const oref = typeof object === 'object' ? object.oref : '';
    await client.call({ kind: 'PropertySet', oref, property, value: item(value) });
  }

  it('makes, renames, lists and removes directories and files below the installation', async () => {
    const directory = `${install}lib/shop`;
    expect(await file('CreateDirectory', `${directory}/a`)).toBe(0);
    expect(await file('CreateDirectoryChain', `${directory}/a`)).toBe(1);
    expect(await file('CreateDirectory', `${directory}/a`)).toBe(0);
    writeFileSync(`${directory}/one.txt`, 'abc');
    expect(await file('GetFileSize', `${directory}/one.txt`)).toBe(3);
    expect(await file('Rename', `${directory}/a`, `${directory}/b`)).toBe(1);
    const statement = await call('%SQL.Statement', '%New');
    expect(await on(statement, '%PrepareClassQuery', '%Library.File', 'FileSet')).toBe(1);
    const rows = await on(statement, '%Execute', directory, '*', '', 1);
    const found: unknown[] = [];
    while ((await on(rows, '%Next')) === 1)
      found.push([await on(rows, '%Get', 'Name'), await on(rows, '%Get', 'Type')]);
    expect(found).toEqual([
      [`${directory}/b`, 'D'],
      [`${directory}/one.txt`, 'F'],
    ]);
    expect(await file('RemoveDirectory', directory)).toBe(0);
    expect(await file('RemoveDirectoryTree', directory)).toBe(1);
    expect(await file('DirectoryExists', directory)).toBe(0);
  });

  it('reads and writes bytes through streams; a file is replaced when its stream is saved', async () => {
    const path = `${install}lib/bytes`;
    const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
    const stream = await call('%Stream.FileBinary', '%New');
    expect(await on(stream, 'LinkToFile', path)).toBe(1);
    expect(await on(stream, 'Write', bytes)).toBe(1);
    expect(await on(stream, 'Write', 'end')).toBe(1);
    expect(existsSync(path)).toBe(false);
    expect(await on(stream, '%Save')).toBe(1);
    expect(readFileSync(path, 'latin1')).toBe(`${bytes}end`);
    const again = await call('%Stream.FileBinary', '%New');
    await on(again, 'LinkToFile', path);
    expect(await get(again, 'Size')).toBe(259);
    expect(await on(again, 'MoveTo', 256)).toBe(1);
    expect(await on(again, 'Read', 2)).toBe('\u00ffe');
    expect(await get(again, 'AtEnd')).toBe(0);
    expect(await on(again, 'Read')).toBe('nd');
    expect(await get(again, 'AtEnd')).toBe(1);
    expect(await on(again, 'Write', '\u0100')).not.toBe(1);
    await on(again, 'MoveToEnd');
    await on(again, 'Write', '!');
    await on(again, '%Save');
    expect(readFileSync(path, 'latin1')).toBe(`${bytes}end!`);
  });

  it('reaches nothing outside of the installation, and serves administrators and developers only', async () => {
    const outside = dirname(dirname(install));
    writeFileSync(join(install, 'lib', 'here'), '');
    symlinkSync(outside, join(install, 'lib', 'link'));
    for (const path of [
      '/etc/passwd',
      `${install}../x`,
      'lib/here',
      `${install}lib/link/x`,
      `${install}lib\0`,
    ]) {
      expect(await file('Exists', path)).toBe(0);
      expect(await file('CreateDirectoryChain', path)).toBe(0);
      const stream = await call('%Stream.FileBinary', '%New');
      expect(await on(stream, 'LinkToFile', path)).toMatch(/^0 /);
    }
    expect(await file('Rename', `${install}lib/here`, `${outside}/there`)).toBe(0);
    const plainUser = await RawClient.login(emulator.port, { user: 'plain', password: 'plain' });
    expect(await callAs(plainUser, '%Library.File', 'Exists', `${install}lib/here`)).toBe(0);
    await plainUser.close();
  });

  it('stores application objects as a whole, opens them by name, and checks them', async () => {
    const app = await call('Security.Applications', '%New');
    await set(app, 'Name', '/Objects');
    await set(app, 'AutheEnabled', 32);
    await set(app, 'Description', 'made of objects');
    expect(await call('Security.Applications', 'Exists', '/objects')).toBe(0);
    const roles = await get(app, 'MatchRoles');
    expect(await on(roles, 'Insert', ':%DB_USER')).toBe(1);
    expect(await on(app, '%Save')).toBe(1);
    const opened = await call('Security.Applications', '%OpenId', '/objects');
    expect(await get(opened, 'Name')).toBe('/objects');
    expect(await get(opened, 'AutheEnabled')).toBe('32');
    const list = await get(opened, 'MatchRoles');
    expect([await on(list, 'Count'), await on(list, 'GetAt', 1)]).toEqual([1, ':%DB_USER']);
    await set(opened, 'WSGIType', 7);
    expect(await on(opened, '%Save')).toMatch(/^0 /);
    expect(await call('Security.Applications', '%OpenId', '/missing')).toBe('');
    const same = await call('Security.Applications', '%New');
    await set(same, 'Name', '/objects');
    expect(await on(same, '%Save')).toMatch(/^0 /);
    expect(await call('Security.Applications', 'Delete', '/objects')).toBe(1);
  });

  it('tells the role of a database by its directory', async () => {
    const destination = textOf(await call('%SYS.Namespace', 'GetGlobalDest', 'USER'));
    const database = await call('SYS.Database', '%OpenId', destination.slice(1));
    expect(await get(database, 'ResourceName')).toBe('%DB_USER');
  });

  it('serves the files of an application that has no code, and nothing beside them', async () => {
    const directory = `${install}csp/static`;
    mkdirSync(directory, { recursive: true });
    writeFileSync(`${directory}/style.css`, 'body {}');
    writeFileSync(`${install}csp/secret.txt`, 'secret');
    const app = await call('Security.Applications', '%New');
    for (const [name, value] of [
      ['Name', '/static'],
      ['AutheEnabled', '32'],
      ['Path', directory],
    ] as const)
      await set(app, name, value);
    await on(app, '%Save');
    const authorization = `Basic ${Buffer.from('_SYSTEM:SYS').toString('base64')}`;
    const ask = (path: string, headers = { authorization } as Record<string, string>) =>
      fetch(`${String(emulator.webUrl)}/static/${path}`, { headers });
    const found = await ask('style.css');
    expect([found.status, found.headers.get('content-type'), await found.text()]).toEqual([
      200,
      'text/css; charset=utf-8',
      'body {}',
    ]);
    expect((await ask('style.css', {})).status).toBe(401);
    for (const path of ['missing', '..%2fsecret.txt', '%2e%2e/secret.txt', ''])
      expect((await ask(path)).status).toBe(404);
  });
});

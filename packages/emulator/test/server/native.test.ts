import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeItems, decodeList, encodeList, NATIVE_OK } from '@iris-devtools/protocol';
import type { ListItem } from '@iris-devtools/protocol';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import { RawClient } from './raw-client.js';

const text = (value: string): ListItem => ({ type: 'string', value });
const integer = (value: number): ListItem => ({ type: 'integer', value });

describe('native requests', () => {
  let emulator: Emulator;
  let client: RawClient;
  let admin: RawClient;
  beforeAll(async () => {
    emulator = await startEmulator();
    client = await RawClient.login(emulator.port);
    admin = await RawClient.login(emulator.port, { namespace: '%SYS' });
  });
  afterAll(async () => {
    await client.close();
    await admin.close();
    await emulator.stop();
  });

  const classMethod = (target: string, method: string, ...args: ListItem[]) =>
    client.call({ kind: 'ClassMethodValue', target, method, args });

  async function failure(request: Parameters<RawClient['exchange']>[0]): Promise<string> {
    const frame = await client.exchange(request);
    expect(frame.code).not.toBe(NATIVE_OK);
    const [item] = decodeItems(frame.payload);
    return item?.type === 'string' ? item.value : '';
  }

  describe('globals', () => {
    it('are shared by connections and walk in collation order', async () => {
      const name = 'shared';
      for (const key of [10, 9, 2]) {
        await client.call({ kind: 'GlobalSet', name, subscripts: [integer(key)], value: text(`v${key}`) });
      }
      await client.call({
        kind: 'GlobalSet',
        name,
        subscripts: [text('x'), integer(1)],
        value: text('deep'),
      });
      const other = await RawClient.login(emulator.port);
      const found: unknown[] = [];
      let subscript: ListItem = text('');
      do {
        const reply = await other.call({
          kind: 'GlobalOrder',
          name,
          subscripts: [subscript],
          direction: 'next',
          withValue: true,
        });
        subscript = reply.subscript;
        found.push([reply.subscript, reply.value]);
      } while (subscript.type === 'string' && subscript.value !== '');
      expect(found).toEqual([
        [text('2'), text('v2')],
        [text('9'), text('v9')],
        [text('10'), text('v10')],
        [text('x'), { type: 'undefined' }],
        [text(''), { type: 'undefined' }],
      ]);
      await expect(other.call({ kind: 'GlobalData', name, subscripts: [text('x')] })).resolves.toEqual({
        data: 10,
      });
      await other.close();
    });

    it('gives an undefined item for what is not there, and errors by name', async () => {
      const get = { kind: 'GlobalGet', name: 'nothing', subscripts: [] } as const;
      expect(await client.call(get)).toEqual({ value: { type: 'undefined' } });
      const set = { kind: 'GlobalSet', name: 'nothing', subscripts: [text('')], value: text('x') } as const;
      expect(await failure(set)).toBe('<SUBSCRIPT>');
    });

    it('rolls back on TROLLBACK, and when the connection ends', async () => {
      const node = { name: 'rolled', subscripts: [integer(1)] };
      const other = await RawClient.login(emulator.port);
      await other.call({ kind: 'TStart' });
      await other.call({ kind: 'GlobalSet', ...node, value: text('a') });
      expect(await client.call({ kind: 'GlobalGet', ...node })).toEqual({ value: text('a') });
      await other.call({ kind: 'TRollback' });
      expect(await client.call({ kind: 'GlobalGet', ...node })).toEqual({ value: { type: 'undefined' } });
      await other.call({ kind: 'TStart' });
      await other.call({ kind: 'GlobalSet', ...node, value: text('b') });
      expect(await other.call({ kind: 'TLevel' })).toEqual({ level: 1 });
      await other.call({ kind: 'Lock', name: '^rolled', subscripts: [], mode: '', timeoutSeconds: 0 });
      await other.close();
      // The lock is free when the process has been cleaned up.
      await client.call({ kind: 'Lock', name: '^rolled', subscripts: [], mode: '', timeoutSeconds: 10 });
      await client.call({ kind: 'ReleaseAllLocks' });
      expect(await client.call({ kind: 'GlobalGet', ...node })).toEqual({ value: { type: 'undefined' } });
    });

    it('keeps inner levels apart', async () => {
      const get = async (key: number) =>
        client.call({ kind: 'GlobalGet', name: 'levels', subscripts: [integer(key)] });
      const set = async (key: number) =>
        client.call({ kind: 'GlobalSet', name: 'levels', subscripts: [integer(key)], value: integer(key) });
      await client.call({ kind: 'TStart' });
      await set(1);
      await client.call({ kind: 'TStart' });
      await set(2);
      expect(await client.call({ kind: 'TLevel' })).toEqual({ level: 2 });
      await client.call({ kind: 'TRollbackOne' });
      await client.call({ kind: 'TCommit' });
      expect(await client.call({ kind: 'TLevel' })).toEqual({ level: 0 });
      expect([await get(1), await get(2)]).toEqual([{ value: integer(1) }, { value: { type: 'undefined' } }]);
    });
  });

  describe('classes', () => {
    it('say which version answers', async () => {
      const { value } = await classMethod('%SYSTEM.Version', 'GetVersion');
      expect(value).toEqual(text(emulator.version));
      expect(emulator.version).toMatch(/^IRIS for UNIX .*emulator.* 20\d\d\.\d \(Build /);
    });

    it('fail as IRIS words it', async () => {
      const call = { kind: 'ClassMethodValue', args: [] } as const;
      expect(await failure({ ...call, target: 'No.Such', method: 'x' })).toBe(
        '<CLASS DOES NOT EXIST> *No.Such',
      );
      expect(await failure({ ...call, target: '%SYSTEM.Version', method: 'toString' })).toBe(
        '<METHOD DOES NOT EXIST> *toString,%SYSTEM.Version',
      );
      expect(await failure({ ...call, target: 'Security.Users', method: 'Exists' })).toBe(
        '<CLASS DOES NOT EXIST> *Security.Users',
      );
      const method = { kind: 'InstanceMethodValue', target: '999', method: 'x', args: [] } as const;
      expect(await failure(method)).toBe('<INVALID OREF>');
    });

    it('change the namespace of the process', async () => {
      const other = await RawClient.login(emulator.port);
      const call = async (target: string, method: string, ...args: ListItem[]) =>
        (await other.call({ kind: 'ClassMethodValue', target, method, args })).value;
      expect(await call('%SYSTEM.Process', 'NameSpace')).toEqual(text('USER'));
      await call('%SYSTEM.Process', 'SetNamespace', text('%sys'));
      expect(await call('%SYSTEM.Process', 'NameSpace')).toEqual(text('%SYS'));
      expect(await call('Security.Users', 'Exists', text('_system'))).toEqual(integer(1));
      await other.close();
    });

    const byReference = (bytes: Buffer): ListItem => ({
      type: 'string',
      value: bytes.toString('latin1'),
      byReference: true,
    });
    const array = (item: ListItem | undefined) => {
      const values = item?.type === 'string' ? decodeList(Buffer.from(item.value, 'latin1')) : [];
      return Object.fromEntries(
        values.flatMap((value, index) =>
          index % 2 === 0 ? [[String(value), values[index + 1]] as const] : [],
        ),
      );
    };
    const security = (target: string, method: string, ...args: ListItem[]) =>
      admin.call({ kind: 'ClassMethodValue', target: `Security.${target}`, method, args });

    it('create, change and delete users', async () => {
      expect((await security('Users', 'Create', text('joe'), text('%ALL'), text('pw1'))).value).toEqual(
        integer(1),
      );
      const got = await security('Users', 'Get', text('joe'), byReference(Buffer.alloc(0)));
      expect(array(got.byReference[0])).toMatchObject({
        Name: 'joe',
        Roles: '%All',
        ChangePassword: 0,
        Enabled: 1,
      });
      const properties = encodeList([
        'PasswordExternal',
        'pw2',
        'ChangePassword',
        '1',
        'NoSuchProperty',
        '1',
      ]);
      expect((await security('Users', 'Modify', text('joe'), byReference(properties))).value).toEqual(
        integer(1),
      );
      await expect(RawClient.login(emulator.port, { user: 'joe', password: 'pw2' })).rejects.toThrow('417');
      await security('Users', 'UnExpireUserPasswords', text('*'));
      await (await RawClient.login(emulator.port, { user: 'joe', password: 'pw2' })).close();
      expect((await security('Users', 'Delete', text('joe'))).value).toEqual(integer(1));
      const missing = await security('Users', 'Delete', text('joe'));
      expect(missing.value).toMatchObject({ type: 'string', value: expect.stringMatching(/^0 /) });
      expect((await security('Users', 'Exists', text('joe'))).value).toEqual(integer(0));
    });

    it('switch services and keep web applications', async () => {
      const callIn = encodeList(['Enabled', 1, 'AutheEnabled', 48]);
      await security('Services', 'Modify', text('%Service_CallIn'), byReference(callIn));
      const got = await security('Services', 'Get', text('%service_callin'), byReference(Buffer.alloc(0)));
      expect(array(got.byReference[0])).toMatchObject({ Enabled: '1', AutheEnabled: '48', Public: '0' });
      const properties = encodeList(['DispatchClass', '%SYS.Python.WSGI', 'WSGIAppName', 'my_wsgi']);
      expect((await security('Applications', 'Create', text('/api'), byReference(properties))).value).toEqual(
        integer(1),
      );
      const application = await security('Applications', 'Get', text('/API'), byReference(Buffer.alloc(0)));
      expect(array(application.byReference[0])).toMatchObject({
        WSGIAppName: 'my_wsgi',
        WSGICallable: 'app',
      });
      const bad = await security(
        'Applications',
        'Modify',
        text('/api'),
        byReference(encodeList(['WSGIType', '0'])),
      );
      expect(bad.value).toMatchObject({ type: 'string' });
      expect((await security('Applications', 'Delete', text('/api'))).value).toEqual(integer(1));
    });

    it('need the rights of an administrator', async () => {
      await emulator.users.create('plain', { password: 'p', roles: ['%SQL'] });
      const plain = await RawClient.login(emulator.port, { user: 'plain', password: 'p', namespace: '%SYS' });
      const { value } = await plain.call({
        kind: 'ClassMethodValue',
        target: 'Security.Users',
        method: 'Delete',
        args: [text('_SYSTEM')],
      });
      expect(value).toMatchObject({ type: 'string', value: expect.stringContaining('privilege') });
      expect(emulator.users.get('_SYSTEM')).toBeDefined();
      await plain.close();
    });

    it('write to messages.log', async () => {
      await classMethod('%SYS.System', 'WriteToConsoleLog', text('hello\nworld'), integer(0), integer(1));
      expect(emulator.messages.at(-1)).toMatch(
        /^\d\d\/\d\d\/\d\d-\d\d:\d\d:\d\d:\d{3} \(\d+\) 1 \[.*\] hello world$/,
      );
    });
  });
});

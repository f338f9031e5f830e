import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { STATUS } from '@iris-devtools/protocol';
import { startControlServer, startEmulator } from '@iris-devtools/emulator';
import type { ControlServer, Emulator } from '@iris-devtools/emulator';
import { RawClient } from './raw-client.js';
import { query } from './requests.js';

describe('faults on demand', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  beforeEach(() => {
    emulator.faults.clear();
  });
  afterAll(async () => {
    await emulator.stop();
  });

  it('refuses the next logins', async () => {
    emulator.faults.refuseLogins({ text: 'Go away', count: 1 });
    const client = await RawClient.open(emulator.port);
    await client.handshake();
    const { frame } = await client.connect();
    expect(frame?.code).toBe(STATUS.LOGIN_REFUSED);
    expect(frame?.payload.toString('latin1')).toContain('Go away');
    await (await RawClient.login(emulator.port)).close();
  });

  it('fails the n-th statement with an SQLCODE', async () => {
    const client = await RawClient.login(emulator.port);
    emulator.faults.failStatement({ nth: 2, sqlcode: -400, message: 'out of memory' });
    const statuses: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const { code } = await client.exchange(query('SELECT 1'), 1);
      statuses.push(code);
      if (code === STATUS.OK || code === STATUS.NO_MORE_DATA) await client.frame();
    }
    expect(statuses).toEqual([0, 400, 0]);
    expect((await client.call({ kind: 'ErrorText', status: -400 })).message).toContain('out of memory');
    await client.close();
  });

  it('cuts a connection after exactly so many bytes', async () => {
    for (const afterBytes of [0, 1, 24, 25, 60]) {
      emulator.faults.dropConnection({ afterBytes });
      const client = await RawClient.open(emulator.port);
      await client.handshake();
      await client.connect();
      await client.closed();
      expect(Buffer.concat(client.received).length).toBe(afterBytes);
    }
    await (await RawClient.login(emulator.port)).close();
  });

  it('delays answers of one kind', async () => {
    const client = await RawClient.login(emulator.port);
    emulator.faults.delayAnswers({ delayMs: 60, kinds: ['Ping'], count: 1 });
    const before = performance.now();
    await client.exchange({ kind: 'Ping' });
    expect(performance.now() - before).toBeGreaterThan(50);
    await client.close();
  });

  it('makes prepared statements unknown', async () => {
    const client = await RawClient.login(emulator.port);
    await client.exchange({ kind: 'Prepare', text: 'SELECT 1', parameters: [] }, 5);
    const execute = {
      kind: 'PreparedQuery',
      values: { count: 0, sets: [[]] },
      timeoutSeconds: 0,
      maxRows: 0,
    } as const;
    expect((await client.exchange(execute, 5)).code).toBe(STATUS.NO_MORE_DATA);
    emulator.faults.loseStatements();
    expect((await client.exchange(execute, 5)).code).toBe(STATUS.STATEMENT_UNKNOWN);
    await client.close();
  });

  it('restarts on the same port, with and without the data', async () => {
    const { port } = emulator;
    const node = { name: 'kept', subscripts: [] };
    const before = await RawClient.login(port);
    await before.call({ kind: 'GlobalSet', ...node, value: { type: 'integer', value: 1 } });
    await before.call({ kind: 'TStart' });
    await before.call({ kind: 'GlobalSet', ...node, value: { type: 'integer', value: 2 } });
    await emulator.restart();
    expect(await before.frame()).toBeUndefined();
    const after = await RawClient.login(port);
    expect(await after.call({ kind: 'GlobalGet', ...node })).toEqual({
      value: { type: 'integer', value: 1 },
    });
    await emulator.restart({ loseData: true });
    expect(emulator.port).toBe(port);
    const fresh = await RawClient.login(port);
    expect(await fresh.call({ kind: 'GlobalGet', ...node })).toEqual({ value: { type: 'undefined' } });
    await fresh.close();
  });

  describe('over the control port', () => {
    let control: ControlServer;
    beforeAll(async () => {
      control = await startControlServer(emulator, 0);
    });
    afterAll(async () => {
      await control.close();
    });

    const post = async (path: string, body: unknown) => {
      const response = await fetch(`http://127.0.0.1:${control.port}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };

    it('arms the same faults', async () => {
      expect(await post('/faults/fail-statement', { sqlcode: -119 })).toEqual({
        status: 200,
        body: { ok: true },
      });
      const client = await RawClient.login(emulator.port);
      expect((await client.exchange(query('SELECT 1'), 1)).code).toBe(119);
      expect((await post('/faults/drop-connections', {})).status).toBe(200);
      expect(await client.frame()).toBeUndefined();
      await post('/faults/expire-password', { user: '_system' });
      await expect(RawClient.login(emulator.port)).rejects.toThrow('417');
      expect(await post('/users/unexpire', {})).toEqual({ status: 200, body: { changed: 1 } });
      expect((await post('/restart', {})).status).toBe(200);
      await (await RawClient.login(emulator.port)).close();
    });

    it('says what is wrong with a request', async () => {
      expect(await post('/faults/nothing', {})).toMatchObject({ status: 400 });
      expect(await post('/faults/fail-statement', { sqlcode: 'x' })).toMatchObject({ status: 400 });
      expect(await post('/faults/fail-statement', { sqlcode: 5 })).toMatchObject({ status: 400 });
      expect(await post('/faults/fail-statement', { sqlcode: -1, more: 1 })).toMatchObject({ status: 400 });
      expect(await post('/faults/expire-password', { user: 'nobody' })).toMatchObject({ status: 409 });
      expect(await post('/faults/delay-answers', { delayMs: 1, kinds: ['toString'] })).toMatchObject({
        status: 400,
      });
    });

    it('does not answer pages in a browser', async () => {
      for (const headers of [{ origin: 'http://evil.example' }, { host: 'evil.example' }]) {
        const status = await new Promise((resolve, reject) => {
          request({ port: control.port, host: '127.0.0.1', path: '/status', headers }, (response) => {
            response.resume();
            resolve(response.statusCode);
          })
            .on('error', reject)
            .end();
        });
        expect(status).toBe(400);
      }
      const response = await fetch(`http://127.0.0.1:${control.port}/status`);
      expect(await response.json()).toMatchObject({ port: emulator.port, connectionCount: 0 });
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import { STATUS } from '@iris-devtools/protocol';
import { startScriptedServer } from '@iris-devtools/emulator';
import type { ScriptStep } from '@iris-devtools/emulator';
import { connectRequest, RawClient } from '../server/raw-client.js';

const LOGIN: readonly ScriptStep[] = [
  { step: 'expect', request: { kind: 'Handshake' } },
  {
    step: 'send',
    kind: 'Handshake',
    reply: { protocolVersion: 69, unicode: true, compactDoubles: false, locale: 'enuw' },
  },
  { step: 'expect', request: { kind: 'Connect', user: '_SYSTEM', namespace: 'USER' } },
];

describe('scripted server', () => {
  it('plays a conversation and is done', async () => {
    await using server = await startScriptedServer([
      ...LOGIN,
      { step: 'send-text', text: 'No', status: STATUS.LOGIN_REFUSED },
      { step: 'expect-close' },
    ]);
    const client = await RawClient.open(server.port);
    expect((await client.handshake())?.sequence).toBe(0);
    const { frame } = await client.connect();
    expect([frame?.sequence, frame?.code]).toEqual([1, STATUS.LOGIN_REFUSED]);
    await client.close();
    await server.done;
  });

  it('encodes native replies as such and sends what is no message', async () => {
    await using server = await startScriptedServer([
      { step: 'expect', request: { kind: 'TLevel' }, statementId: 0 },
      { step: 'send', kind: 'TLevel', reply: { level: 3 } },
      { step: 'send-bytes', bytes: Buffer.from([1, 2, 3]) },
      { step: 'close' },
    ]);
    const client = await RawClient.open(server.port);
    expect(await client.call({ kind: 'TLevel' })).toEqual({ level: 3 });
    await client.closed();
    expect(Buffer.concat(client.received).subarray(-3)).toEqual(Buffer.from([1, 2, 3]));
    await server.done;
  });

  it('rejects with the fields that differ', async () => {
    await using server = await startScriptedServer(LOGIN);
    const client = await RawClient.open(server.port);
    await client.handshake();
    client.send(connectRequest({ user: 'other', namespace: 'X' }));
    await expect(server.done).rejects.toMatchObject({
      code: 'IRIS_STATE',
      message: 'Step 2: user, namespace of Connect is not what was expected',
    });
    expect(await client.frame()).toBeUndefined();
  });

  it('rejects when the client leaves early, and when it is closed itself', async () => {
    await using left = await startScriptedServer(LOGIN);
    await (await RawClient.open(left.port)).close();
    await expect(left.done).rejects.toMatchObject({ code: 'IRIS_STATE' });
    const unused = await startScriptedServer(LOGIN);
    await unused.close();
    await expect(unused.done).rejects.toMatchObject({ code: 'IRIS_STATE' });
  });
});

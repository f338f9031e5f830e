import { describe, expect, it } from '@jest/globals';
import { connect } from '@iris-devtools/driver';
import type { ListItem } from '@iris-devtools/protocol';
import { column, startFakeServer, type Answer } from './fake-server.js';

describe('LOB columns', () => {
  const contents = new Map([
    ['h1', Buffer.from('text ж')],
    ['h2', Buffer.from([0, 1, 255])],
  ]);
  const answer: Answer = (request, out) => {
    if (request.kind === 'DirectQuery' || request.kind === 'PreparedQuery') {
      const rows: ListItem[][] = [
        [
          { type: 'string', value: 'h1' },
          { type: 'string', value: 'h2' },
        ],
        [{ type: 'undefined' }, { type: 'string', value: '\0' }],
      ];
      const lobColumns = [column('t', -1), column('b', -4)];
      if (request.kind === 'DirectQuery') out.rows(lobColumns, rows);
      else out.page(lobColumns, rows);
    } else if (request.kind === 'ReadStream') out.payload(contents.get(request.handle) ?? Buffer.alloc(0), 0);
    else out.status(0);
  };

  it('are read into text and bytes', async () => {
    await using server = await startFakeServer(answer);
    await using connection = await connect(server.url);
    const expected = [
      { t: 'text ж', b: Buffer.from([0, 1, 255]) },
      { t: null, b: Buffer.alloc(0) },
    ];
    expect((await connection.query('select t, b from l')).rows).toEqual(expected);
    const streamed = [];
    for await (const row of connection.stream('select t, b from l')) streamed.push(row);
    expect(streamed).toEqual(expected);
  });

  it('of one name are each read once', async () => {
    const read: string[] = [];
    await using server = await startFakeServer((request, out) => {
      if (request.kind === 'DirectQuery') {
        const row: ListItem[] = ['h1', 'h2'].map((value) => ({ type: 'string', value }));
        out.rows([column('t', -1), column('t', -1)], [row], false, 0);
      } else if (request.kind === 'ReadStream') {
        read.push(request.handle);
        out.payload(Buffer.from(`content of ${request.handle}`), 0);
      }
    });
    await using connection = await connect(server.url);
    expect((await connection.query('select t, t from l')).rows).toEqual([{ t: 'content of h2' }]);
    const arrays = await connection.query('select t, t from l', [], { rowMode: 'array' });
    expect(arrays.rows).toEqual([['content of h1', 'content of h2']]);
    expect(read).toEqual(['h2', 'h1', 'h2']);
  });

  it('stay handles when asked for, and have a limit', async () => {
    await using server = await startFakeServer(answer);
    await using handles = await connect(`${server.url}?lobs=handle`);
    expect((await handles.query('select t, b from l')).rows[0]).toEqual({ t: 'h1', b: 'h2' });
    expect(await handles.readLob('h2')).toEqual(Buffer.from([0, 1, 255]));
    await using limited = await connect(`${server.url}?maxLobBytes=2`);
    await expect(limited.query('select t, b from l')).rejects.toMatchObject({ code: 'IRIS_LIMIT' });
    await limited.ping();
  });

  it('of long parameters are written in pieces that split no character', async () => {
    const stored: Buffer[] = [];
    await using server = await startFakeServer((request, out) => {
      if (request.kind === 'StoreCharacterStream' || request.kind === 'StoreBinaryStream') {
        stored.push(request.chunk);
        out.send(request.kind, { stream: '7@%Stream' });
      } else if (request.kind === 'DirectUpdate')
        out.send('DirectUpdate', { parameters: [], statementFlag: 0, rowsAffected: [1] });
    });
    await using connection = await connect(server.url);
    const long = 'aж\u{1F600}'.repeat(500_000);
    await connection.query('insert into l values (?)', [long]);
    expect(Buffer.concat(stored).toString('utf8')).toBe(long);
    expect(stored.every((chunk) => chunk.length <= 4096 && !chunk.toString('utf8').includes('\ufffd'))).toBe(
      true,
    );
    expect(server.requests.at(-1)).toMatchObject({
      values: { sets: [[{ type: 'oref', value: '7@%Stream' }]] },
    });
  });
});

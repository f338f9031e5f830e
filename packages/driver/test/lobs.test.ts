import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { describe, expect, it } from '@jest/globals';
import { connect, Lob, type IrisConnection } from '@iris-devtools/driver';
import type { ListItem, Request } from '@iris-devtools/protocol';
import { column, startFakeServer, type Answer } from './fake-server.js';

/** The first reading of a handle takes what is left of it; later ones name the beginning, as a part that is not limited. */
function isWholeRead(request: Request): request is Extract<Request, { kind: 'ReadStream' | 'StreamPart' }> {
  return request.kind === 'ReadStream' || (request.kind === 'StreamPart' && request.position === 1);
}

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
    else if (request.kind !== 'CloseStream') out.status(0);
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

  it('have a limit, and what is longer leaves the connection usable', async () => {
    await using server = await startFakeServer(answer);
    await using limited = await connect(`${server.url}?maxLobBytes=2`);
    await expect(limited.query('select t, b from l')).rejects.toMatchObject({
      code: 'IRIS_LIMIT',
      message: expect.stringContaining('7 bytes'),
    });
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

/** Answers a query with one LOB of each kind, whose contents are `text` and `bytes`. */
function oneLob(text: string, bytes: Buffer): Answer {
  return (request, out) => {
    if (request.kind === 'DirectQuery')
      out.rows(
        [column('t', -1), column('b', -4)],
        [
          [
            { type: 'string', value: 'text' },
            { type: 'string', value: 'bytes' },
          ],
        ],
        false,
        0,
      );
    else if (request.kind === 'StreamSize')
      out.send('StreamSize', { size: request.handle === 'text' ? text.length : bytes.length });
    else if (isWholeRead(request)) out.payload(request.handle === 'text' ? Buffer.from(text) : bytes, 0);
    else if (request.kind !== 'CloseStream') out.status(0);
  };
}

async function lobsOf(connection: IrisConnection): Promise<{ t: Lob; b: Lob }> {
  const [row] = (await connection.query('select t, b from l')).rows;
  if (row?.['t'] instanceof Lob && row['b'] instanceof Lob) return { t: row['t'], b: row['b'] };
  throw new Error('no LOBs');
}

describe('LOB handles', () => {
  const text = 'aж\u{1F600}'.repeat(50_000);
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256));

  it('give size, text, bytes and pieces, nothing of it before it is asked for', async () => {
    await using server = await startFakeServer(oneLob(text, bytes), { chunkBytes: 1013 });
    await using connection = await connect(`${server.url}?lobs=handle`);
    const { t, b } = await lobsOf(connection);
    expect(server.requests.map(({ kind }) => kind)).toEqual(['DirectQuery']);
    expect([t.kind, t.handle, b.kind]).toEqual(['text', 'text', 'binary']);
    expect([await t.size(), await b.size()]).toEqual([text.length, bytes.length]);
    expect(await t.text()).toBe(text);
    expect((await b.bytes()).equals(bytes)).toBe(true);
    const strings: string[] = [];
    for await (const piece of t) strings.push(piece as string);
    expect(strings.join('')).toBe(text);
    // Characters come whole, though their bytes are cut anywhere.
    expect(strings.length).toBeGreaterThan(1);
    const buffers: Buffer[] = [];
    for await (const piece of b) buffers.push(piece as Buffer);
    expect(Buffer.concat(buffers).equals(bytes)).toBe(true);
    await t.close();
    await t.close();
    await connection.ping();
    expect(server.requests.filter(({ kind }) => kind === 'CloseStream')).toHaveLength(1);
  });

  it('come for long values only with lobs=auto', async () => {
    await using server = await startFakeServer(oneLob('short', bytes));
    await using connection = await connect(`${server.url}?lobs=auto&maxLobBytes=1000`);
    const [row] = (await connection.query('select t, b from l')).rows;
    expect(row).toMatchObject({ t: 'short', b: expect.any(Lob) });
    for await (const streamed of connection.stream('select t, b from l'))
      expect(streamed).toMatchObject({ t: 'short', b: expect.any(Lob) });
  });

  it('read more than a message may hold, with bounded memory', async () => {
    const piece = Buffer.alloc(65_536, 7);
    const total = 4096 * piece.length;
    let sent = 0;
    function* pieces(): Generator<Buffer> {
      for (; sent < total; sent += piece.length) yield piece;
    }
    await using server = await startFakeServer((request, out, frame) => {
      if (request.kind === 'ReadStream') void out.stream(total, pieces());
      else oneLob('', bytes)(request, out, frame);
    });
    await using connection = await connect(`${server.url}?lobs=handle&maxPayloadBytes=65536`);
    const { b } = await lobsOf(connection);
    let received = 0;
    let lead = 0;
    for await (const part of b) {
      received += part.length;
      lead = Math.max(lead, sent - received);
      // A reader that is slower than the network.
      if (received % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(received).toBe(total);
    // What is under way in the two sockets' buffers; the whole is 256 MiB.
    expect(lead).toBeLessThan(24 * 1024 * 1024);
    await connection.ping();
  });

  it('that are left early free the connection when the rest has come in', async () => {
    await using server = await startFakeServer(oneLob(text, bytes), { chunkBytes: 4096 });
    await using connection = await connect(`${server.url}?lobs=handle`);
    const { b, t } = await lobsOf(connection);
    for await (const piece of b) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    expect(await t.text()).toBe(text);
    const unread = b.stream();
    unread.destroy();
    const queued = [connection.ping(), once(b.stream().destroy(), 'close')];
    await Promise.all(queued);
    expect(connection.open).toBe(true);
  });

  it('whose rest does not come in cost the connection', async () => {
    await using server = await startFakeServer((request, out, frame) => {
      if (request.kind === 'ReadStream') void out.stream(1000, [Buffer.from('first')]);
      else oneLob('', bytes)(request, out, frame);
    });
    const connection = await connect(`${server.url}?lobs=handle&cancelTimeoutMs=20`);
    const ended = new Promise((resolve) => connection.on('close', resolve));
    const { b } = await lobsOf(connection);
    for await (const piece of b) {
      expect(String(piece)).toBe('first');
      break;
    }
    expect(await ended).toMatchObject({ code: 'IRIS_CONNECTION_LOST' });
  });

  it('obey signals and time limits, and hear of a lost connection', async () => {
    await using server = await startFakeServer((request, out, frame) => {
      if (request.kind === 'ReadStream') void out.stream(1000, [Buffer.from('first')]);
      else if (request.kind !== 'StreamSize') oneLob('', bytes)(request, out, frame);
    });
    const open = (): Promise<IrisConnection> => connect(`${server.url}?lobs=handle&cancelTimeoutMs=20`);
    const controller = new AbortController();
    const first = (await lobsOf(await open())).b.stream({ signal: controller.signal });
    first.once('data', () => {
      controller.abort();
    });
    await expect(finished(first)).rejects.toMatchObject({ code: 'IRIS_ABORTED', retry: 'unknown' });
    const second = (await lobsOf(await open())).b;
    await expect(second.bytes({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'IRIS_TIMEOUT' });
    await expect((await lobsOf(await open())).b.size({ timeoutMs: 20 })).rejects.toMatchObject({
      code: 'IRIS_TIMEOUT',
    });
    const third = (await lobsOf(await open())).b.stream();
    third.once('data', () => {
      server.dropAll();
    });
    await expect(finished(third)).rejects.toMatchObject({ code: 'IRIS_CONNECTION_LOST' });
  });

  it('of a failed read are SQL errors', async () => {
    await using server = await startFakeServer((request, out, frame) => {
      if (isWholeRead(request) || request.kind === 'StreamSize') out.status(-412);
      else if (request.kind === 'ErrorText') out.send('ErrorText', { message: 'no such stream' });
      else oneLob('', bytes)(request, out, frame);
    });
    await using connection = await connect(`${server.url}?lobs=handle`);
    const { b } = await lobsOf(connection);
    await expect(b.bytes()).rejects.toMatchObject({ sqlcode: -412 });
    await expect(b.size()).rejects.toMatchObject({ sqlcode: -412 });
    await expect(finished(b.stream().resume())).rejects.toMatchObject({ sqlcode: -412 });
    await connection.ping();
  });

  it('can be bound, which copies them', async () => {
    await using server = await startFakeServer((request, out, frame) => {
      if (request.kind === 'DirectUpdate')
        out.send('DirectUpdate', { parameters: [], statementFlag: 0, rowsAffected: [1] });
      else oneLob('ж', Buffer.from([1, 2]))(request, out, frame);
    });
    await using connection = await connect(`${server.url}?lobs=handle`);
    await using other = await connect(`${server.url}?lobs=handle`);
    const { t, b } = await lobsOf(connection);
    await connection.query('insert into l values (?, ?)', [t, (await lobsOf(other)).b]);
    const values = { sets: [[{ value: 'ж' }, { type: 'string', value: '\u0001\u0002' }]] };
    expect(server.requests.at(-1)).toMatchObject({ kind: 'DirectUpdate', values });
    expect(b.kind).toBe('binary');
  });

  it('are never left waiting when the server hangs up at any byte', async () => {
    const small = Buffer.from('0123456789');
    const read = async (url: string): Promise<unknown> => {
      try {
        await using connection = await connect(`${url}?lobs=handle`);
        const { b } = await lobsOf(connection);
        let length = 0;
        for await (const piece of b) length += piece.length;
        return length;
      } catch (error) {
        return error;
      }
    };
    let total: number;
    {
      await using server = await startFakeServer(oneLob('', small));
      expect(await read(server.url)).toBe(small.length);
      total = server.sentBytes();
    }
    for (let closeAfterBytes = 0; closeAfterBytes < total; closeAfterBytes++) {
      await using server = await startFakeServer(oneLob('', small), { closeAfterBytes });
      expect(await read(server.url)).toMatchObject({ code: expect.stringMatching(/^IRIS_CONN/) });
    }
  });
});

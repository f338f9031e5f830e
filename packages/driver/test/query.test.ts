import { describe, expect, it } from '@jest/globals';
import { connect } from '@iris-devtools/driver';
import type { ListItem, Request } from '@iris-devtools/protocol';
import { column, startFakeServer, type Answer, type FakeServer, type Reply } from './fake-server.js';

const columns = [column('n', 4), column('s', 12)];

function row(n: number): ListItem[] {
  return [
    { type: 'integer', value: n },
    { type: 'string', value: `row ${n}` },
  ];
}

/** A table of `count` rows, given out in pages; statements are forgotten when `forget` says so. */
function table(count: number, pageRows: number, forget: (request: Request) => boolean = () => false): Answer {
  const cursors = new Map<number, number>();
  const send = (statementId: number, out: Reply, first: boolean): void => {
    const from = cursors.get(statementId) ?? 0;
    const to = Math.min(from + pageRows, count);
    cursors.set(statementId, to);
    const page = Array.from({ length: to - from }, (_, i) => row(from + i));
    if (first) out.rows(columns, page, to < count);
    else out.page(columns, page, to < count);
  };
  return (request, out, frame) => {
    if (forget(request)) out.status(404);
    else if (request.kind === 'DirectQuery' || request.kind === 'PreparedQuery') {
      cursors.set(frame.statementId, 0);
      send(frame.statementId, out, request.kind === 'DirectQuery');
    } else if (request.kind === 'Fetch') {
      // As on a real server: no answer at all after the last page.
      if (cursors.get(frame.statementId) !== count) send(frame.statementId, out, false);
    } else if (request.kind === 'Prepare') {
      out.send('Prepare', {
        feature: { option: 0, maxRowItemCount: 0 },
        columns,
        parameters: [],
        statementFlag: 1,
      });
    } else if (request.kind === 'DirectUpdate') {
      out.send('DirectUpdate', {
        parameters: [],
        statementFlag: 1,
        rowsAffected: request.values.sets.map(() => 1),
      });
    } else if (request.kind === 'PreparedUpdate') {
      out.send('PreparedUpdate', { rowsAffected: request.values.sets.map(() => 1) });
    } else if (request.kind === 'ErrorText') {
      out.send('ErrorText', { message: `[SQLCODE: <${request.status}>:<failed>]` });
    } else out.status(0);
  };
}

const kinds = (server: FakeServer): string[] => server.requests.map((request) => request.kind);

describe('query', () => {
  it.each([
    [0, 5],
    [1, 1],
    [4, 5],
    [5, 5],
    [6, 5],
    [10, 5],
    [23, 7],
  ])('%d rows in pages of %d, with fast select and without', async (count, pageRows) => {
    for (const features of [undefined, 0, 1]) {
      await using server = await startFakeServer(table(count, pageRows), { features });
      await using connection = await connect(server.url);
      const result = await connection.query('select n, s from t', [], { rowMode: 'array' });
      expect(result.rows).toEqual(Array.from({ length: count }, (_, n) => [n, `row ${n}`]));
      expect(result.rowCount).toBe(count);
      expect(result.columns.map((c) => [c.name, c.type])).toEqual([
        ['n', 'INTEGER'],
        ['s', 'VARCHAR'],
      ]);
      expect(kinds(server).filter((kind) => kind === 'Fetch').length).toBe(
        Math.max(0, Math.ceil(count / pageRows) - 1),
      );
    }
  });

  it('reads replies that arrive in small pieces', async () => {
    await using server = await startFakeServer(table(20, 6), { features: 1, chunkBytes: 1 });
    await using connection = await connect(server.url);
    expect((await connection.query('select n, s from t')).rows).toHaveLength(20);
  });

  it('stops at maxRows, fetches no more, and tells the server', async () => {
    await using server = await startFakeServer(table(100, 10));
    await using connection = await connect(server.url);
    expect((await connection.query('select 1', [], { maxRows: 15 })).rows).toHaveLength(15);
    expect(kinds(server)).toEqual(['DirectQuery', 'Fetch']);
    expect(server.requests[0]).toMatchObject({ maxRows: 15 });
    expect((await connection.query('select 1')).rows).toHaveLength(100);
  });

  it('runs queued queries in order, one at a time', async () => {
    let open = 0;
    await using server = await startFakeServer((request, out, frame) => {
      open++;
      expect(open).toBe(1);
      setImmediate(() => {
        open--;
        table(3, 2)(request, out, frame);
      });
    });
    await using connection = await connect(server.url);
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3].map(async (n) => {
        await connection.query(`insert into t values (${n})`);
        order.push(n);
      }),
    );
    expect(order).toEqual([1, 2, 3]);
  });
});

describe('statement cache', () => {
  it('runs a known statement by its id', async () => {
    await using server = await startFakeServer(table(3, 2));
    await using connection = await connect(server.url);
    for (let i = 0; i < 3; i++)
      expect((await connection.query('select n, s from t where n > ?', [i])).rows).toHaveLength(3);
    expect(kinds(server).filter((kind) => kind !== 'Fetch')).toEqual([
      'DirectQuery',
      'PreparedQuery',
      'PreparedQuery',
    ]);
    expect(new Set(server.frames.map((frame) => frame.statementId)).size).toBe(1);
    for (let i = 0; i < 2; i++) await connection.query('delete from t where n = ?', [i]);
    expect(kinds(server).slice(-2)).toEqual(['DirectUpdate', 'PreparedUpdate']);
  });

  it('sends the text again when the server has lost the statement', async () => {
    let lost = false;
    await using server = await startFakeServer(
      table(3, 5, (r) => lost && (r.kind === 'PreparedQuery' || r.kind === 'PreparedUpdate')),
    );
    await using connection = await connect(server.url);
    await connection.query('select 1');
    await connection.query('delete from t');
    lost = true;
    expect((await connection.query('select 1')).rows).toHaveLength(3);
    expect((await connection.query('delete from t')).rowCount).toBe(1);
    expect(kinds(server)).toEqual([
      'DirectQuery',
      'DirectUpdate',
      'PreparedQuery',
      'DirectQuery',
      'PreparedUpdate',
      'DirectUpdate',
    ]);
  });

  it('is bounded, can be off, and is emptied by definitions', async () => {
    await using server = await startFakeServer(table(1, 5));
    await using small = await connect(`${server.url}?statementCacheSize=1`);
    for (const sql of ['select 1', 'select 2', 'select 1']) await small.query(sql);
    expect(kinds(server)).toEqual(['DirectQuery', 'DirectQuery', 'DirectQuery']);
    server.requests.length = 0;
    await using off = await connect(`${server.url}?statementCacheSize=0`);
    for (const sql of ['select 1', 'select 1']) await off.query(sql);
    expect(kinds(server)).toEqual(['DirectQuery', 'DirectQuery']);
    server.requests.length = 0;
    await using on = await connect(server.url);
    for (const sql of ['select 1', 'alter table t add c int', 'select 1']) await on.query(sql);
    expect(kinds(server)).toEqual(['DirectQuery', 'DirectUpdate', 'DirectQuery']);
  });

  it('does not remember very long texts', async () => {
    await using server = await startFakeServer(table(1, 5));
    await using connection = await connect(server.url);
    const long = `select /* ${'x'.repeat(40_000)} */ 1`;
    for (const sql of [long, long]) await connection.query(sql);
    expect(kinds(server)).toEqual(['DirectQuery', 'DirectQuery']);
  });

  it('keeps statements apart that the server does not let run by id', async () => {
    await using server = await startFakeServer((request, out) => {
      if (request.kind === 'DirectQuery') out.rows(columns, [row(1)], false, 0);
    });
    await using connection = await connect(server.url);
    await connection.query('select 1');
    await connection.query('select 1');
    expect(kinds(server)).toEqual(['DirectQuery', 'DirectQuery']);
  });
});

describe('prepare', () => {
  it('knows the columns, runs by id and prepares again when the server lost the statement', async () => {
    let lost = 0;
    await using server = await startFakeServer(table(3, 2, (r) => r.kind === 'PreparedQuery' && lost-- > 0));
    await using connection = await connect(server.url);
    await using statement = await connection.prepare('select n, s from t where n > ?');
    expect(statement.parameterCount).toBe(1);
    expect(statement.columns.map((c) => c.name)).toEqual(['n', 's']);
    expect((await statement.query([0])).rows).toHaveLength(3);
    lost = 1;
    expect((await statement.query([0])).rows).toHaveLength(3);
    lost = 2;
    await expect(statement.query([0])).rejects.toMatchObject({ code: 'IRIS_STATE' });
    await expect(statement.query([])).rejects.toMatchObject({ code: 'IRIS_VALUE' });
    await statement.close();
    await expect(statement.query([0])).rejects.toMatchObject({ code: 'IRIS_STATE' });
    expect(connection.open).toBe(true);
  });

  it('runs updates', async () => {
    await using server = await startFakeServer((request, out, frame) => {
      if (request.kind === 'Prepare') {
        const reply = {
          feature: { option: 0, maxRowItemCount: 0 },
          columns: [],
          parameters: [],
          statementFlag: 1,
        } as const;
        out.send('Prepare', reply);
      } else table(0, 1)(request, out, frame);
    });
    await using connection = await connect(server.url);
    await using statement = await connection.prepare('insert into t values (?)');
    expect(statement.columns).toEqual([]);
    expect((await statement.query([1])).rowCount).toBe(1);
    expect(kinds(server)).toEqual(['Prepare', 'PreparedUpdate']);
  });
});

describe('executeMany', () => {
  it('sends many sets at once and adds up', async () => {
    await using server = await startFakeServer(table(0, 1));
    await using connection = await connect(server.url);
    const sets = Array.from({ length: 2500 }, (_, n) => [n, `x${n}`]);
    expect(await connection.executeMany('insert into t values (?, ?)', sets)).toBe(2500);
    expect(kinds(server)).toEqual(['DirectUpdate', 'PreparedUpdate', 'PreparedUpdate']);
    expect(await connection.executeMany('insert into t values (?, ?)', [])).toBe(0);
    await expect(connection.executeMany('insert into t values (?, ?)', [[1, 2], [3]])).rejects.toMatchObject({
      code: 'IRIS_VALUE',
    });
    await expect(connection.executeMany('select ?', [[1]])).rejects.toMatchObject({ code: 'IRIS_STATE' });
  });
});

describe('stream', () => {
  it('gives all rows, fetching a page only when the last one is used up', async () => {
    await using server = await startFakeServer(table(10, 3));
    await using connection = await connect(server.url);
    const seen: number[] = [];
    for await (const { n } of connection.stream('select n, s from t')) {
      expect(kinds(server).length).toBe(1 + Math.floor(seen.length / 3));
      seen.push(Number(n));
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('left early leaves the connection clean', async () => {
    await using server = await startFakeServer(table(10, 3));
    await using connection = await connect(server.url);
    for await (const _ of connection.stream('select n, s from t')) break;
    expect(kinds(server)).toEqual(['DirectQuery']);
    expect((await connection.query('select n, s from t')).rows).toHaveLength(10);
    // The half-read cursor's id is not used again.
    expect(server.frames[1]?.statementId).not.toBe(server.frames[0]?.statementId);
  });

  it('lets other requests and streams run in between', async () => {
    await using server = await startFakeServer(table(7, 3));
    await using connection = await connect(server.url);
    const first = connection.stream('select n, s from t', [], { rowMode: 'array' })[Symbol.asyncIterator]();
    const second = connection.stream('select n, s from t', [], { rowMode: 'array' })[Symbol.asyncIterator]();
    for (let n = 0; n < 7; n++) {
      expect((await first.next()).value).toEqual([n, `row ${n}`]);
      await connection.query('delete from t');
      expect((await second.next()).value).toEqual([n, `row ${n}`]);
    }
    expect((await first.next()).done).toBe(true);
    expect((await second.next()).done).toBe(true);
  });

  it('describes its columns, before or without reading', async () => {
    await using server = await startFakeServer(table(7, 3));
    await using connection = await connect(server.url);
    const stream = connection.stream('select n, s from t');
    expect((await stream.columns).map((c) => c.name)).toEqual(['n', 's']);
    const pages: number[] = [];
    for await (const page of stream.pages()) pages.push(page.length);
    expect(pages).toEqual([3, 3, 1]);
    await expect(stream.pages().next()).rejects.toMatchObject({ code: 'IRIS_STATE' });
  });

  it('stops at maxRows', async () => {
    await using server = await startFakeServer(table(100, 3));
    await using connection = await connect(server.url);
    let count = 0;
    for await (const _ of connection.stream('select n, s from t', [], { maxRows: 4 })) count++;
    expect(count).toBe(4);
    expect(kinds(server)).toEqual(['DirectQuery', 'Fetch']);
  });

  it('passes errors on, from opening and from fetching', async () => {
    await using server = await startFakeServer((request, out, frame) => {
      if (request.kind === 'Fetch') out.status(-400);
      else if (request.kind === 'DirectQuery' && request.text.includes('nosuch')) out.status(-30);
      else table(10, 3)(request, out, frame);
    });
    await using connection = await connect(server.url);
    const missing = connection.stream('select * from nosuch');
    await expect(missing.columns).rejects.toMatchObject({ sqlcode: -30 });
    let count = 0;
    await expect(
      (async () => {
        for await (const _ of connection.stream('select n, s from t')) count++;
      })(),
    ).rejects.toMatchObject({ sqlcode: -400 });
    expect(count).toBe(3);
    expect(() => connection.stream('delete from t')).toThrow(/Only statements that give rows/);
    await connection.ping();
  });
});

describe('a type parser that throws', () => {
  it('rejects the query with its error and leaves the connection usable', async () => {
    await using server = await startFakeServer(table(10, 3));
    const failing = {
      VARCHAR: () => {
        throw new RangeError('no');
      },
    };
    await using connection = await connect({ user: 'u', port: server.port, parsers: failing });
    await expect(connection.query('select n, s from t')).rejects.toThrow(RangeError);
    await expect(connection.stream('select n, s from t').pages().next()).rejects.toThrow(RangeError);
    await connection.ping();
  });
});

describe('errors of the server', () => {
  it('carry the SQLCODE, the text, %msg and the SQLSTATE', async () => {
    await using server = await startFakeServer((request, out) => {
      if (request.kind === 'ErrorText')
        out.send('ErrorText', { message: '[SQLCODE: <-119>:<unique>]\r\n[%msg: <T.x is > 5>]' });
      else out.status(-119);
    });
    await using connection = await connect(server.url);
    await expect(connection.query('insert into t values (1)')).rejects.toMatchObject({
      code: 'IRIS_SQL',
      sqlcode: -119,
      sqlstate: '23505',
      retry: 'no',
      details: { msg: 'T.x is > 5' },
    });
    expect(server.requests.at(-1)).toEqual({ kind: 'ErrorText', status: 119 });
  });

  it('without a text have the one of the table', async () => {
    await using server = await startFakeServer((_request, out) => {
      out.status(-30);
    });
    await using connection = await connect(server.url);
    await expect(connection.query('select 1')).rejects.toThrow(/SQLCODE: <-30>:<Table or view not found>/);
  });

  it('in the second reply of a query are errors too', async () => {
    await using server = await startFakeServer((request, out) => {
      if (request.kind === 'DirectQuery') {
        const feature = { option: 0, maxRowItemCount: 0 } as const;
        out.send('DirectQuery', { feature, columns, parameters: [], statementFlag: 1 });
        out.status(-400);
      } else out.send('ErrorText', { message: 'x' });
    });
    await using connection = await connect(server.url);
    await expect(connection.query('select 1')).rejects.toMatchObject({ sqlcode: -400 });
    expect(connection.open).toBe(true);
  });
});

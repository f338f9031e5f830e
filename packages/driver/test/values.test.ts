import { describe, expect, it } from '@jest/globals';
import type { SqlParameter } from '@iris-devtools/core';
import { connect, parseVector, type IrisConnectionOptions } from '@iris-devtools/driver';
import { TYPE_CODE, type ListItem } from '@iris-devtools/protocol';
import { column, startFakeServer } from './fake-server.js';

const user = { user: '_SYSTEM', password: 'SYS' };

async function sentFor(value: SqlParameter): Promise<unknown> {
  await using server = await startFakeServer((request, out) => {
    if (request.kind === 'DirectUpdate')
      out.send('DirectUpdate', { parameters: [], statementFlag: 0, rowsAffected: [1] });
  });
  await using connection = await connect({ ...user, port: server.port });
  await connection.query('insert into t values (?)', [value]);
  const [request] = server.requests;
  return request?.kind === 'DirectUpdate' ? request.values.sets[0]?.[0] : undefined;
}

async function readOf(
  typeCode: number,
  item: ListItem,
  options: Partial<IrisConnectionOptions> = {},
  features = 1,
): Promise<unknown> {
  await using server = await startFakeServer(
    (_request, out) => {
      out.rows([column('v', typeCode)], [[item]]);
    },
    { features },
  );
  await using connection = await connect({ ...user, port: server.port, ...options });
  const { rows } = await connection.query('select v from t', [], { rowMode: 'array' });
  return rows[0]?.[0];
}

describe('parameters', () => {
  it.each<[SqlParameter, unknown]>([
    [null, { type: 'string', value: '' }],
    [undefined, { type: 'string', value: '' }],
    ['', { type: 'string', value: '\0' }],
    ['abc', { type: 'string', value: 'abc' }],
    ['é', { type: 'string', value: 'é' }],
    ['ж\u{1F600}', { type: 'string', value: 'ж\u{1F600}', wide: true }],
    ['12.50', { type: 'string', value: '12.50' }],
    [true, { type: 'integer', value: 1 }],
    [false, { type: 'integer', value: 0 }],
    [0, { type: 'integer', value: 0 }],
    [-257, { type: 'integer', value: -257 }],
    [-0, { type: 'double', value: -0 }],
    [1.5, { type: 'double', value: 1.5 }],
    [1e300, { type: 'double', value: 1e300 }],
    [2n ** 63n - 1n, { type: 'integer', value: 2n ** 63n - 1n }],
    [2n ** 70n, { type: 'string', value: (2n ** 70n).toString() }],
    [new Date(Date.UTC(2024, 1, 29, 12, 34, 56, 789)), { type: 'string', value: '2024-02-29 12:34:56.789' }],
    [Uint8Array.of(0, 255), { type: 'string', value: '\0ÿ' }],
    [Float64Array.of(1, 2.5, -3), { type: 'string', value: '1,2.5,-3' }],
    [Float32Array.of(0.5, 1), { type: 'string', value: '0.5,1' }],
    [[1, 2], { type: 'string', value: '1,2' }],
  ])('%p', async (value, item) => {
    expect(await sentFor(value)).toEqual(item);
  });

  it('doubles go in compact form to a server that announced it', async () => {
    await using server = await startFakeServer(
      (request, out) => {
        const columns = [column('v', TYPE_CODE.DOUBLE)];
        if (request.kind === 'DirectQuery') out.rows(columns, [request.values.sets[0] ?? []]);
        else if (request.kind === 'PreparedQuery') out.page(columns, [request.values.sets[0] ?? []]);
      },
      { compactDoubles: true },
    );
    await using connection = await connect(server.url);
    for (const value of [0.5, -0, 0.1, 1e300, Number.POSITIVE_INFINITY]) {
      const { rows } = await connection.query('select ? as v', [value]);
      expect(rows[0]?.['v']).toBe(value);
    }
    const half = server.frames.find((frame) => frame.payload.includes(Buffer.from([3, 8, 0x3f])));
    expect(half).toBeDefined();
  });

  it('without a form are refused before anything is sent', async () => {
    await using server = await startFakeServer(() => undefined);
    await using connection = await connect(server.url);
    for (const value of [
      new Date(Number.NaN),
      [1, Number.NaN],
      Float64Array.of(Number.POSITIVE_INFINITY),
      {},
      Symbol.iterator,
    ]) {
      await expect(
        connection.query('insert into t values (?)', [value as SqlParameter]),
      ).rejects.toMatchObject({ code: 'IRIS_VALUE' });
    }
    expect(server.requests).toEqual([]);
  });

  it('must be as many as the statement has', async () => {
    await using server = await startFakeServer(() => undefined);
    await using connection = await connect(server.url);
    await expect(connection.query('select ?, ?', [1])).rejects.toMatchObject({ code: 'IRIS_VALUE' });
    await expect(connection.query('select :a', { b: 1 })).rejects.toThrow(/no value for the parameter :a/);
    expect(server.requests).toEqual([]);
  });
});

const text = (value: string): ListItem => ({ type: 'string', value });
const int = (value: number | bigint): ListItem => ({ type: 'integer', value });

describe('values of columns', () => {
  const cases: [string, number, ListItem, unknown, Partial<IrisConnectionOptions>?][] = [
    ['NULL as undefined', TYPE_CODE.VARCHAR, { type: 'undefined' }, null],
    ['NULL as an empty item', TYPE_CODE.VARCHAR, text(''), null],
    ['NULL of a number', TYPE_CODE.INTEGER, text(''), null],
    ['the empty string', TYPE_CODE.VARCHAR, text('\0'), ''],
    ['text', TYPE_CODE.VARCHAR, text('x é'), 'x é'],
    ['wide text', TYPE_CODE.WVARCHAR, { type: 'string', value: 'ж\u{1F600}', wide: true }, 'ж\u{1F600}'],
    ['a number as VARCHAR', TYPE_CODE.VARCHAR, int(5), '5'],
    ['INTEGER', TYPE_CODE.INTEGER, int(-257), -257],
    ['INTEGER as text', TYPE_CODE.INTEGER, text('42'), 42],
    ['SMALLINT 0', TYPE_CODE.SMALLINT, int(0), 0],
    ['BIT', TYPE_CODE.BIT, int(1), true],
    ['BIT as text', TYPE_CODE.BIT, text('0'), false],
    ['BIGINT', TYPE_CODE.BIGINT, int(2n ** 62n), 2n ** 62n],
    ['small BIGINT', TYPE_CODE.BIGINT, int(7), 7n],
    ['BIGINT as text', TYPE_CODE.BIGINT, text('-9223372036854775808'), -(2n ** 63n)],
    ['BIGINT to string', TYPE_CODE.BIGINT, int(2n ** 62n), String(2n ** 62n), { bigint: 'string' }],
    ['BIGINT to number', TYPE_CODE.BIGINT, int(7), 7, { bigint: 'number' }],
    ['NUMERIC', TYPE_CODE.NUMERIC, { type: 'decimal', value: { mantissa: 150n, exponent: -2 } }, '1.5'],
    [
      'large NUMERIC',
      TYPE_CODE.NUMERIC,
      { type: 'decimal', value: { mantissa: 2n ** 62n, exponent: -18 } },
      '4.611686018427387904',
    ],
    ['NUMERIC as integer', TYPE_CODE.NUMERIC, int(2n ** 62n), String(2n ** 62n)],
    ['NUMERIC as text', TYPE_CODE.DECIMAL, text('12345678901234567890.10'), '12345678901234567890.10'],
    ['NUMERIC as double', TYPE_CODE.NUMERIC, { type: 'double', value: 1e21 }, '1000000000000000000000'],
    ['DOUBLE', TYPE_CODE.DOUBLE, { type: 'double', value: 0.1 }, 0.1],
    ['DOUBLE as integer', TYPE_CODE.DOUBLE, int(3), 3],
    ['DOUBLE as text', TYPE_CODE.DOUBLE, text('-INF'), Number.NEGATIVE_INFINITY],
    ['DATE', TYPE_CODE.DATE, text('2024-02-29'), '2024-02-29'],
    ['DATE as $HOROLOG', TYPE_CODE.DATE, int(66_904), '2024-03-05'],
    ['DATE as $HOROLOG text', TYPE_CODE.DATE, text('66904'), '2024-03-05'],
    ['DATE 1091', TYPE_CODE.DATE_HOROLOG, int(0), '1840-12-31'],
    ['old DATE code', 9, text('2024-02-29'), '2024-02-29'],
    ['TIME', TYPE_CODE.TIME, text('01:02:03'), '01:02:03'],
    ['TIME as seconds', TYPE_CODE.TIME, int(3723), '01:02:03'],
    ['TIMESTAMP', TYPE_CODE.TIMESTAMP, text('2024-02-29 01:02:03.5'), '2024-02-29 01:02:03.5'],
    ['POSIXTIME', TYPE_CODE.TIMESTAMP_POSIX, int(1154679522636970432n), '2025-09-16 10:20:30.123456'],
    ['POSIXTIME as text', TYPE_CODE.TIMESTAMP_POSIX, text('2025-09-16 10:20:30'), '2025-09-16 10:20:30'],
    ['GUID', TYPE_CODE.GUID, text('A-B'), 'A-B'],
    [
      'VARBINARY',
      TYPE_CODE.VARBINARY,
      { type: 'bytes', value: Uint8Array.of(0, 1, 255) },
      Buffer.from([0, 1, 255]),
    ],
    ['empty VARBINARY', TYPE_CODE.VARBINARY, text('\0'), Buffer.alloc(0)],
    ['unknown type', 4711, int(5), 5],
    [
      'a parser',
      TYPE_CODE.VARCHAR,
      text('1,2'),
      Float64Array.of(1, 2),
      { parsers: { VARCHAR: parseVector } },
    ],
    ['a parser for NULL', TYPE_CODE.VARCHAR, text(''), null, { parsers: { VARCHAR: () => 'never' } }],
  ];
  it.each(cases.map((row) => ({ name: row[0], row })))('$name', async ({ row }) => {
    const [, typeCode, item, expected, options] = row;
    expect(await readOf(typeCode, item, options, 1)).toEqual(expected);
    expect(await readOf(typeCode, item, options, 0)).toEqual(expected);
  });

  it('are refused when a number cannot hold them and numbers are asked for', async () => {
    await expect(readOf(TYPE_CODE.BIGINT, int(2n ** 62n), { bigint: 'number' })).rejects.toMatchObject({
      code: 'IRIS_VALUE',
    });
  });

  it('with the same or dangerous names make safe objects', async () => {
    await using server = await startFakeServer((_request, out) => {
      out.rows([column('__proto__', 4), column('a', 4), column('a', 4)], [[int(1), int(2), int(3)]]);
    });
    await using connection = await connect(server.url);
    const { rows } = await connection.query('select 1, 2 as a, 3 as a');
    expect(Object.entries(rows[0] ?? {})).toEqual([
      ['__proto__', 1],
      ['a', 3],
    ]);
  });

  it('vectors', () => {
    expect(parseVector('[1, 2.5,-3e2]')).toEqual(Float64Array.of(1, 2.5, -300));
    expect(parseVector('')).toEqual(new Float64Array(0));
    expect(() => parseVector('1,,2')).toThrow(/Element 1/);
    expect(() => parseVector(5)).toThrow(/is text/);
  });
});

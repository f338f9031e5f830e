import { describe, expect, it } from '@jest/globals';
import { connect, OUT } from '@iris-devtools/driver';
import { encodeItems, TYPE_CODE, type ListItem, type ProcedureDescription } from '@iris-devtools/protocol';
import { column, startFakeServer, type Answer } from './fake-server.js';

const columns = [column('n', 4)];
const parameter = (name: string, typeCode = 4): ProcedureDescription['parameters'][number] => ({
  typeCode,
  precision: 10,
  scale: 0,
  nullable: true,
  name,
});
const described = (more: Partial<ProcedureDescription>): ProcedureDescription => ({
  results: 'query',
  hasReturnValue: false,
  columns: [],
  parameters: [parameter('p'), parameter('q', 12)],
  ...more,
});
const int = (value: number): ListItem => ({ type: 'integer', value });
const text = (value: string): ListItem => ({ type: 'string', value });
/** One page whose rows are these items. */
const page = (...items: ListItem[]): Buffer => encodeItems(items);

const DESCRIPTIONS: Readonly<Record<string, ProcedureDescription>> = {
  'S.Rows': described({ columns }),
  'S.Change': described({
    results: 'update',
    hasReturnValue: true,
    parameters: [parameter(''), parameter('p')],
  }),
  'S.Many': described({ results: 'multiple' }),
  'S.Object': described({ results: 'update', parameters: [parameter('rows', TYPE_CODE.RESULT_SET)] }),
};

/** A server with four procedures, whose answers are what the official Python client 5.4.1 understands. */
function procedures(): Answer {
  let more = 0;
  return (request, out) => {
    switch (request.kind) {
      case 'PrepareProcedure': {
        const description = DESCRIPTIONS[request.text];
        if (description === undefined) out.status(-428);
        else out.send('PrepareProcedure', description);
        return;
      }
      case 'ProcedureQuery':
        out.send('ProcedureQuery', { items: [int(7), text('out')] });
        out.page(columns, [[int(1)]], true);
        return;
      case 'FetchProcedure':
        out.page(columns, [[int(2)]]);
        return;
      case 'ProcedureUpdate':
        if (request.values.length === 1 && request.values[0]?.type === 'undefined')
          out.send('ProcedureUpdate', { items: [{ type: 'oref', value: '7@%SQL.StatementResult' }, int(0)] });
        else out.send('ProcedureUpdate', { items: [int(42), text(''), int(3)] });
        return;
      case 'ProcedureMultiple':
        out.send('ProcedureMultiple', {
          items: [int(5), text('\0')],
          result: { type: 'rows', columns, rows: page(int(8)) },
        });
        return;
      case 'FetchMultiple':
        out.payload(page(int(9)), 100);
        return;
      case 'MoreResults':
        if (++more === 1) out.send('MoreResults', { type: 'update', rowsAffected: 4 });
        else if (more === 2) out.send('MoreResults', { type: 'rows', columns, rows: page(int(10)) }, 100);
        else out.send('MoreResults', { type: 'done' });
        return;
      case 'ResultSetObject':
        if (request.more) out.payload(page(int(2)), 100);
        else out.send('ResultSetObject', { columns, rows: page(int(1)) });
        return;
      case 'ErrorText':
        out.send('ErrorText', { message: 'no such procedure' });
    }
  };
}

describe('stored procedures', () => {
  it('with a result set give its rows, over all pages, and the outputs', async () => {
    await using server = await startFakeServer(procedures());
    await using connection = await connect(server.url);
    const { outputs, results, parameters, returnValue } = await connection.call('CALL S.Rows(?, ?)', [
      5,
      OUT,
    ]);
    expect(outputs).toEqual([7, 'out']);
    expect(returnValue).toBeUndefined();
    expect(parameters.map(({ name, type }) => [name, type])).toEqual([
      ['p', 'INTEGER'],
      ['q', 'VARCHAR'],
    ]);
    expect(results).toMatchObject([{ rows: [{ n: 1 }, { n: 2 }], rowCount: 2 }]);
    expect(server.requests.map(({ kind }) => kind)).toEqual([
      'PrepareProcedure',
      'ProcedureQuery',
      'FetchProcedure',
    ]);
    expect(server.requests[1]).toMatchObject({ values: [int(5), { type: 'undefined' }] });
  });

  it('send what is missing or NULL as undefined, and the empty string as itself', async () => {
    await using server = await startFakeServer(procedures());
    await using connection = await connect(server.url);
    await connection.call('S.Rows', ['']);
    expect(server.requests[1]).toMatchObject({ values: [text('\0'), { type: 'undefined' }] });
    await connection.call('S.Rows', [null, 'x']);
    expect(server.requests.at(-2)).toMatchObject({ values: [{ type: 'undefined' }, text('x')] });
  });

  it('without one give the return value, outputs and the number of changes', async () => {
    await using server = await startFakeServer(procedures());
    await using connection = await connect(server.url);
    const result = await connection.call('{? = CALL S.Change(?)}', [1]);
    expect(result).toMatchObject({
      returnValue: 42,
      outputs: [null],
      results: [{ rowCount: 3, columns: [] }],
    });
    expect(result.parameters).toHaveLength(1);
  });

  it('with many give them in order', async () => {
    await using server = await startFakeServer(procedures());
    await using connection = await connect(server.url);
    const { outputs, results } = await connection.call('S.Many', [1], { rowMode: 'array' });
    expect(outputs).toEqual([5, '']);
    expect(results.map(({ rows, rowCount }) => [rows, rowCount])).toEqual([
      [[[8], [9]], 2],
      [[], 4],
      [[[10]], 1],
    ]);
  });

  it('give the rows of a result set object', async () => {
    await using server = await startFakeServer(procedures());
    await using connection = await connect(server.url);
    const { outputs } = await connection.call('S.Object', [OUT]);
    expect(outputs).toMatchObject([{ rows: [{ n: 1 }, { n: 2 }] }]);
  });

  it('that always have one more result are given up', async () => {
    await using server = await startFakeServer((request, out, frame) => {
      if (request.kind === 'MoreResults') out.send('MoreResults', { type: 'update', rowsAffected: 1 });
      else procedures()(request, out, frame);
    });
    const connection = await connect(server.url);
    await expect(connection.call('S.Many')).rejects.toMatchObject({ code: 'IRIS_PROTOCOL' });
    expect(connection.open).toBe(false);
  });

  it('that do not exist are an SQL error', async () => {
    await using server = await startFakeServer(procedures());
    await using connection = await connect(server.url);
    await expect(connection.call('nosuch')).rejects.toMatchObject({ sqlcode: -428 });
    await expect(connection.call('S.Rows', [Symbol('x') as never])).rejects.toMatchObject({
      code: 'IRIS_VALUE',
    });
    await expect(connection.call('S.Rows', [1, 2, 3])).rejects.toMatchObject({ code: 'IRIS_VALUE' });
    await connection.call('S.Rows');
  });

  it.each([
    ['S.P', 'S.P'],
    [' "my schema" . "a""b" ', '"my schema" . "a""b"'],
    ['call P ( )', 'P'],
    ['? = CALL %SYS.P()', '%SYS.P'],
  ])('%s is a call of %s', async (call, name) => {
    await using server = await startFakeServer(procedures());
    await using connection = await connect(server.url);
    await connection.call(call).catch(() => undefined);
    expect(server.requests[0]).toEqual({ kind: 'PrepareProcedure', text: name });
  });

  it.each([
    '',
    'CALL',
    'S.P(1)',
    "CALL S.P('?')",
    'CALL S.P(?, 1)',
    'CALL S.P(?)',
    'S.P; DROP TABLE t',
    '{S.P',
  ])('%j is no call without arguments', async (call) => {
    await using server = await startFakeServer(procedures());
    await using connection = await connect(server.url);
    await expect(connection.call(call)).rejects.toMatchObject({ code: 'IRIS_VALUE' });
    expect(server.requests).toEqual([]);
  });
});

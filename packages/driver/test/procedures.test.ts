import { describe, expect, it } from '@jest/globals';
import { connect, OUT } from '@iris-devtools/driver';
import type { ProcedureDescription } from '@iris-devtools/protocol';
import { column, startFakeServer, type Answer } from './fake-server.js';

const columns = [column('n', 4)];
const described = (more: Partial<ProcedureDescription>): ProcedureDescription => ({
  results: 'query',
  hasReturnValue: false,
  columns: [],
  parameters: [{ typeCode: 4, precision: 10, scale: 0, nullable: true, name: 'p' }],
  ...more,
});
const int = (value: number): { type: 'integer'; value: number } => ({ type: 'integer', value });

const answer: Answer = (request, out) => {
  if (request.kind === 'PrepareProcedure') {
    if (request.text === 'rows') out.send('PrepareProcedure', described({ columns }));
    else if (request.text === 'change')
      out.send('PrepareProcedure', described({ results: 'update', hasReturnValue: true }));
    else if (request.text === 'many') out.send('PrepareProcedure', described({ results: 'multiple' }));
    else out.status(-428);
  } else if (request.kind === 'ProcedureQuery') {
    out.send('ProcedureQuery', { items: [int(7)] });
    out.page(columns, [[int(1)]], true);
  } else if (request.kind === 'Fetch') out.page(columns, [[int(2)]]);
  else if (request.kind === 'ProcedureUpdate')
    out.send('ProcedureUpdate', { items: [int(42), int(8), int(3)] });
  else if (request.kind === 'ProcedureMultiple')
    out.send('ProcedureMultiple', { items: [{ type: 'string', value: 'out' }] });
  else if (request.kind === 'ErrorText') out.send('ErrorText', { message: 'no such procedure' });
};

describe('stored procedures', () => {
  it('with a result set give its rows, over all pages, and the outputs', async () => {
    await using server = await startFakeServer(answer);
    await using connection = await connect(server.url);
    const { outputs, results } = await connection.call('rows', [5, OUT]);
    expect(outputs).toEqual([7]);
    expect(results).toMatchObject([{ rows: [{ n: 1 }, { n: 2 }], rowCount: 2 }]);
    expect(server.requests[1]).toMatchObject({ values: [int(5), { type: 'undefined' }] });
  });

  it('without one give outputs and the number of changes', async () => {
    await using server = await startFakeServer(answer);
    await using connection = await connect(server.url);
    const result = await connection.call('change', [1]);
    expect(result).toMatchObject({
      hasReturnValue: true,
      outputs: [42, 8],
      results: [{ rowCount: 3, columns: [] }],
    });
  });

  it('with many give them in order', async () => {
    let more = 0;
    await using server = await startFakeServer((request, out, frame) => {
      if (request.kind !== 'MoreResults') answer(request, out, frame);
      else if (++more === 1)
        out.send('MoreResults', { type: 'rows', columns, rows: Buffer.from([3, 4, 9]) }, 100);
      else if (more === 2) out.send('MoreResults', { type: 'update', rowsAffected: 4 });
      else out.send('MoreResults', { type: 'done' });
    });
    await using connection = await connect(server.url);
    const { outputs, results } = await connection.call('many', [1], { rowMode: 'array' });
    expect(outputs).toEqual(['out']);
    expect(results.map(({ rows, rowCount }) => [rows, rowCount])).toEqual([
      [[[9]], 1],
      [[], 4],
    ]);
  });

  it('that do not exist are an SQL error', async () => {
    await using server = await startFakeServer(answer);
    await using connection = await connect(server.url);
    await expect(connection.call('nosuch')).rejects.toMatchObject({ sqlcode: -428 });
    await expect(connection.call('rows', [Symbol('x') as never])).rejects.toMatchObject({
      code: 'IRIS_VALUE',
    });
  });
});

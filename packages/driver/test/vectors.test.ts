import { describe, expect, it } from '@jest/globals';
import { connect } from '@iris-devtools/driver';
import { column, startFakeServer, type Answer } from './fake-server.js';

const columns = [column('v', 12, { table: 'T', schema: 'S' })];

/** One row of a vector; `catalog` answers the look-up. */
function answers(catalog: Answer): Answer {
  return (request, out, frame) => {
    if (request.kind === 'ErrorText') out.send('ErrorText', { message: 'refused' });
    else if (request.kind === 'DirectQuery' && request.text.includes('INFORMATION_SCHEMA'))
      catalog(request, out, frame);
    else if (request.kind === 'DirectQuery')
      out.rows(columns, [[{ type: 'string', value: '1,.5' }]], false, 0);
  };
}

const catalogColumns = ['TABLE_SCHEMA', 'TABLE_NAME', 'COLUMN_NAME', 'VECTOR_TYPE'].map((name) =>
  column(name, 12),
);
const text = (value: string): { type: 'string'; value: string } => ({ type: 'string', value });

describe('VECTOR columns', () => {
  it('stay text when the catalog may not be read, which is asked once', async () => {
    await using server = await startFakeServer(
      answers((_request, out) => {
        out.status(-99);
      }),
    );
    await using connection = await connect(server.url);
    expect((await connection.query('select v from S.T')).rows).toEqual([{ v: '1,.5' }]);
    expect((await connection.query('select v from S.T')).rows).toEqual([{ v: '1,.5' }]);
    expect(server.requests.map(({ kind }) => kind)).toEqual([
      'DirectQuery',
      'DirectQuery',
      'ErrorText',
      'DirectQuery',
    ]);
  });

  it('are found whatever the case of the names', async () => {
    await using server = await startFakeServer(
      answers((_request, out) => {
        out.rows(catalogColumns, [[text('s'), text('t'), text('V'), text('float')]], false, 0);
      }),
    );
    await using connection = await connect(server.url);
    expect((await connection.query('select v from S.T')).rows).toEqual([{ v: Float32Array.of(1, 0.5) }]);
    expect(server.requests[1]).toMatchObject({ values: { sets: [[text('S'), text('T')]] } });
  });

  it('make no sense of a catalog that talks nonsense', async () => {
    await using server = await startFakeServer(
      answers((_request, out) => {
        out.rows(
          catalogColumns,
          [[{ type: 'undefined' }, text('t'), { type: 'integer', value: 3 }, text('')]],
          false,
          0,
        );
      }),
    );
    await using connection = await connect(server.url);
    expect((await connection.query('select v from S.T')).rows).toEqual([{ v: '1,.5' }]);
  });

  it('are not worth a connection that breaks', async () => {
    await using server = await startFakeServer(
      answers(() => {
        server.dropAll();
      }),
    );
    await using connection = await connect(server.url);
    await expect(connection.query('select v from S.T')).rejects.toMatchObject({
      code: 'IRIS_CONNECTION_LOST',
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeReply, readRows, STATUS } from '@iris-devtools/protocol';
import type { ListItem, MessageKind, Request } from '@iris-devtools/protocol';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import { RawClient } from './raw-client.js';
import { query, update } from './requests.js';

const text = (value: string): ListItem => ({ type: 'string', value });
const integer = (value: number): ListItem => ({ type: 'integer', value });

type CatalogRequest = Extract<Request, { readonly kind: Extract<MessageKind, `Catalog${string}`> }>;

/** What the official JDBC driver 3.10.3 was seen to send; `npm run test:interop -- jdbc` runs the driver itself. */
describe('ways of the official JDBC driver', () => {
  let emulator: Emulator;
  let client: RawClient;
  beforeAll(async () => {
    emulator = await startEmulator();
    client = await RawClient.login(emulator.port, { features: 59, isolationLevel: 1 });
    for (const sql of [
      'CREATE TABLE J.Parent (Id INTEGER PRIMARY KEY, Name VARCHAR(50) NOT NULL, Price NUMERIC(10,2), Note LONGVARCHAR)',
      'CREATE INDEX ByName ON J.Parent (Name)',
      'CREATE TABLE J.Child (Id IDENTITY PRIMARY KEY, ParentId INTEGER, CONSTRAINT ToParent FOREIGN KEY (ParentId) REFERENCES J.Parent (Id) ON DELETE CASCADE)',
      'CREATE VIEW J.Shown AS SELECT Name FROM J.Parent',
      'CREATE PROCEDURE J.Find(IN a INTEGER) LANGUAGE SQL BEGIN SELECT Name FROM J.Parent WHERE Id = :a; END',
      'CREATE FUNCTION J.Twice(a INTEGER) RETURNS INTEGER LANGUAGE SQL BEGIN RETURN :a * 2; END',
    ]) {
      expect((await client.exchange(update(sql), 1)).code).toBe(STATUS.OK);
    }
  });
  afterAll(async () => {
    await client.close();
    await emulator.stop();
  });

  /** The two replies of a catalog request: rows as objects by column name, without what is NULL. */
  async function catalog(request: CatalogRequest): Promise<Record<string, unknown>[]> {
    const first = await client.exchange(request, 5);
    expect(first.code).toBe(STATUS.OK);
    const { columns, feature } = decodeReply('CatalogTables', first, client.options);
    const page = await client.frame();
    expect(page?.code).toBe(STATUS.NO_MORE_DATA);
    const rows = readRows(page?.payload ?? Buffer.alloc(0), { feature, columnCount: columns.length });
    return rows.map((row) =>
      Object.fromEntries(
        row.flatMap((cell, index) =>
          'value' in cell && cell.value !== '' ? [[columns[index]?.name ?? '', cell.value]] : [],
        ),
      ),
    );
  }

  it('lists tables by kind, in the words of JDBC', async () => {
    expect(await catalog({ kind: 'CatalogTables', table: '%', types: 'TABLE,VIEW', schema: 'j' })).toEqual([
      { TABLE_SCHEM: 'J', TABLE_NAME: 'Child', TABLE_TYPE: 'TABLE' },
      { TABLE_SCHEM: 'J', TABLE_NAME: 'Parent', TABLE_TYPE: 'TABLE' },
      { TABLE_SCHEM: 'J', TABLE_NAME: 'Shown', TABLE_TYPE: 'VIEW' },
    ]);
    const escaped = await catalog({ kind: 'CatalogTables', table: 'P\\_rent', types: '%', schema: 'J' });
    expect(escaped).toEqual([]);
    const none = await catalog({ kind: 'CatalogTables', table: '%', types: 'TABLE', schema: '' });
    expect(none).toEqual([]);
    const types = await catalog({ kind: 'CatalogTableTypes' });
    expect(types.map((row) => row['TABLE_TYPE'])).toEqual(expect.arrayContaining(['TABLE', 'VIEW']));
    expect(await catalog({ kind: 'CatalogSchemas', schema: 'J' })).toEqual([{ TABLE_SCHEM: 'J' }]);
    expect(await catalog({ kind: 'CatalogNamespaces' })).toEqual([]);
  });

  it('describes columns and types', async () => {
    const columns = await catalog({ kind: 'CatalogColumns', table: 'PARENT', column: '%', schema: 'J' });
    expect(columns).toMatchObject([
      { COLUMN_NAME: 'Id', DATA_TYPE: 4, TYPE_NAME: 'INTEGER', NULLABLE: 0, ORDINAL_POSITION: 1 },
      { COLUMN_NAME: 'Name', DATA_TYPE: 12, COLUMN_SIZE: 50, CHAR_OCTET_LENGTH: 50, IS_NULLABLE: 'NO' },
      { COLUMN_NAME: 'Price', DATA_TYPE: 2, COLUMN_SIZE: 10, DECIMAL_DIGITS: 2, NULLABLE: 1 },
      { COLUMN_NAME: 'Note', DATA_TYPE: -1 },
    ]);
    const types = await catalog({ kind: 'CatalogTypes' });
    expect(types).toContainEqual(
      expect.objectContaining({ TYPE_NAME: 'NUMERIC', DATA_TYPE: 2, MAXIMUM_SCALE: 18 }),
    );
    const rowId = await catalog({ kind: 'CatalogBestRowId', table: 'Parent', schema: 'J' });
    expect(rowId).toMatchObject([{ SCOPE: 2, COLUMN_NAME: 'Id' }]);
    expect(await catalog({ kind: 'CatalogVersionColumns', table: 'Parent', schema: 'J' })).toEqual([]);
  });

  it('describes keys and indexes', async () => {
    expect(await catalog({ kind: 'CatalogPrimaryKeys', table: 'parent', schema: '%' })).toMatchObject([
      { TABLE_NAME: 'Parent', COLUMN_NAME: 'Id', KEY_SEQ: 1 },
    ]);
    const key = {
      PKTABLE_NAME: 'Parent',
      PKCOLUMN_NAME: 'Id',
      FKTABLE_NAME: 'Child',
      FKCOLUMN_NAME: 'ParentId',
    };
    const rules = { FK_NAME: 'ToParent', DELETE_RULE: 0, UPDATE_RULE: 3, DEFERRABILITY: 7 };
    const expected = [{ ...key, ...rules }];
    expect(await catalog({ kind: 'CatalogImportedKeys', table: 'Child', schema: 'J' })).toMatchObject(
      expected,
    );
    expect(await catalog({ kind: 'CatalogExportedKeys', table: 'Parent', schema: 'J' })).toMatchObject(
      expected,
    );
    const between = { parentTable: 'Parent', parentSchema: 'J', foreignTable: 'Child', foreignSchema: 'J' };
    expect(await catalog({ kind: 'CatalogCrossReference', ...between })).toMatchObject(expected);
    expect(await catalog({ kind: 'CatalogCrossReference', ...between, foreignSchema: 'K' })).toEqual([]);
    const all = await catalog({ kind: 'CatalogIndexes', table: 'Parent', schema: 'J', nonUnique: '1' });
    expect(all.map((row) => [row['COLUMN_NAME'], row['NON_UNIQUE']])).toEqual([
      ['Id', 0],
      ['Name', 1],
    ]);
    const unique = await catalog({ kind: 'CatalogIndexes', table: 'Parent', schema: 'J', nonUnique: '0' });
    expect(unique).toHaveLength(1);
  });

  it('describes procedures and functions', async () => {
    expect(await catalog({ kind: 'CatalogProcedures', procedure: '%', schema: 'J' })).toMatchObject([
      { PROCEDURE_NAME: 'Find' },
    ]);
    const found = await catalog({
      kind: 'CatalogProcedureColumns',
      procedure: 'Find',
      column: '%',
      schema: 'J',
    });
    expect(found).toMatchObject([{ COLUMN_NAME: 'a', COLUMN_TYPE: 1, DATA_TYPE: 4 }]);
    expect(await catalog({ kind: 'CatalogFunctions', procedure: 'T%', schema: '%' })).toMatchObject([
      { FUNCTION_NAME: 'Twice' },
    ]);
    const inputs = await catalog({
      kind: 'CatalogFunctionColumns',
      procedure: 'Twice',
      column: '%',
      schema: 'J',
    });
    expect(inputs).toMatchObject([{ COLUMN_NAME: 'a' }]);
  });

  it('refuses what is asked with too few arguments, and kinds that it does not know', async () => {
    const refused = await client.exchange({ kind: 'CatalogTablePrivileges', table: '%', schema: '%' }, 5);
    expect(refused.code).toBe(409);
    const other = await RawClient.login(emulator.port);
    other.sendFrame(0x4b50, Buffer.from('0304010304010301 54'.replace(' ', ''), 'hex'));
    expect(await other.frame()).toBeUndefined();
  });

  it('runs a batch of statements, each with its literals as values', async () => {
    const values = (...items: ListItem[]) => ({ count: items.length, sets: [items] });
    const statements = [
      {
        text: 'INSERT INTO J . Parent ( Id , Name ) VALUES ( :%qpar(1) , :%qpar(2) )',
        values: values(text('20'), text('a')),
      },
      {
        text: 'UPDATE J . Parent SET Price = :%qpar(1) WHERE Id >= :%qpar(2)',
        values: values(text('1'), text('20')),
      },
    ];
    expect(await client.call({ kind: 'StatementBatch', timeoutSeconds: 0, statements })).toEqual({
      rowsAffected: [1, 1],
    });
    const rows = { text: 'SELECT 1', values: values() };
    const refused = await client.exchange({ kind: 'StatementBatch', timeoutSeconds: 0, statements: [rows] });
    expect(refused.code).toBe(466);
  });

  it('binds the stream that it wrote by the text of its OREF, and reads parts by characters', async () => {
    const chunk = Buffer.from('жé'.repeat(1000));
    const { stream } = await client.call({ kind: 'StoreCharacterStream', stream: '0', chunk });
    expect(stream).toMatch(/^\d+@%Stream\.TmpCharacter$/);
    const insert = update('INSERT INTO J.Parent (Id, Name, Note) VALUES (?, ?, ?)', [
      integer(1),
      text('one'),
      text(stream),
    ]);
    expect((await client.exchange(insert, 1)).code).toBe(STATUS.OK);
    const first = await client.exchange(query('SELECT Note FROM J.Parent WHERE Id = 1'), 2);
    const { feature, columns } = decodeReply('DirectQuery', first, client.options);
    const page = await client.frame();
    const [row] = readRows(page?.payload ?? Buffer.alloc(0), { feature, columnCount: columns.length });
    const cell = row?.[0];
    const handle = cell !== undefined && 'value' in cell && typeof cell.value === 'string' ? cell.value : '';
    expect(await client.call({ kind: 'StreamSize', handle })).toEqual({ size: 2000 });
    const part = await client.call({ kind: 'StreamPart', handle, position: 2, length: 2 });
    expect(part.data.toString('utf8')).toBe('éж');
    const pieces = [
      await client.call({ kind: 'ReadStream', handle, length: 1500 }),
      await client.call({ kind: 'ReadStream', handle, length: 1500 }),
    ];
    expect(Buffer.concat(pieces.map(({ data }) => data))).toEqual(chunk);
    await client.call({ kind: 'StreamSize', handle });
    expect((await client.call({ kind: 'ReadStream', handle, length: 2000 })).data).toEqual(chunk);
  });

  it('tells a number for each set of a batch that fails', async () => {
    const text = "INSERT INTO J.Parent (Id, Name) VALUES (?, 'x')";
    await client.exchange({ kind: 'Prepare', text, parameters: [{ kind: 63, mode: 0 }] }, 30);
    const values = { count: 1, sets: [71, 72, 71, 73].map((id) => [integer(id)]) };
    const failed = await client.exchange(
      { kind: 'PreparedUpdate', generatedKeyColumn: undefined, timeoutSeconds: 0, values },
      30,
    );
    expect(failed.code).toBe(119);
    const { rowsAffected } = decodeReply('PreparedUpdate', failed, client.options);
    expect(rowsAffected).toEqual([1, 1, -3, -3]);
  });

  it('stays text when there is no such stream', async () => {
    const insert = update('INSERT INTO J.Parent (Id, Name) VALUES (?, ?)', [
      integer(2),
      text('99999@%Stream.TmpCharacter'),
    ]);
    expect((await client.exchange(insert, 1)).code).toBe(STATUS.OK);
  });

  it('is at READ UNCOMMITTED when it logs in with 1, and is told so', async () => {
    expect(await client.call({ kind: 'SetIsolationLevel', level: 0 })).toEqual({ level: 1 });
  });

  it('cancels by the job number, from another connection of the same user only', async () => {
    const missing = await client.exchange({ kind: 'ExternalInterrupt', job: 999_999 });
    expect(missing.code).toBe(409);
  });

  it('names parameters and never with NULL', async () => {
    const described = await client.call({ kind: 'PrepareProcedure', text: 'J.Twice' }, 9);
    expect(described.parameters.map(({ name }) => name)).toEqual(['', 'a']);
  });
});

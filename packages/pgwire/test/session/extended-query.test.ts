import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FrontendMessage } from '../../src/messages/frontend-messages.js';
import { errorIn, kinds, RawClient } from '../support/raw-client.js';
import { DATABASE, START_TIMEOUT_MS, startStack, TRUSTED_USER } from '../support/stack.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
let client: RawClient;

beforeAll(async () => {
  stack = await startStack();
  client = await RawClient.login(stack.port, TRUSTED_USER, DATABASE);
}, START_TIMEOUT_MS);

afterAll(async () => {
  client.close();
  await stack[Symbol.asyncDispose]();
});

const SYNC: FrontendMessage = { kind: 'Sync' };
const parse = (sql: string, statement = '', parameterOids: number[] = []): FrontendMessage => ({
  kind: 'Parse',
  statement,
  sql,
  parameterOids,
});
const bind = (parameters: (string | null)[] = [], statement = '', portal = ''): FrontendMessage => ({
  kind: 'Bind',
  portal,
  statement,
  parameterFormats: [],
  parameters: parameters.map((value) => (value === null ? null : Buffer.from(value))),
  resultFormats: [],
});
const execute = (maxRows = 0, portal = ''): FrontendMessage => ({ kind: 'Execute', portal, maxRows });

async function ask(...messages: FrontendMessage[]) {
  client.send(...messages, SYNC);
  return client.until('ReadyForQuery');
}

describe('the extended protocol', () => {
  it('parses, describes, binds and executes', async () => {
    const answer = await ask(
      parse('select $1::int4 + 1 as n', 's'),
      { kind: 'Describe', target: 'S', name: 's' },
      bind(['41'], 's'),
      { kind: 'Describe', target: 'P', name: '' },
      execute(),
      { kind: 'Close', target: 'S', name: 's' },
    );
    expect(kinds(answer)).toEqual([
      'ParseComplete',
      'ParameterDescription',
      'RowDescription',
      'BindComplete',
      'RowDescription',
      'DataRow',
      'CommandComplete',
      'CloseComplete',
      'ReadyForQuery',
    ]);
    expect(answer[1]).toMatchObject({ parameterOids: [23] });
    expect(answer[5]).toMatchObject({ values: [Buffer.from('42')] });
    expect(answer[6]).toMatchObject({ commandTag: 'SELECT 1' });
  });

  it('stops at the row limit and goes on from there', async () => {
    const answer = await ask(
      parse('select generate_series(1, 5)'),
      bind(),
      execute(2),
      execute(2),
      execute(2),
      execute(2),
    );
    expect(kinds(answer).slice(2)).toEqual([
      ...['DataRow', 'DataRow', 'PortalSuspended'],
      ...['DataRow', 'DataRow', 'PortalSuspended'],
      ...['DataRow', 'CommandComplete'],
      'CommandComplete',
      'ReadyForQuery',
    ]);
    expect(answer.filter(({ kind }) => kind === 'CommandComplete')).toEqual([
      { kind: 'CommandComplete', commandTag: 'SELECT 1' },
      { kind: 'CommandComplete', commandTag: 'SELECT 0' },
    ]);
  });

  it('skips everything after an error until Sync', async () => {
    const answer = await ask(parse('selec'), bind(), execute(), parse('select 1'), { kind: 'Flush' });
    expect(kinds(answer)).toEqual(['ErrorResponse', 'ReadyForQuery']);
    expect(errorIn(answer)).toMatchObject({ sqlstate: '42601', position: 1 });
  });

  it('ends portals with their transaction, at Sync', async () => {
    await ask(parse('select 1', 'kept'), bind([], 'kept', 'p'));
    expect(errorIn(await ask(execute(0, 'p')))).toMatchObject({ sqlstate: '34000' });
    expect(kinds(await ask(bind([], 'kept', 'p'), execute(0, 'p')))).toContain('DataRow');
    client.send({ kind: 'Query', sql: 'begin' });
    await client.until('ReadyForQuery');
    await ask(bind([], 'kept', 'p'));
    expect(kinds(await ask(execute(0, 'p')))).toContain('DataRow');
    client.send({ kind: 'Query', sql: 'rollback' });
    await client.until('ReadyForQuery');
  });

  it.each([
    ['an unknown statement', [bind([], 'nosuch')], '26000'],
    ['an unknown portal', [execute(0, 'nosuch')], '34000'],
    ['a name in use', [parse('select 1', 'twice'), parse('select 1', 'twice')], '42P05'],
    ['too few parameters', [parse('select $1::int'), bind()], '08P01'],
    ['several statements', [parse('select 1; select 2')], '42601'],
    ['a value that is none of the type', [parse('select $1::int'), bind(['x']), execute()], '22P02'],
    ['a parameter without a type', [parse('select $2::int')], '42P18'],
    [
      'the function call message',
      [{ kind: 'FunctionCall', functionOid: 1, body: new Uint8Array() }],
      '0A000',
    ],
  ] satisfies [string, FrontendMessage[], string][])('refuses %s', async (_name, messages, sqlstate) => {
    expect(errorIn(await ask(...messages)).sqlstate).toBe(sqlstate);
  });

  it('answers an empty text', async () => {
    expect(
      kinds(await ask(parse('-- nothing'), { kind: 'Describe', target: 'S', name: '' }, bind(), execute())),
    ).toEqual([
      'ParseComplete',
      'ParameterDescription',
      'NoData',
      'BindComplete',
      'EmptyQueryResponse',
      'ReadyForQuery',
    ]);
  });

  it('gives binary results when asked', async () => {
    const answer = await ask(
      parse('select 42::int4, $1::int8'),
      {
        kind: 'Bind',
        portal: '',
        statement: '',
        parameterFormats: [1],
        parameters: [Buffer.from([0, 0, 0, 0, 0, 0, 0, 7])],
        resultFormats: [1, 0],
      },
      execute(),
    );
    expect(answer[2]).toMatchObject({ values: [Buffer.from([0, 0, 0, 42]), Buffer.from('7')] });
  });

  it('keeps a statement of a text that is not UTF-8 from hurting the next', async () => {
    client.bytes(Buffer.from('5100000007ff4100', 'hex').subarray(0, 8));
    expect(errorIn(await client.until('ReadyForQuery')).sqlstate).toBe('22021');
    expect(kinds(await ask(parse('select 1'), bind(), execute()))).toContain('DataRow');
  });

  it('ignores what is left of a COPY that failed', async () => {
    client.send(
      { kind: 'CopyData', data: Buffer.from('x') },
      { kind: 'CopyDone' },
      { kind: 'CopyFail', reason: '' },
    );
    expect(kinds(await ask(parse('select 1'), bind(), execute()))).toContain('DataRow');
  });
});

describe('transaction status', () => {
  const query = async (sql: string) => {
    client.send({ kind: 'Query', sql });
    return client.until('ReadyForQuery');
  };
  const status = async (sql: string) => (await query(sql)).at(-1);

  it('is I, T and E as it is', async () => {
    expect(await status('select 1')).toMatchObject({ status: 'I' });
    expect(await status('begin')).toMatchObject({ status: 'T' });
    expect(await status('select 1/0')).toMatchObject({ status: 'E' });
    expect(errorIn(await query('select 1')).sqlstate).toBe('25P02');
    expect(errorIn(await ask(parse('select 1'))).sqlstate).toBe('25P02');
    expect(await status('rollback')).toMatchObject({ status: 'I' });
    expect(await status('begin; select 1; commit; select 1/0')).toMatchObject({ status: 'I' });
  });

  it('recovers at a savepoint', async () => {
    expect(await status('begin; savepoint a; select 1/0')).toMatchObject({ status: 'E' });
    expect(await status('rollback to a')).toMatchObject({ status: 'T' });
    expect(await status('commit')).toMatchObject({ status: 'I' });
  });
});

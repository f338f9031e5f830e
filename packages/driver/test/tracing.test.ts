import { tracingChannel } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isIrisError } from '@iris-devtools/core';
import { connect, QUERY_CHANNEL, type QueryTrace } from '@iris-devtools/driver';
import { column, startFakeServer, type Answer } from './fake-server.js';

type Message = QueryTrace & { readonly error?: unknown };

interface Span {
  readonly name: string;
  readonly attributes: Record<string, string | number>;
  readonly startedAt: number;
  endedAt: number | undefined;
  failed: boolean;
}

/** What docs/tracing.md does with OpenTelemetry, with spans that the test can look at. */
const spans: Span[] = [];
const byMessage = new WeakMap<object, Span>();
const handlers = {
  start(message: Message): void {
    const { operation, namespace, host, port, sql } = message;
    const attributes = {
      'db.namespace': namespace,
      'db.operation.name': operation,
      'db.query.text': sql,
      'server.address': host,
      'server.port': port,
    };
    const span: Span = {
      name: `${operation} ${namespace}`,
      attributes,
      startedAt: performance.now(),
      endedAt: undefined,
      failed: false,
    };
    spans.push(span);
    byMessage.set(message, span);
  },
  error(message: Message): void {
    const span = byMessage.get(message);
    if (span === undefined) return;
    span.failed = true;
    const error = isIrisError(message.error) ? message.error : undefined;
    span.attributes['error.type'] = error?.code ?? 'unknown';
    if (error?.sqlcode !== undefined) span.attributes['db.response.status_code'] = String(error.sqlcode);
  },
  asyncEnd(message: Message): void {
    const span = byMessage.get(message);
    if (span !== undefined) span.endedAt = performance.now();
  },
  end: () => undefined,
  asyncStart: () => undefined,
};
const channel = tracingChannel<QueryTrace>(QUERY_CHANNEL);

const answer: Answer = (request, out) => {
  if (request.kind === 'DirectQuery' && request.text.includes('nosuch')) out.status(-30);
  else if (request.kind === 'DirectQuery')
    out.rows([column('a', 4)], [[{ type: 'integer', value: 1 }]], false, 0);
  else if (request.kind === 'DirectUpdate')
    out.send('DirectUpdate', { parameters: [], statementFlag: 0, rowsAffected: [1] });
  else if (request.kind === 'PrepareProcedure') out.status(-428);
  else if (request.kind === 'ErrorText')
    out.send('ErrorText', { message: `secret value of ${request.status}` });
};

beforeEach(() => {
  spans.length = 0;
  channel.subscribe(handlers);
});
afterEach(() => {
  channel.unsubscribe(handlers);
});

describe('the query channel', () => {
  it('has what a span needs: start, end, error, and where the server is', async () => {
    await using server = await startFakeServer(answer);
    await using connection = await connect(server.url);
    await connection.query('/* a */ select ? from t', ['private']);
    await connection.executeMany('insert into t values (?)', [['private']]);
    await connection.query('select * from nosuch').catch(() => undefined);
    await connection.call('S.Missing').catch(() => undefined);
    for await (const _ of connection.stream('select 1')) continue;
    expect(spans.map(({ name, failed }) => [name, failed])).toEqual([
      ['SELECT USER', false],
      ['INSERT USER', false],
      ['SELECT USER', true],
      ['CALL USER', true],
      ['SELECT USER', false],
    ]);
    for (const { attributes, endedAt, startedAt } of spans) {
      expect(attributes).toMatchObject({
        'db.namespace': 'USER',
        'server.address': '127.0.0.1',
        'server.port': server.port,
      });
      expect((endedAt ?? 0) - startedAt).toBeGreaterThan(0);
    }
    expect(spans[2]?.attributes).toMatchObject({
      'error.type': 'IRIS_SQL',
      'db.response.status_code': '-30',
    });
    expect(JSON.stringify(spans)).not.toContain('private');
  });

  it('tells of a call that is given up, and keeps what the caller gets as it is', async () => {
    await using server = await startFakeServer((request, out, frame) => {
      if (!('text' in request && request.text.includes('wait'))) answer(request, out, frame);
    });
    await using connection = await connect(`${server.url}?cancelTimeoutMs=20`);
    await expect(connection.query('select wait', [], { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'IRIS_TIMEOUT',
      retry: 'unknown',
    });
    expect(spans).toMatchObject([{ failed: true, attributes: { 'error.type': 'IRIS_TIMEOUT' } }]);
    expect(spans[0]?.endedAt).toBeDefined();
  });
});

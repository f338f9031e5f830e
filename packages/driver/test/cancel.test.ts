import { describe, expect, it } from '@jest/globals';
import { connect } from '@iris-devtools/driver';
import { startFakeServer, usual } from './fake-server.js';

describe('cancelling through a second connection', () => {
  it.each(['refuses the login', 'refuses the interrupt', 'cannot be reached'])(
    'ends with the connection when the server %s',
    async (how) => {
      const options: { refuse?: string } = {};
      await using server = await startFakeServer((request, out, frame) => {
        if (request.kind === 'ExternalInterrupt') out.status(409);
        else usual(request, out, frame);
      }, options);
      const connection = await connect(`${server.url}?cancelTimeoutMs=40`);
      if (how === 'refuses the login') options.refuse = 'Access denied';
      if (how === 'cannot be reached') server.stopListening();
      const running = connection.query('select wait');
      const refused = expect(running).rejects.toMatchObject({
        code: 'IRIS_CONNECTION_LOST',
        retry: 'unknown',
      });
      expect(await connection.cancel()).toBe(true);
      await refused;
      expect(connection.open).toBe(false);
    },
  );

  it('an interrupt that is under way does not hit the next request', async () => {
    const order: string[] = [];
    let answerInterrupt: (() => void) | undefined;
    let answerStatement: (() => void) | undefined;
    await using server = await startFakeServer((request, out, frame) => {
      order.push(request.kind);
      if (request.kind === 'ExternalInterrupt') {
        answerInterrupt = () => {
          out.status(0);
        };
        answerStatement?.();
      } else if ('text' in request && request.text.includes('wait')) {
        answerStatement = () => {
          out.send('DirectUpdate', { parameters: [], statementFlag: 0, rowsAffected: [1] });
        };
      } else usual(request, out, frame);
    });
    await using connection = await connect(server.url);
    const finished = connection.query('delete wait');
    const next = connection.ping().then(() => order.push('pinged'));
    expect([await connection.cancel(), await connection.cancel()]).toEqual([true, true]);
    expect((await finished).rowCount).toBe(1);
    order.push('answered');
    answerInterrupt?.();
    await next;
    expect(order).toEqual(['DirectUpdate', 'ExternalInterrupt', 'answered', 'Ping', 'pinged']);
  });
});

import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { connect } from '@iris-devtools/connections';
import {
  EmulatorAtHand,
  reportTimes,
  WorkingCopy,
} from '../../../packages/wsgi/test/support/command-line.js';
import { setUp } from '../src/set-up.js';

const PREFIX = ['--url-prefix', '/flask-users'];

it('Flask: deployed, used, redeployed with other code, removed', async () => {
  await using place = await EmulatorAtHand.start();
  await using iris = await connect(place.emulator.url);
  await setUp(iris);
  using app = new WorkingCopy(join(__dirname, '..', 'app'));
  const where = place.place('--emulator');
  const deploy = () => place.json('deploy', ...where, ...PREFIX, '--path', app.path, '--web-user', '_SYSTEM');
  const json = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await place.fetch(`/flask-users${path}`, init);
    return [response.status, await response.json()];
  };
  const post = (person: object) =>
    json('/users', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(person),
    });

  const first = await deploy();
  expect(first).toMatchObject({ ok: true, action: 'create', framework: 'Flask', proof: 'proven' });
  reportTimes('flask-users', first);
  expect(await json('/')).toEqual([200, { greeting: 'Users of this instance', users: '/flask-users/users' }]);
  expect(await json('/users')).toEqual([
    200,
    [
      { id: 1, name: 'Ann', email: 'ann@example.org' },
      { id: 2, name: 'Bo', email: 'bo@example.org' },
    ],
  ]);
  expect(await json('/users/9')).toEqual([404, { error: 'no such user' }]);
  expect(await post({ name: "O'Hara", email: 'o@example.org' })).toMatchObject([201, { name: "O'Hara" }]);
  expect(await post({ name: 'Other', email: 'o@example.org' })).toEqual([
    409,
    { error: 'that email is taken' },
  ]);
  expect(await post({ name: 'Nobody' })).toMatchObject([400, {}]);
  const { rows } = await iris.query('SELECT Name FROM Directory.Person WHERE Email = ?', ['o@example.org']);
  expect(rows).toEqual([{ Name: "O'Hara" }]);

  app.edit('users_web.py', 'Users of this instance', 'Everybody');
  expect(await deploy()).toMatchObject({ ok: true, action: 'update', proof: 'proven' });
  expect(await json('/')).toMatchObject([200, { greeting: 'Everybody' }]);

  expect(await place.json('undeploy', ...where, ...PREFIX)).toEqual({ ok: true, removed: true });
  expect((await place.fetch('/flask-users/')).status).toBe(404);
  expect(place.left).toEqual([]);
});

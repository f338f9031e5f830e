import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { connect } from '@iris-devtools/connections';
import {
  EmulatorAtHand,
  reportTimes,
  WorkingCopy,
} from '../../../packages/wsgi/test/support/command-line.js';
import { setUp } from '../src/set-up.js';

const PREFIX = ['--url-prefix', '/fastapi-vectors'];

it('FastAPI: deployed, asked for the nearest vectors, redeployed with other code, removed', async () => {
  await using place = await EmulatorAtHand.start();
  await using iris = await connect(place.emulator.url);
  await setUp(iris);
  using app = new WorkingCopy(join(__dirname, '..', 'app'));
  const where = place.place('--emulator');
  const deploy = () => place.json('deploy', ...where, ...PREFIX, '--path', app.path, '--web-user', '_SYSTEM');
  const json = async (path: string): Promise<unknown> => {
    const response = await place.fetch(`/fastapi-vectors${path}`);
    return [response.status, await response.json()];
  };
  const names = async (path: string): Promise<string[]> =>
    ((await (await place.fetch(`/fastapi-vectors${path}`)).json()) as { name: string }[]).map(
      ({ name }) => name,
    );

  const first = await deploy();
  expect(first).toMatchObject({ ok: true, type: 'asgi', framework: 'FastAPI', proof: 'proven' });
  reportTimes('fastapi-vectors', first);
  expect(await json('/near?mood=0,1,0,0&count=1')).toEqual([200, [{ name: 'Zermatt', similarity: 0.9129 }]]);
  expect(await names('/near?mood=1,0,0,0.9')).toEqual(['Hiiumaa', 'Vancouver', 'Lisbon']);
  expect(await names('/like/Vienna')).toEqual(['Lisbon', 'Vancouver', 'Zermatt']);
  expect(await json('/like/Atlantis')).toEqual([404, { detail: 'no such place' }]);
  expect(await json('/near?mood=1,2')).toMatchObject([422, {}]);
  expect(await json('/near?mood=0,0,0,0')).toMatchObject([422, {}]);
  await iris.query('INSERT INTO Travel.Place (Name, Mood) VALUES (?, TO_VECTOR(?, double, 4))', [
    'Alpine hut',
    '0,1,0,0',
  ]);
  expect(await names('/near?mood=0,1,0,0&count=2')).toEqual(['Alpine hut', 'Zermatt']);

  app.edit('places_api.py', 'ORDER BY Similarity DESC', 'ORDER BY Similarity ASC');
  expect(await deploy()).toMatchObject({ ok: true, action: 'update', proof: 'proven' });
  expect(await names('/near?mood=0,1,0,0&count=1')).toEqual(['Hiiumaa']);

  expect(await place.json('undeploy', ...where, ...PREFIX)).toEqual({ ok: true, removed: true });
  expect((await place.fetch('/fastapi-vectors/')).status).toBe(404);
  expect(place.left).toEqual([]);
});

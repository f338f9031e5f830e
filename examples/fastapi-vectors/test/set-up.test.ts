import { expect, it } from '@jest/globals';
import { connect } from '@iris-devtools/connections';
import { setUp } from '../src/set-up.js';

it('makes the data that the application reads, and may be run again', async () => {
  await using iris = await connect({ emulator: true });
  await setUp(iris);
  await setUp(iris);
  const { rows } = await iris.query(
    "SELECT Name FROM Travel.Place WHERE Name %STARTSWITH 'V' ORDER BY Name",
    [],
    { rowMode: 'array' },
  );
  expect(rows).toEqual([['Vancouver'], ['Vienna']]);
});

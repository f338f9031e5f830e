import { expect, it } from '@jest/globals';
import { connect } from '@iris-devtools/connections';
import { setUp } from '../src/set-up.js';

it('makes the data that the application reads, and may be run again', async () => {
  await using iris = await connect({ emulator: true });
  await setUp(iris);
  await setUp(iris);
  const { rows } = await iris.query('SELECT Title, Copies FROM Library.Book ORDER BY Title', [], {
    rowMode: 'array',
  });
  expect(rows).toEqual([
    ['Emma', 3],
    ['Ulysses', 1],
  ]);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Judge } from './support/judge.js';
import { SCHEMA } from './support/schema.js';

let judge: Judge;

beforeAll(async () => {
  judge = await Judge.start(SCHEMA);
});

afterAll(() => judge.close());

const repeat = (count: number, next: (inner: string) => string, start: string): string =>
  Array.from({ length: count }).reduce<string>((inner) => next(inner), start);

describe('size', () => {
  it('takes long lists', async () => {
    const list = Array.from({ length: 20_000 }, (_, index) => index).join(', ');
    const { irisSql } = await judge.translate(`select id from movies where id in (${list})`);
    expect(irisSql[0]).toContain('19998, 19999)');
  });

  it('takes INSERTs of many rows as one statement', async () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => `(${index}, 'title ${index}')`).join(', ');
    const { irisSql } = await judge.translate(`insert into movies (id, title) values ${rows}`);
    expect(irisSql).toHaveLength(1);
  });

  it('refuses expressions whose emulation grows beyond measure', async () => {
    const nested = repeat(60, (inner) => `((${inner}) = active)`, 'active');
    await expect(judge.translate(`select ${nested} from movies`)).rejects.toMatchObject({
      sqlstate: '54001',
    });
  });

  it('takes deep nesting that repeats nothing', async () => {
    const nested = repeat(300, (inner) => `(${inner} + 1)`, 'id');
    const { irisSql } = await judge.translate(`select ${nested} from movies`);
    expect(irisSql[0]).toContain('+ 1) + 1)');
  });
});

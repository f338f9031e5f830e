import { afterAll, beforeAll, it } from '@jest/globals';
import { readFileSync, existsSync } from 'node:fs';
import { Judge } from './support/judge.js';
import { SCHEMA } from './support/schema.js';
let judge: Judge;
beforeAll(async () => {
  judge = await Judge.start(SCHEMA);
});
afterAll(() => judge.close());
it('tries', async () => {
  const parser = '/work/main/packages/emulator/dist/sql/parser.js';
  for (const sql of readFileSync('/tmp/t/try.sql', 'utf8')
    .split('\n')
    .filter((l) => l.trim() && !l.startsWith('--'))) {
    try {
      const plan = await judge.translate(sql, {
        describe: !/^(create|alter|drop|truncate|comment)/i.test(sql),
      });
      console.log(`${sql}\n   => ${plan.irisSql.join('\n   => ')}`);
    } catch (e) {
      console.log(
        `${sql}\n   !! ${(e as { sqlstate?: string }).sqlstate ?? (e as Error).stack} ${(e as Error).message} @${String((e as any).fields?.position)}`,
      );
    }
  }
  void parser;
  void existsSync;
});

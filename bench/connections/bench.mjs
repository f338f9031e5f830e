// `npm run bench -- connections`: what a pool costs when nobody waits, and what finding the settings costs.
import config from '@iris-devtools/config';
import connections from '@iris-devtools/connections';
import { compare, machine, print } from '../lib/report.mjs';

const ROUNDS = 5;
const ACQUISITIONS = 100_000;
console.log(machine());

await using iris = await connections.connect({ emulator: true });
const results = await compare(ROUNDS, [
  {
    name: 'acquire and give back, uncontended',
    run: async () => {
      for (let n = 0; n < ACQUISITIONS; n += 1) await (await iris.acquire()).close();
      return ACQUISITIONS;
    },
  },
  {
    name: 'SELECT 1 through the pool',
    run: async () => {
      for (let n = 0; n < 500; n += 1) await iris.query('SELECT 1');
      return 500;
    },
  },
]);
print('pool', 'per s', results);
console.log(
  `  acquire: ${(1e6 / results.get('acquire and give back, uncontended').median).toFixed(2)} microseconds`,
);

const nowhere = {
  env: {},
  cwd: import.meta.dirname,
  sources: [config.environment, config.dotenv, config.configFile],
};
const found = await compare(ROUNDS, [
  {
    name: 'discoverConfig, files and environment',
    run: async () => {
      for (let n = 0; n < 200; n += 1) await config.discoverConfig(nowhere);
      return 200;
    },
  },
]);
print('settings', 'per s', found);

import { connect } from '@iris-devtools/connections';
import { setUp } from './set-up.js';

/** Into the IRIS that IRIS_URL, .env or a config file name, or the one that runs here. */
async function main(): Promise<void> {
  await using iris = await connect();
  await setUp(iris);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});

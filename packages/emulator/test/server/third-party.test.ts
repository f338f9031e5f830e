import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';

const run = promisify(execFile);

/**
 * Runs in a process of its own: the client is a native module that connects synchronously, which would block an emulator in
 * the same process for ever.
 */
const SCRIPT = `
const { IRIS } = require('intersystems-iris');
const [port, user, password, ...statements] = process.argv.slice(1);
(async () => {
  const iris = new IRIS('127.0.0.1', Number(port), 'USER', user, password);
  const results = [];
  for (const sql of statements) {
    try { results.push(await iris.sql(sql)); } catch (error) { results.push({ error: String(error) }); }
  }
  await iris.close();
  process.stdout.write(JSON.stringify(results));
})();
`;

interface ClientResult {
  readonly rows?: readonly Record<string, unknown>[];
  readonly update?: boolean;
  readonly affected_rows?: number;
  readonly error?: string;
}

/** npm intersystems-iris 0.2.2 is closed source and made by others: it knows nothing of this emulator. */
describe('npm intersystems-iris, unmodified', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(async () => {
    await emulator.stop();
  });

  async function client(...statements: string[]): Promise<ClientResult[]> {
    const { stdout } = await run(
      process.execPath,
      ['-e', SCRIPT, String(emulator.port), '_SYSTEM', 'SYS', ...statements],
      { cwd: __dirname, timeout: 20_000 },
    );
    return JSON.parse(stdout) as ClientResult[];
  }

  it('loads on this machine', async () => {
    // When this fails, the client has no binary for this platform, and what follows says nothing about the emulator.
    await expect(
      run(process.execPath, ['-e', "require('intersystems-iris')"], { cwd: __dirname }),
    ).resolves.toEqual({
      stdout: '',
      stderr: '',
    });
  });

  it('connects, creates a table, inserts and reads rows', async () => {
    const results = await client(
      'CREATE TABLE Third.Party (Id INTEGER, Name VARCHAR(50), Price NUMERIC(10,2))',
      "INSERT INTO Third.Party (Id, Name, Price) VALUES (1, 'one', 1.50)",
      "INSERT INTO Third.Party (Id, Name, Price) VALUES (2, 'two', 20.25)",
      'SELECT Id, Name, Price FROM Third.Party ORDER BY Id',
      'SELECT COUNT(*) AS n FROM Third.Party',
    );
    expect(results[1]).toMatchObject({ affected_rows: 1 });
    // This client turns every value into a string, and reads negative numbers wrongly.
    expect(results[3]?.rows).toEqual([
      { Id: '1', Name: 'one', Price: '1.5' },
      { Id: '2', Name: 'two', Price: '20.25' },
    ]);
    expect(results[4]?.rows).toEqual([{ n: '2' }]);
  });

  it('is told about errors', async () => {
    const [missing] = await client('SELECT * FROM Miss.Ing');
    expect(missing?.error).toContain('SQLCODE: <-30>');
  });
});

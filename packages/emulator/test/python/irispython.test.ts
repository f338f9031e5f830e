import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '@iris-devtools/emulator';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the irispython of the emulator', () => {
  let emulator: Emulator;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'irispython-'));
    emulator = await startEmulator({ irispython: true });
    await emulator.setService('%Service_CallIn', true);
    await emulator.sql('CREATE TABLE t (k INTEGER, d DATE)');
  });
  afterAll(async () => {
    await emulator.stop();
    await rm(directory, { recursive: true });
  });

  function run(args: readonly string[], login: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, IRISUSERNAME: '_SYSTEM', IRISPASSWORD: 'SYS', IRISNAMESPACE: 'USER', ...login };
    return new Promise((resolve) => {
      execFile(emulator.irispython ?? '', args, { env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  }

  it('runs code, scripts and modules that import iris', async () => {
    const code = "import iris; print(list(iris.sql.exec('SELECT 1, ?', 'x')))";
    expect(await run(['-c', code])).toEqual({ code: 0, stdout: "[[1, 'x']]\n", stderr: '' });
    const script = path.join(directory, 'script.py');
    await writeFile(script, "import sys, iris\nprint(sys.argv[1:], iris.cls('%SYSTEM.Process').NameSpace())");
    expect((await run([script, 'a', 'b'], { IRISNAMESPACE: '%SYS' })).stdout).toBe("['a', 'b'] %SYS\n");
    expect((await run(['-m', 'json.tool', '--help'])).code).toBe(0);
    expect((await run([])).stderr).toContain('usage');
  });

  it('describes results as %SQL.StatementResult does, and follows the select mode', async () => {
    await emulator.sql("INSERT INTO t VALUES (1, '2024-02-29')");
    const code = [
      'import iris',
      "rs = iris.sql.exec('SELECT k, d FROM t')",
      'meta = rs.ResultSet._GetMetadata()',
      'print([meta.columns.GetAt(i).colName for i in range(1, meta.columnCount + 1)], list(rs))',
      'print(iris.system.SQL.SetSelectMode(1), list(iris.sql.exec("SELECT d FROM t")))',
      "print(iris.sql.prepare('SELECT k FROM t WHERE k = ?').Statement._Metadata.parameterCount)",
      "print(iris.sql.exec('DELETE FROM t').ResultSet._ROWCOUNT)",
    ].join('\n');
    expect((await run(['-c', code])).stdout).toBe("['k', 'd'] [[1, 66899]]\n0 [['2024-02-29']]\n1\n1\n");
  });

  it('rolls back what a process left open', async () => {
    await run(['-c', "import iris; iris.tstart(); iris.sql.exec('INSERT INTO t (k) VALUES (9)')"]);
    const seen = "import iris; print(list(iris.sql.exec('SELECT COUNT(*) FROM t WHERE k = 9')))";
    expect((await run(['-c', seen])).stdout).toBe('[[0]]\n');
  });

  it('raises SQLError with the code and the text of %msg', async () => {
    const code = [
      'import iris',
      'try:',
      "    iris.sql.exec('SELECT nope FROM t')",
      'except Exception as error:',
      '    print(type(error).__name__, error.sqlcode, error.message)',
    ].join('\n');
    expect((await run(['-c', code])).stdout).toMatch(/^SQLError -29 {2}Field 'NOPE' not found/);
  });

  it('refuses a wrong password, an expired one, an unknown namespace, and everybody while CallIn is off', async () => {
    const attach = ['-c', 'import iris'];
    expect((await run(attach, { IRISPASSWORD: 'wrong' })).stderr).toContain('IRIS_ACCESSDENIED');
    expect((await run(attach, { IRISNAMESPACE: 'NOWHERE' })).stderr).toContain('<NAMESPACE> NOWHERE');
    await emulator.users.create('expired', { password: 'x', changePassword: true });
    const expired = { IRISUSERNAME: 'expired', IRISPASSWORD: 'x' };
    expect((await run(attach, expired)).stderr).toContain('IRIS_CHANGEPASSWORD');
    await emulator.setService('%Service_CallIn', false);
    expect((await run(attach)).stderr).toContain('IRIS_ACCESSDENIED');
    await emulator.setService('%Service_CallIn', true);
    await expect(emulator.setService('%Service_None', true)).rejects.toMatchObject({ code: 'IRIS_STATE' });
  });
});

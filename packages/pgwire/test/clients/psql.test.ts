import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/has-command.js';
import { runPsql } from '../support/psql.js';
import type { PsqlRun } from '../support/psql.js';
import { DATABASE, PASSWORD, START_TIMEOUT_MS, startStack, USER } from '../support/stack.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

function psql(script: string, { password = PASSWORD, user = USER } = {}): Promise<PsqlRun> {
  return runPsql(`postgresql://${user}@127.0.0.1:${stack.port}/${DATABASE}`, password, script);
}

describeWith('psql', 'psql', () => {
  it('logs in with SCRAM and checks the server’s signature', async () => {
    expect(await psql('select 41 + 1')).toEqual({ stdout: '42\n', stderr: '', exitCode: 0 });
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, 'password authentication failed for user "iris"'],
    ['an unknown user', { user: 'nobody' }, 'password authentication failed for user "nobody"'],
    ['a user without a rule', { user: 'stranger' }, 'no pg_hba.conf entry for host'],
  ])('is refused with %s', async (_name, how, message) => {
    const { stderr, exitCode } = await psql('select 1', how);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  it('works a table from its creation to its description', async () => {
    const { stdout, stderr } = await psql(`
      create table tune (id integer primary key, name text not null, length numeric(5,2), added timestamp);
      insert into tune values (1, 'One', 3.5, '2024-01-02 03:04:05'), (2, 'Two', null, null);
      select * from tune order by id;
      \\copy tune (id, name) from stdin
3	Three
\\.
      \\copy (select id, name from tune order by id desc) to stdout csv
      \\t off
      \\d tune
      \\t on
      \\dt
    `);
    expect(stderr).toBe('');
    expect(stdout).toContain('1|One|3.50|2024-01-02 03:04:05\n2|Two||\n');
    expect(stdout).toContain('3,Three\n2,Two\n1,One\n');
    expect(stdout).toContain('length|numeric(5,2)|||');
    expect(stdout).toContain('"tune_pkey" PRIMARY KEY, btree (id)');
    expect(stdout).toContain('public|tune|table|');
  });

  it.each([
    '\\l',
    '\\dn',
    '\\du',
    '\\df now',
    '\\dT integer',
    '\\dO',
    '\\dx',
    '\\conninfo',
    '\\d',
    '\\di',
    '\\dv',
  ])('answers %s', async (command) => {
    expect(await psql(command)).toMatchObject({ stderr: expect.not.stringContaining('ERROR'), exitCode: 0 });
  });

  it('points at the place of an error', async () => {
    const { stderr } = await psql("select 'é', nosuch from tune");
    expect(stderr).toContain('column "nosuch" does not exist');
    expect(stderr).toContain("LINE 1: select 'é', nosuch from tune\n                    ^");
  });

  it('fetches large results with its own cursor', async () => {
    const { stdout } = await psql('\\set FETCH_COUNT 2\nselect generate_series(1, 5);');
    expect(stdout).toBe('1\n2\n3\n4\n5\n');
  });
});

import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OracleRun } from '../../src/oracle/oracle.js';
import { asOwner } from '../../src/mirror/shadow-ddl.js';
import { startOracle, type StartedOracle } from '../../src/oracle/start-oracle.js';
import { PgError } from '../../src/pg-error.js';
import { OID } from '../../src/types/oids.js';

let oracle: StartedOracle;

beforeAll(async () => {
  oracle = await startOracle({ watchdogMs: 1_500, maxResultRows: 5_000, maxResultBytes: 4_000_000 });
  await oracle.load(
    asOwner([
      'create table public.films (id integer primary key, title text not null, price numeric(12,2), embedding public.vector(3))',
    ]),
  );
});

afterAll(async () => {
  await oracle.close();
});

function request(sql: string, more: Partial<OracleRun> = {}): OracleRun {
  return {
    sql,
    parameterOids: [],
    settings: new Map(),
    user: 'demo',
    database: 'films',
    parameters: [],
    parameterFormats: [],
    resultFormats: [],
    ...more,
  };
}

async function texts(sql: string, more: Partial<OracleRun> = {}): Promise<(string | null)[][]> {
  const { rows } = await oracle.run(request(sql, more));
  return rows.map((row) => row.map((value) => (value === null ? null : Buffer.from(value).toString())));
}

async function errorOf(action: Promise<unknown>): Promise<PgError> {
  try {
    await action;
  } catch (error) {
    if (error instanceof PgError) return error;
    throw error;
  }
  throw new Error('it succeeded');
}

describe('describe', () => {
  it('infers parameters and gives each field its origin', async () => {
    const { parameterOids, fields } = await oracle.describe(
      request('select id, price, embedding <=> $1 as distance from films where title = $2 limit $3'),
    );
    expect(parameterOids).toEqual([OID.vector, OID.text, OID.int8]);
    expect(fields?.map(({ name, typeOid, typeModifier }) => [name, typeOid, typeModifier])).toEqual([
      ['id', OID.int4, -1],
      ['price', OID.numeric, 786_438],
      ['distance', OID.float8, -1],
    ]);
    const [[oid] = []] = await texts("select 'films'::regclass::oid");
    expect(fields?.map(({ tableOid, columnAttribute }) => [String(tableOid), columnAttribute])).toEqual([
      [oid, 1],
      [oid, 3],
      ['0', 0],
    ]);
  });

  it('keeps the types that the client fixed', async () => {
    const { parameterOids } = await oracle.describe(
      request('select $1, $2', { parameterOids: [OID.int8, 0] }),
    );
    expect(parameterOids).toEqual([OID.int8, OID.text]);
  });

  it('a statement without rows has no fields', async () => {
    expect(
      (await oracle.describe(request('insert into films (id, title) values ($1, $2)'))).fields,
    ).toBeNull();
    expect((await oracle.describe(request('create table x (id int)'))).fields).toBeNull();
  });

  it.each([
    ['select nosuch from films', '42703', 8],
    ['select * from nosuch', '42P01', 15],
    ["select 'é', nosuch", '42703', 13],
    ['selec 1', '42601', 1],
    ['select 1; select 2', '42601', undefined],
    ["select 1 + 'x'::int", '22P02', 12],
    ['select $3::int', '42P18', undefined],
  ])('%s is PostgreSQL error %s at %s', async (sql, sqlstate, position) => {
    const error = await errorOf(oracle.describe(request(sql)));
    expect([error.sqlstate, error.fields.position]).toEqual([sqlstate, position]);
  });

  it('finds names along the search_path of the client', async () => {
    const settings = new Map([['search_path', 'pg_catalog']]);
    expect((await errorOf(oracle.describe(request('select id from films', { settings })))).sqlstate).toBe(
      '42P01',
    );
    expect((await oracle.describe(request('select id from films'))).fields).toHaveLength(1);
  });

  it('does not evaluate long vectors, and keeps positions right after them', async () => {
    const numbers = Array.from({ length: 4_000 }, (_, index) => index / 7).join(',');
    const sql = `select 'é', embedding <=> '[${numbers}]', nosuch from films`;
    const error = await errorOf(oracle.describe(request(sql)));
    expect(error.sqlstate).toBe('42703');
    expect(error.fields.position).toBe(Array.from(sql.slice(0, sql.indexOf('nosuch'))).length + 1);
    const { fields } = await oracle.describe(
      request(`select '[${numbers}]'::vector as v, '[${numbers}]' as t`),
    );
    expect(fields?.map((field) => field.typeOid)).toEqual([OID.vector, OID.text]);
  });
});

describe('run', () => {
  it('answers as the announced server, for the user and the database of the client', async () => {
    expect(
      await texts(
        `select current_user, session_user, current_database(), current_catalog, current_setting('server_version'),
           current_setting('server_version_num', true), split_part(version(), ' ', 2),
           (select setting from pg_settings where name = 'server_version')`,
      ),
    ).toEqual([['demo', 'demo', 'films', 'films', '15.8', '150008', '15.8', '15.8']]);
    expect(
      await texts('select current_user, current_database()', { user: 'postgres', database: 'it\'s "one"' }),
    ).toEqual([['postgres', 'it\'s "one"']]);
  });

  it('a name that PostgreSQL reserves for itself still gets answers', async () => {
    for (const user of ['pg_x', 'public', 'iris_root', 'a"b']) {
      const [[superuser] = []] = await texts('select rolsuper from pg_roles where rolname = current_user', {
        user,
      });
      expect(superuser).toBe('f');
    }
  });

  it('SHOW answers for the announced server and the settings of the client', async () => {
    const settings = new Map([
      ['TimeZone', 'Europe/Prague'],
      ['DateStyle', 'German'],
      ['my.thing', "it's"],
    ]);
    const shown = await oracle.run(request('show server_version'));
    expect([shown.fields?.[0]?.name, shown.commandTag]).toEqual(['server_version', 'SHOW']);
    expect(await texts('show server_version')).toEqual([['15.8']]);
    expect(await texts('show timezone', { settings })).toEqual([['Europe/Prague']]);
    expect(
      await texts("select '2020-07-01 12:00+00'::timestamptz, current_setting('my.thing')", { settings }),
    ).toEqual([['01.07.2020 14:00:00 CEST', "it's"]]);
    expect(await texts('show timezone')).toEqual([['UTC']]);
  });

  it('takes parameters and gives rows in both formats', async () => {
    const { rows, fields, commandTag } = await oracle.run(
      request('select $1::int4 + 1, $2::text, $3::text', {
        parameters: [Buffer.from([0, 0, 0, 41]), Buffer.from('é'), null],
        parameterFormats: [1, 0, 0],
        resultFormats: [1, 0, 0],
      }),
    );
    expect(rows).toEqual([[Buffer.from([0, 0, 0, 42]), Buffer.from('é'), null]]);
    expect(fields).toHaveLength(3);
    expect(commandTag).toBe('SELECT 1');
  });

  it.each([
    ['create table x (id int)', '0A000'],
    ['insert into films values (1)', '0A000'],
    ['copy films from stdin', '0A000'],
    ['set role iris_root', '0A000'],
    ['do $$begin end$$', '0A000'],
    ['explain analyze insert into films values (1)', '0A000'],
    ['with x as (delete from films returning *) select * from x', '25006'],
    ['select * into y from films', '25006'],
    ["select set_config('session_authorization', 'iris_root', false)", '42501'],
    ["select pg_read_file('/etc/passwd')", '42501'],
    ['select pg_sleep(100)', '42501'],
    ['select pg_try_advisory_lock(1)', '42501'],
    ["select query_to_xml('select * from films', true, true, '')", '42501'],
    ["select * from ts_stat('select title from films')", '42501'],
    ['select 1; select 2', '42601'],
    ["select '\0'", '22021'],
    ['select 1/0', '22012'],
  ])('%j is refused with %s', async (sql, sqlstate) => {
    expect((await errorOf(oracle.run(request(sql)))).sqlstate).toBe(sqlstate);
    expect(await texts('select current_user')).toEqual([['demo']]);
  });

  it('set_config lasts as long as its statement, and makes nobody somebody else', async () => {
    const sql =
      "select set_config('search_path', '', false), current_setting('search_path'), set_config('my.x', 'y', true)";
    expect(await texts(sql)).toEqual([['', '', 'y']]);
    const computed = await oracle.run(
      request(
        "select set_config(name, 'on', name like 'enable%') from pg_settings where name in ('enable_sort', 'DateStyle') and name <> 'DateStyle'",
      ),
    );
    expect(computed.changedSettings).toEqual([{ name: 'enable_sort', value: 'on', isLocal: true }]);
    expect(
      (await oracle.run(request(sql))).changedSettings.map(({ name, isLocal }) => [name, isLocal]),
    ).toEqual([
      ['search_path', false],
      ['my.x', true],
    ]);
    expect((await oracle.run(request('select 1'))).changedSettings).toEqual([]);
    expect(await texts('show search_path')).toEqual([['public']]);
    for (const name of [
      'role',
      'session_authorization',
      'transaction_read_only',
      'allow_system_table_mods',
    ]) {
      const error = await errorOf(oracle.run(request(`select set_config('${name}', 'off', false)`)));
      expect(error.sqlstate).toMatch(/^(42501|25001|22023)$/);
    }
  });

  it('keeps clients apart that come at the same time', async () => {
    const zones = ['UTC', 'Europe/Prague', 'Asia/Tokyo', 'America/New_York'];
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, index) => {
        const zone = zones[index % zones.length] ?? 'UTC';
        const more = {
          user: `user${index % 7}`,
          database: `db${index % 3}`,
          settings: new Map([['TimeZone', zone]]),
        };
        return texts("select current_user, current_database(), current_setting('TimeZone')", more);
      }),
    );
    expect(answers.flat()).toEqual(
      Array.from({ length: 80 }, (_, index) => [
        `user${index % 7}`,
        `db${index % 3}`,
        zones[index % zones.length],
      ]),
    );
  });

  it('the clock stands where the transaction of the client began', async () => {
    const transactionTime = new Date('2020-02-29T23:30:00.123Z');
    const settings = new Map([['TimeZone', 'Europe/Prague']]);
    const sql =
      "select 'é', now(), transaction_timestamp() = now() as same, current_timestamp, current_timestamp(0), localtimestamp(1), current_time, localtime, current_date";
    const run = await oracle.run(request(sql, { transactionTime, settings }));
    expect(run.rows[0]?.map((value) => Buffer.from(value ?? []).toString())).toEqual([
      'é',
      '2020-03-01 00:30:00.123+01',
      't',
      '2020-03-01 00:30:00.123+01',
      '2020-03-01 00:30:00+01',
      '2020-03-01 00:30:00.1',
      '00:30:00.123+01',
      '00:30:00.123',
      '2020-03-01',
    ]);
    expect(run.fields?.map(({ name, typeOid }) => [name, typeOid])).toEqual(
      (await oracle.describe(request(sql))).fields?.map(({ name, typeOid }) => [name, typeOid]),
    );
    const [[isNow] = []] = await texts("select now() - clock_timestamp() between '-1 minute' and '1 minute'");
    expect(isNow).toBe('t');
    const error = await errorOf(oracle.run(request('select current_date, nosuch', { transactionTime })));
    expect(error.fields.position).toBe(22);
  });

  it('keeps its own objects out of what tools list', async () => {
    const ours = "('pg_catalog', 'information_schema')";
    expect(
      await texts(
        `select table_schema, table_name from information_schema.tables where table_schema not in ${ours}`,
      ),
    ).toEqual([['public', 'films']]);
    expect(await texts('select nspname from pg_namespace order by 1')).toEqual(
      ['information_schema', 'pg_catalog', 'pg_toast', 'public'].map((name) => [name]),
    );
    expect(await texts("select count(*) from pg_settings where name like 'pg_iris%'")).toEqual([['0']]);
  });

  it('limits rows and bytes', async () => {
    expect((await errorOf(oracle.run(request('select generate_series(1, 6000)')))).sqlstate).toBe('54000');
    expect((await errorOf(oracle.run(request("select repeat('x', 9000000)")))).sqlstate).toBe('54000');
    expect(await texts('select 1')).toEqual([['1']]);
  });

  it('serves the columns that PostgreSQL 17 renamed, only to who asks for them', async () => {
    const sql = "select d.datname, d.daticulocale from pg_catalog.pg_database d where d.datname = 'films'";
    expect(await texts(sql)).toEqual([['films', null]]);
    expect(await texts('select c.collname, c.colliculocale from pg_collation c limit 1')).toHaveLength(1);
    expect(
      await texts(
        'select pg_database.daticulocale from pg_catalog.pg_database where pg_database.datname = current_catalog',
      ),
    ).toHaveLength(1);
    const error = await errorOf(oracle.run(request("select 'daticulocale', nosuch from pg_database")));
    expect([error.sqlstate, error.fields.position]).toEqual(['42703', 24]);
    const moved = await errorOf(
      oracle.run(request('select daticulocale from pg_catalog.pg_database where nosuch')),
    );
    expect([moved.sqlstate, moved.fields.position]).toEqual(['42703', 55]);
  });
});

describe('settings', () => {
  it('are checked as PostgreSQL does, and changed by nobody', async () => {
    expect(await oracle.checkSetting('datestyle', 'german')).toBe('German, DMY');
    expect(await oracle.checkSetting('my.own', 'x')).toBe('x');
    expect((await errorOf(oracle.checkSetting('timezone', 'nowhere'))).sqlstate).toBe('22023');
    expect((await errorOf(oracle.checkSetting('nosuch', '1'))).sqlstate).toBe('42704');
    expect((await errorOf(oracle.checkSetting('max_connections', '1'))).sqlstate).toBe('55P02');
    expect(await texts('show datestyle')).toEqual([['ISO, MDY']]);
  });
});

describe('a kept snapshot', () => {
  it('starts a server that answers the same; a damaged one is replaced', async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'oracle-'));
    const answers = async (): Promise<(string | null)[][]> => {
      const started = await startOracle({ cacheDir });
      const { rows } = await started.run(
        request("select version(), current_user, current_database(), '[1,2]'::vector"),
      );
      await started.close();
      return rows.map((row) => row.map((value) => Buffer.from(value ?? []).toString()));
    };
    const first = await answers();
    const [name = '', ...others] = await readdir(cacheDir);
    expect(others).toEqual([]);
    expect(await answers()).toEqual(first);
    await writeFile(join(cacheDir, name), 'no archive');
    expect(await answers()).toEqual(first);
    expect((await stat(join(cacheDir, name))).size).toBeGreaterThan(1_000_000);
    await rm(cacheDir, { recursive: true });
  });
});

describe('statements that would end the instance', () => {
  it.each([
    ['a long sum', `select ${'1+'.repeat(50_000)}1`, '54001'],
    ['parentheses', `select ${'('.repeat(50_000)}1${')'.repeat(50_000)}`, '42601'],
    ['subqueries', `select ${'(select '.repeat(5_000)}1${')'.repeat(5_000)}`, '42601'],
    ['json', `select '${'['.repeat(100_000)}'::json`, '22P02'],
  ])('%s', async (_name, sql, sqlstate) => {
    expect((await errorOf(oracle.run(request(sql)))).sqlstate).toMatch(new RegExp(`^(54001|${sqlstate})$`));
    expect((await errorOf(oracle.describe(request(sql)))).sqlstate).toMatch(
      new RegExp(`^(54001|${sqlstate})$`),
    );
    expect(await texts('select 1')).toEqual([['1']]);
  });

  it('one that never ends is cancelled; everybody else waits for the next worker', async () => {
    oracle.setShadow(() => ['create table public.again (id integer)']);
    const endless =
      'with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r';
    const [failed, ...others] = await Promise.all([
      errorOf(oracle.run(request(endless))),
      texts('select 1'),
      texts("select relname from pg_class where relname in ('again', 'films')", { user: 'other' }),
    ]);
    expect(failed.sqlstate).toBe('57014');
    expect(others).toEqual([[['1']], [['again']]]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Settings } from '../../src/session/settings.js';
import { START_TIMEOUT_MS, startStack } from '../support/stack.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
let client: Client;

beforeAll(async () => {
  stack = await startStack();
  client = new Client(stack.client);
  await client.connect();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await client.end();
  await stack[Symbol.asyncDispose]();
});

const show = async (name: string): Promise<unknown> =>
  Object.values((await client.query<Record<string, unknown>>(`show ${name}`)).rows[0] ?? {})[0];

describe('SET', () => {
  it('keeps the canonical form that PostgreSQL gives a value', async () => {
    await client.query("set datestyle to 'german'");
    expect(await show('datestyle')).toBe('German, DMY');
    await client.query('set search_path to a, "B c", public');
    expect(await show('search_path')).toBe('a, "B c", public');
    await client.query('set statement_timeout = 30000');
    expect(await show('statement_timeout')).toBe('30s');
    await client.query('reset all');
    expect(await show('datestyle')).toBe('ISO, MDY');
    expect(await show('search_path')).toBe('"$user", public');
  });

  it('changes how values are printed', async () => {
    await client.query("set time zone 'Europe/Berlin'");
    const text = await client.query({ text: "select '2024-07-01 12:00:00Z'::timestamptz::text as t" });
    expect(text.rows).toEqual([{ t: '2024-07-01 14:00:00+02' }]);
    await client.query('reset timezone');
  });

  it('is undone by ROLLBACK, and SET LOCAL by COMMIT, too', async () => {
    await client.query("begin; set timezone to 'Asia/Tokyo'; set local work_mem to '8MB'");
    expect([await show('timezone'), await show('work_mem')]).toEqual(['Asia/Tokyo', '8MB']);
    await client.query('rollback');
    expect([await show('timezone'), await show('work_mem')]).toEqual(['UTC', '4MB']);
    await client.query("begin; set timezone to 'Asia/Tokyo'; set local work_mem to '8MB'; commit");
    expect([await show('timezone'), await show('work_mem')]).toEqual(['Asia/Tokyo', '4MB']);
    await client.query('reset timezone');
  });

  it('is undone back to its savepoint', async () => {
    await client.query(
      "begin; set timezone to 'Asia/Tokyo'; savepoint a; set timezone to 'Europe/Paris'; rollback to a",
    );
    expect(await show('timezone')).toBe('Asia/Tokyo');
    await client.query('rollback');
  });

  it.each([
    ['set nosuch = 1', '42704'],
    ["set work_mem = 'much'", '22023'],
    ['set server_version = 1', '55P02'],
    ["set client_encoding = 'LATIN1'", '0A000'],
    ['set role postgres', '0A000'],
    ['set session authorization postgres', '0A000'],
    ['set standard_conforming_strings = off', '0A000'],
    ['set timezone = a, b', '22023'],
    ['show nosuch', '42704'],
  ])('%s is refused with %s', async (sql, code) => {
    await expect(client.query(sql)).rejects.toMatchObject({ code });
  });

  it('of a name of one’s own is seen by current_setting', async () => {
    await client.query("set my.own = 'x'");
    expect((await client.query("select current_setting('my.own') as v")).rows).toEqual([{ v: 'x' }]);
  });

  it('belongs to one client', async () => {
    const other = new Client(stack.client);
    await other.connect();
    await client.query("set timezone to 'Asia/Tokyo'");
    expect((await other.query('show timezone')).rows).toEqual([{ TimeZone: 'UTC' }]);
    await client.query('reset timezone');
    await other.end();
  });
});

describe('set_config', () => {
  it('does what SET does, and gives the value', async () => {
    expect((await client.query("select set_config('timezone', 'utc', false) as v")).rows).toEqual([
      { v: 'UTC' },
    ]);
    await client.query("select pg_catalog.set_config('search_path', $1, false)", ['x']);
    expect(await show('search_path')).toBe('x');
    await client.query('reset all');
  });

  it('does nothing where its query gives no row', async () => {
    await client.query("select set_config('timezone', 'Asia/Tokyo', false) where false");
    expect(await show('timezone')).toBe('UTC');
  });

  it('takes computed arguments, row by row', async () => {
    await client.query("select set_config('time' || 'zone', 'Asia/Tokyo', false)");
    expect(await show('timezone')).toBe('Asia/Tokyo');
    await client.query("select set_config(name, 'German', false) from pg_settings where name = 'DateStyle'");
    expect(await show('datestyle')).toBe('German, DMY');
    await client.query('reset all');
  });
});

describe('settings in layers', () => {
  it('fall back from local to session to initial', () => {
    const settings = new Settings(new Map([['TimeZone', 'UTC']]));
    settings.set('timezone', 'Asia/Tokyo', 'session');
    settings.set('TIMEZONE', 'Europe/Paris', 'local');
    expect(settings.get('TimeZone')).toBe('Europe/Paris');
    settings.endTransaction();
    expect(settings.get('TimeZone')).toBe('Asia/Tokyo');
    settings.reset('timezone', 'session');
    expect(settings.get('TimeZone')).toBe('UTC');
  });

  it.each([
    ['"$user", public', ['ann', 'public']],
    ['A, "B""c" ,pg_catalog', ['a', 'B"c', 'pg_catalog']],
    ['""', []],
    ['', []],
  ])('read the search path %j', (text, schemas) => {
    expect(new Settings(new Map([['search_path', text]])).searchPath('ann')).toEqual(schemas);
  });
});

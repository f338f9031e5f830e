import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ObjectRow, SessionSource } from '@iris-devtools/core';
import { TABLE_DESCRIPTION } from '../../src/mirror/declared-type.js';
import { createMirror, type Mirror } from '../../src/mirror/mirror.js';
import { startOracle, type StartedOracle } from '../../src/oracle/start-oracle.js';
import { OID } from '../../src/types/oids.js';
import { CatalogRows } from './catalog-rows.js';
import { CACHE_DIR } from '../oracle/cache-dir.js';

let oracle: StartedOracle;
let mirror: Mirror;
let rows: CatalogRows;

beforeAll(async () => {
  oracle = await startOracle({ cacheDir: CACHE_DIR });
  mirror = createMirror(oracle);
});

afterAll(async () => {
  await oracle.close();
});

beforeEach(() => {
  rows = new CatalogRows();
});

async function columnsOf(name: string): Promise<(string | null)[][]> {
  return oracle.inspect(
    `select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = '${name}'::regclass and a.attnum > 0 order by a.attnum`,
  );
}

describe('the mirror', () => {
  it('shows a table that was made through pgwire as PostgreSQL would', async () => {
    rows.declaredMovies();
    await mirror.refresh(rows.session());
    expect(await columnsOf('movies')).toEqual([
      ['id', 'integer', 't', "nextval('movies_id_seq'::regclass)"],
      ['title', 'text', 't', null],
      ['releasedOn', 'date', 'f', null],
      ['rating', 'numeric(4,1)', 'f', '0'],
      ['seen_at', 'timestamp with time zone', 'f', 'CURRENT_TIMESTAMP'],
      ['facts', 'jsonb', 'f', null],
      ['embedding', 'vector(3)', 'f', null],
    ]);
    const indexes = await oracle.inspect(
      "select indexdef from pg_indexes where tablename = 'movies' order by indexname",
    );
    expect(indexes.flat()).toEqual([
      'CREATE INDEX movies_near ON public.movies USING hnsw (embedding vector_cosine_ops)',
      'CREATE UNIQUE INDEX movies_pkey ON public.movies USING btree (id)',
      'CREATE INDEX movies_title ON public.movies USING btree (title)',
    ]);
    const owner = await oracle.inspect("select tableowner from pg_tables where tablename = 'movies'");
    expect(owner).toEqual([['iris']]);
    const found = mirror.catalog.findTable(undefined, 'movies', ['public']);
    expect(found).toMatchObject({
      irisSchema: 'SQLUser',
      irisName: 'movies',
      kind: 'table',
      primaryKey: ['id'],
    });
    expect(found?.columns.find(({ pgName }) => pgName === 'embedding')).toMatchObject({
      typeOid: OID.vector,
      typeModifier: 3,
      irisType: 'VECTOR',
      vectorType: 'DOUBLE',
      vectorLength: 3,
    });
    expect(found?.columns.find(({ pgName }) => pgName === 'title')?.collation).toBe('%EXACT');
  });

  it('shows a table of IRIS in lower case, and finds it in every case', async () => {
    rows.nativePerson();
    await mirror.refresh(rows.session());
    expect(await columnsOf('sample.person')).toEqual([
      ['ssn', 'character varying(50)', 't', null],
      ['name', 'character varying(50)', 'f', null],
      ['notes', 'text', 'f', null],
      ['Home Town', 'text', 'f', null],
      ['married', 'boolean', 'f', null],
      ['xmin_1', 'double precision', 'f', null],
    ]);
    expect(
      await oracle.inspect(
        "select obj_description('sample.person'::regclass), col_description('sample.person'::regclass, 2)",
      ),
    ).toEqual([['People we know', "Person's name"]]);
    expect(
      await oracle.inspect(
        "select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'sample.pet'::regclass",
      ),
    ).toEqual([['pet_fkey1', 'FOREIGN KEY (owner) REFERENCES sample.person(ssn) ON DELETE CASCADE']]);
    for (const name of ['person', 'Person', 'PERSON']) {
      expect(mirror.catalog.findTable('sample', name, [])).toMatchObject({
        irisSchema: 'Sample',
        irisName: 'Person',
      });
    }
    expect(mirror.catalog.findTable(undefined, 'person', ['public'])).toBeUndefined();
    expect(mirror.catalog.irisSchema('sample')).toBe('Sample');
    expect(mirror.catalog.irisSchema('public')).toBe('SQLUser');
    expect(mirror.catalog.irisSchema('brand_new')).toBe('brand_new');
    expect(mirror.catalog.findTable('sample', 'person', [])?.columns[1]?.collation).toBe('%SQLUPPER');
  });

  it('makes again only what changed, and its neighbours keep their keys', async () => {
    rows.nativePerson();
    await mirror.refresh(rows.session());
    const { version } = mirror.catalog;
    await mirror.refresh(rows.session());
    expect(mirror.catalog.version).toBe(version);
    const oids = async (): Promise<(string | null)[][]> =>
      oracle.inspect("select 'sample.person'::regclass::oid, 'sample.pet'::regclass::oid");
    const [[person, pet] = []] = await oids();
    rows.column('Sample', 'Person', 'Age', 'INTEGER');
    await mirror.refresh(rows.session());
    expect(mirror.catalog.version).toBe(version + 1);
    const [[newPerson, samePet] = []] = await oids();
    expect(newPerson).not.toBe(person);
    expect(samePet).toBe(pet);
    expect(await oracle.inspect("select count(*) from pg_constraint where contype = 'f'")).toEqual([['1']]);
  });

  it('forgets what IRIS no longer has', async () => {
    rows.nativePerson();
    await mirror.refresh(rows.session());
    rows.TABLES = [];
    rows.SCHEMATA.push({ SCHEMA_NAME: 'Empty' });
    await mirror.refresh(rows.session());
    expect(mirror.catalog.findTable('sample', 'person', [])).toBeUndefined();
    expect(
      await oracle.inspect("select nspname from pg_namespace where nspname !~ '^pg_' order by 1"),
    ).toEqual([['empty'], ['information_schema'], ['public']]);
  });

  it('a table that PostgreSQL cannot have does not take the others with it', async () => {
    rows.declaredMovies();
    rows.table('SQLUser', 'Wide');
    for (let index = 0; index < 1_700; index += 1) rows.column('SQLUser', 'Wide', `c${index}`, 'INTEGER');
    await mirror.refresh(rows.session());
    expect(mirror.catalog.findTable('public', 'wide', [])).toBeUndefined();
    expect(mirror.catalog.findTable('public', 'movies', [])).toBeDefined();
    expect(await columnsOf('movies')).toHaveLength(7);
  });

  it('survives the loss of the worker', async () => {
    rows.declaredMovies();
    rows.nativePerson();
    await mirror.refresh(rows.session());
    const request = {
      parameterOids: [],
      settings: new Map<string, string>(),
      user: 'demo',
      database: 'films',
    };
    const endless =
      'with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r';
    const run = { ...request, parameters: [], parameterFormats: [], resultFormats: [] };
    await expect(oracle.run({ ...run, sql: endless })).rejects.toMatchObject({ sqlstate: '57014' });
    const { fields } = await oracle.describe({
      ...request,
      sql: 'select embedding <=> $1, seen_at from movies, sample.pet',
    });
    expect(fields?.map(({ typeOid }) => typeOid)).toEqual([OID.float8, OID.timestamptz]);
  });

  it('shows a view with the types that its PostgreSQL statement had', async () => {
    rows.table('SQLUser', 'Recent', '', 'VIEW');
    rows.column('SQLUser', 'Recent', 'seenAt', 'TIMESTAMP');
    rows.column('SQLUser', 'Recent', 'title', 'VARCHAR', { CHARACTER_MAXIMUM_LENGTH: 4096 });
    rows.column('SQLUser', 'Recent', 'votes', 'NUMERIC', { NUMERIC_PRECISION: 18, NUMERIC_SCALE: 0 });
    rows.column('SQLUser', 'Recent', 'day', 'DATE');
    const note = (name: string, description: string): ObjectRow => ({
      ViewSchema: 'SQLUser',
      ViewName: 'Recent',
      ColumnName: name,
      Description: description,
    });
    rows.viewColumns = [
      note('seenAt', 'pg:timestamp with time zone'),
      note('title', 'pg:text'),
      note('votes', 'pg:bigint'),
      note('day', 'pg:jsonb'),
    ];
    await mirror.refresh(rows.session());
    expect((await columnsOf('"Recent"')).map(([name, type]) => [name, type])).toEqual([
      ['seenAt', 'timestamp with time zone'],
      ['title', 'text'],
      ['votes', 'bigint'],
      ['day', 'date'],
    ]);
  });

  it('is read again when it has grown old, once for all who ask', async () => {
    let now = 0;
    let sessions = 0;
    const clock = { now: () => now, after: () => () => undefined };
    const source: SessionSource = {
      acquire: () => {
        sessions += 1;
        const session = { ...rows.session(), [Symbol.asyncDispose]: () => Promise.resolve() };
        return sessions === 3 ? Promise.reject(new Error('IRIS is away')) : Promise.resolve(session);
      },
      close: () => Promise.resolve(),
    };
    const aging = createMirror(oracle, { clock, maxAgeMs: 5_000 });
    await Promise.all([aging.freshen(source), aging.freshen(source)]);
    expect(sessions).toBe(1);
    now = 5_000;
    await aging.freshen(source);
    expect(sessions).toBe(1);
    now = 5_001;
    rows.declaredMovies();
    await aging.freshen(source);
    expect([sessions, aging.catalog.version]).toEqual([2, 1]);
    now = 20_000;
    await aging.freshen(source);
    expect([sessions, aging.catalog.version]).toEqual([3, 1]);
    rows.TABLES = [];
    await aging.freshen(source);
    expect([sessions, aging.catalog.version]).toEqual([4, 2]);
  });

  it('a hint that no longer fits the IRIS column counts for nothing', async () => {
    rows.table('SQLUser', 'T', TABLE_DESCRIPTION);
    rows.column('SQLUser', 'T', 'a', 'INTEGER', { DESCRIPTION: 'pg:timestamp with time zone' });
    rows.column('SQLUser', 'T', 'b', 'VARCHAR', {
      CHARACTER_MAXIMUM_LENGTH: 30,
      DESCRIPTION: 'pg:character varying(20)',
    });
    rows.column('SQLUser', 'T', 'c', 'VARCHAR', { CHARACTER_MAXIMUM_LENGTH: 9, COLUMN_DEFAULT: "'it''s'" });
    rows.column('SQLUser', 'T', 'd', 'INTEGER', { COLUMN_DEFAULT: "'); drop table movies; --" });
    await mirror.refresh(rows.session());
    expect(await columnsOf('"T"')).toEqual([
      ['a', 'integer', 'f', null],
      ['b', 'character varying(30)', 'f', null],
      ['c', 'character varying(9)', 'f', "'it''s'::character varying"],
      ['d', 'integer', 'f', null],
    ]);
  });
});

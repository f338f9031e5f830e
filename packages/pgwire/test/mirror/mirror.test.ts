import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ObjectRow, Session } from '@iris-devtools/core';
import { declareType, describeColumn, TABLE_DESCRIPTION } from '../../src/mirror/declared-type.js';
import { createMirror, type Mirror } from '../../src/mirror/mirror.js';
import { startOracle, type StartedOracle } from '../../src/oracle/start-oracle.js';
import { OID } from '../../src/types/oids.js';

/** Rows as IRIS's INFORMATION_SCHEMA gives them, by view. */
interface CatalogRows {
  SCHEMATA: ObjectRow[];
  TABLES: ObjectRow[];
  COLUMNS: ObjectRow[];
  TABLE_CONSTRAINTS: ObjectRow[];
  KEY_COLUMN_USAGE: ObjectRow[];
  REFERENTIAL_CONSTRAINTS: ObjectRow[];
  INDEXES: ObjectRow[];
}

let oracle: StartedOracle;
let mirror: Mirror;
let rows: CatalogRows;
/** Rows of the mirror's own table in IRIS. */
let viewColumns: ObjectRow[];

/** The part of a session that the mirror uses. */
function sessionOver(): Session {
  const query = (sql: string): Promise<{ rows: ObjectRow[] }> => {
    if (sql.includes('= ?'))
      return Promise.resolve({ rows: viewColumns.length > 0 ? [{ TABLE_NAME: 'ViewColumn' }] : [] });
    const view = /FROM INFORMATION_SCHEMA\.(\w+)/.exec(sql)?.[1] as keyof CatalogRows | undefined;
    return Promise.resolve({ rows: view === undefined ? viewColumns : rows[view] });
  };
  return { query } as unknown as Session;
}

beforeAll(async () => {
  oracle = await startOracle();
  mirror = createMirror(oracle);
});

afterAll(async () => {
  await oracle.close();
});

beforeEach(() => {
  viewColumns = [];
  rows = {
    SCHEMATA: [],
    TABLES: [],
    COLUMNS: [],
    TABLE_CONSTRAINTS: [],
    KEY_COLUMN_USAGE: [],
    REFERENTIAL_CONSTRAINTS: [],
    INDEXES: [],
  };
});

function table(schema: string, name: string, description = '', type = 'BASE TABLE'): void {
  rows.TABLES.push({ TABLE_SCHEMA: schema, TABLE_NAME: name, TABLE_TYPE: type, DESCRIPTION: description });
}

function column(
  schema: string,
  tableName: string,
  name: string,
  dataType: string,
  more: ObjectRow = {},
): void {
  const position =
    rows.COLUMNS.filter((row) => row.TABLE_NAME === tableName && row.TABLE_SCHEMA === schema).length + 1;
  rows.COLUMNS.push({
    TABLE_SCHEMA: schema,
    TABLE_NAME: tableName,
    COLUMN_NAME: name,
    ORDINAL_POSITION: position,
    DATA_TYPE: dataType,
    IS_NULLABLE: 'YES',
    ...more,
  });
}

function key(
  schema: string,
  tableName: string,
  name: string,
  type: string,
  columns: string[],
  target: ObjectRow[] = [],
): void {
  const common = {
    TABLE_SCHEMA: schema,
    TABLE_NAME: tableName,
    CONSTRAINT_NAME: name,
    CONSTRAINT_TYPE: type,
  };
  rows.TABLE_CONSTRAINTS.push(common);
  for (const [index, columnName] of columns.entries()) {
    rows.KEY_COLUMN_USAGE.push({
      ...common,
      COLUMN_NAME: columnName,
      ORDINAL_POSITION: index + 1,
      ...target[index],
    });
  }
}

/** As the translator declares it: `create table movies (...)` through pgwire. */
function declaredMovies(): void {
  const hint = (name: string, modifiers: number[] = [], identity?: 'serial'): ObjectRow => ({
    DESCRIPTION: describeColumn(declareType(name, modifiers), identity),
  });
  table('SQLUser', 'movies', TABLE_DESCRIPTION);
  column('SQLUser', 'movies', 'id', 'INTEGER', {
    IS_NULLABLE: 'NO',
    IS_IDENTITY: 'YES',
    ...hint('int4', [], 'serial'),
  });
  column('SQLUser', 'movies', 'title', 'varchar', {
    CHARACTER_MAXIMUM_LENGTH: 65535,
    IS_NULLABLE: 'NO',
    ...hint('text'),
  });
  column('SQLUser', 'movies', 'releasedOn', 'DATE', hint('date'));
  column('SQLUser', 'movies', 'rating', 'numeric', {
    NUMERIC_PRECISION: 4,
    NUMERIC_SCALE: 1,
    COLUMN_DEFAULT: "'0'",
    ...hint('numeric', [4, 1]),
  });
  column('SQLUser', 'movies', 'seen_at', 'TIMESTAMP', {
    COLUMN_DEFAULT: 'CURRENT_TIMESTAMP',
    ...hint('timestamptz'),
  });
  column('SQLUser', 'movies', 'facts', 'VARCHAR', { CHARACTER_MAXIMUM_LENGTH: 65535, ...hint('jsonb') });
  column('SQLUser', 'movies', 'embedding', 'VARCHAR', {
    CHARACTER_MAXIMUM_LENGTH: 4096,
    ...hint('vector', [3]),
  });
  key('SQLUser', 'movies', 'movies_pkey', 'PRIMARY KEY', ['id']);
  rows.INDEXES.push(
    {
      TABLE_SCHEMA: 'SQLUser',
      TABLE_NAME: 'movies',
      INDEX_NAME: 'movies_pkey',
      COLUMN_NAME: 'id',
      ORDINAL_POSITION: 1,
      NON_UNIQUE: 0,
      PRIMARY_KEY: 1,
    },
    {
      TABLE_SCHEMA: 'SQLUser',
      TABLE_NAME: 'movies',
      INDEX_NAME: 'movies_title',
      COLUMN_NAME: 'title',
      ORDINAL_POSITION: 1,
      NON_UNIQUE: 1,
      PRIMARY_KEY: 0,
    },
    {
      TABLE_SCHEMA: 'SQLUser',
      TABLE_NAME: 'movies',
      INDEX_NAME: 'movies_near',
      COLUMN_NAME: 'embedding',
      ORDINAL_POSITION: 1,
      NON_UNIQUE: 1,
      PRIMARY_KEY: 0,
    },
  );
}

/** As an IRIS application declares it. */
function nativePerson(): void {
  table('Sample', 'Person', 'People we know');
  column('Sample', 'Person', 'SSN', 'VARCHAR', { CHARACTER_MAXIMUM_LENGTH: 50, IS_NULLABLE: 'NO' });
  column('Sample', 'Person', 'Name', 'VARCHAR', {
    CHARACTER_MAXIMUM_LENGTH: 50,
    DESCRIPTION: "Person's name",
  });
  column('Sample', 'Person', 'Notes', 'LONGVARCHAR');
  column('Sample', 'Person', 'Home Town', 'VARCHAR', { CHARACTER_MAXIMUM_LENGTH: 3641144 });
  column('Sample', 'Person', 'Married', 'BIT');
  column('Sample', 'Person', 'xmin', 'DOUBLE');
  key('Sample', 'Person', 'PERSON_PKEY2', 'PRIMARY KEY', ['SSN']);
  table('Sample', 'Pet');
  column('Sample', 'Pet', 'Owner', 'VARCHAR', { CHARACTER_MAXIMUM_LENGTH: 50 });
  const target = {
    REFERENCED_TABLE_SCHEMA: 'Sample',
    REFERENCED_TABLE_NAME: 'PERSON',
    REFERENCED_COLUMN_NAME: 'ssn',
  };
  key('Sample', 'Pet', 'PET_FKEY1', 'FOREIGN KEY', ['Owner'], [target]);
  rows.REFERENTIAL_CONSTRAINTS.push({
    CONSTRAINT_SCHEMA: 'Sample',
    CONSTRAINT_NAME: 'PET_FKEY1',
    CONSTRAINT_TABLE_NAME: 'Pet',
    DELETE_RULE: 'CASCADE',
    UPDATE_RULE: 'NO ACTION',
  });
}

async function columnsOf(name: string): Promise<(string | null)[][]> {
  return oracle.inspect(
    `select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = '${name}'::regclass and a.attnum > 0 order by a.attnum`,
  );
}

describe('the mirror', () => {
  it('shows a table that was made through pgwire as PostgreSQL would', async () => {
    declaredMovies();
    await mirror.refresh(sessionOver());
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
    nativePerson();
    await mirror.refresh(sessionOver());
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
    nativePerson();
    await mirror.refresh(sessionOver());
    const { version } = mirror.catalog;
    await mirror.refresh(sessionOver());
    expect(mirror.catalog.version).toBe(version);
    const oids = async (): Promise<(string | null)[][]> =>
      oracle.inspect("select 'sample.person'::regclass::oid, 'sample.pet'::regclass::oid");
    const [[person, pet] = []] = await oids();
    column('Sample', 'Person', 'Age', 'INTEGER');
    await mirror.refresh(sessionOver());
    expect(mirror.catalog.version).toBe(version + 1);
    const [[newPerson, samePet] = []] = await oids();
    expect(newPerson).not.toBe(person);
    expect(samePet).toBe(pet);
    expect(await oracle.inspect("select count(*) from pg_constraint where contype = 'f'")).toEqual([['1']]);
  });

  it('forgets what IRIS no longer has', async () => {
    nativePerson();
    await mirror.refresh(sessionOver());
    rows.TABLES = [];
    rows.SCHEMATA.push({ SCHEMA_NAME: 'Empty' });
    await mirror.refresh(sessionOver());
    expect(mirror.catalog.findTable('sample', 'person', [])).toBeUndefined();
    expect(
      await oracle.inspect("select nspname from pg_namespace where nspname !~ '^pg_' order by 1"),
    ).toEqual([['empty'], ['information_schema'], ['public']]);
  });

  it('a table that PostgreSQL cannot have does not take the others with it', async () => {
    declaredMovies();
    table('SQLUser', 'Wide');
    for (let index = 0; index < 1_700; index += 1) column('SQLUser', 'Wide', `c${index}`, 'INTEGER');
    await mirror.refresh(sessionOver());
    expect(mirror.catalog.findTable('public', 'wide', [])).toBeUndefined();
    expect(mirror.catalog.findTable('public', 'movies', [])).toBeDefined();
    expect(await columnsOf('movies')).toHaveLength(7);
  });

  it('survives the loss of the worker', async () => {
    declaredMovies();
    nativePerson();
    await mirror.refresh(sessionOver());
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
    table('SQLUser', 'Recent', '', 'VIEW');
    column('SQLUser', 'Recent', 'seenAt', 'TIMESTAMP');
    column('SQLUser', 'Recent', 'title', 'VARCHAR', { CHARACTER_MAXIMUM_LENGTH: 4096 });
    column('SQLUser', 'Recent', 'votes', 'NUMERIC', { NUMERIC_PRECISION: 18, NUMERIC_SCALE: 0 });
    column('SQLUser', 'Recent', 'day', 'DATE');
    const note = (name: string, description: string): ObjectRow => ({
      ViewSchema: 'SQLUser',
      ViewName: 'Recent',
      ColumnName: name,
      Description: description,
    });
    viewColumns = [
      note('seenAt', 'pg:timestamp with time zone'),
      note('title', 'pg:text'),
      note('votes', 'pg:bigint'),
      note('day', 'pg:jsonb'),
    ];
    await mirror.refresh(sessionOver());
    expect((await columnsOf('"Recent"')).map(([name, type]) => [name, type])).toEqual([
      ['seenAt', 'timestamp with time zone'],
      ['title', 'text'],
      ['votes', 'bigint'],
      ['day', 'date'],
    ]);
  });

  it('a hint that no longer fits the IRIS column counts for nothing', async () => {
    table('SQLUser', 'T', TABLE_DESCRIPTION);
    column('SQLUser', 'T', 'a', 'INTEGER', { DESCRIPTION: 'pg:timestamp with time zone' });
    column('SQLUser', 'T', 'b', 'VARCHAR', {
      CHARACTER_MAXIMUM_LENGTH: 30,
      DESCRIPTION: 'pg:character varying(20)',
    });
    column('SQLUser', 'T', 'c', 'VARCHAR', { CHARACTER_MAXIMUM_LENGTH: 9, COLUMN_DEFAULT: "'it''s'" });
    column('SQLUser', 'T', 'd', 'INTEGER', { COLUMN_DEFAULT: "'); drop table movies; --" });
    await mirror.refresh(sessionOver());
    expect(await columnsOf('"T"')).toEqual([
      ['a', 'integer', 'f', null],
      ['b', 'character varying(30)', 'f', null],
      ['c', 'character varying(9)', 'f', "'it''s'::character varying"],
      ['d', 'integer', 'f', null],
    ]);
  });
});

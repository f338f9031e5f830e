import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASE, START_TIMEOUT_MS, startStack, TRUSTED_USER, type Stack } from '../support/stack.js';
import { CACHE_DIR } from '../oracle/cache-dir.js';

/** What psql shows of a catalog that lives in IRIS (the emulator), through every layer. */
let stack: Stack;

async function psql(...commands: string[]): Promise<{ stdout: string; stderr: string }> {
  const url = `postgresql://${TRUSTED_USER}@127.0.0.1:${stack.port}/${DATABASE}`;
  const child = spawn('psql', ['-X', '-q', ...commands.flatMap((command) => ['-c', command]), url], {
    env: { ...process.env, COLUMNS: '200' },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr };
}

/** Rows of psql's table, cells trimmed. */
function cells(output: string): string[][] {
  return output
    .split('\n')
    .filter((line) => line.includes(' | '))
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

beforeAll(async () => {
  stack = await startStack({ cacheDir: CACHE_DIR });
  const { stderr } = await psql(
    `create table Movies (id serial primary key, "releasedOn" date, title text not null, rating numeric(4,1) default 0,
       seen_at timestamptz default now(), facts jsonb, uid uuid, ok boolean default true, code varchar(10) unique, embedding vector(3))`,
    'create index movies_title on movies (title)',
    'create index on movies using hnsw (embedding vector_ip_ops)',
    `create table reviews (movie_id int references movies(id) on delete cascade, body text, primary key (movie_id, body))`,
    'create schema archive',
    'create table archive.old (id bigint generated always as identity, note text)',
    'create view recent as select id, title, seen_at from movies',
  );
  expect(stderr).toBe('');
  const session = await stack.source.acquire();
  await session.query(
    'CREATE TABLE Sample.Person (Name VARCHAR(50) NOT NULL, Age INTEGER, Embedding VECTOR(DOUBLE, 4))',
  );
  await session.query("INSERT INTO Sample.Person (Name, Age) VALUES ('Ann', 41)");
  await session.close();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

describe('psql on the catalog of IRIS', () => {
  it('\\d shows a table as PostgreSQL would', async () => {
    const { stdout } = await psql('\\d movies');
    expect(cells(stdout).slice(1)).toEqual([
      ['id', 'integer', '', 'not null', "nextval('movies_id_seq'::regclass)"],
      ['releasedOn', 'date', '', '', ''],
      ['title', 'text', '', 'not null', ''],
      ['rating', 'numeric(4,1)', '', '', '0'],
      ['seen_at', 'timestamp with time zone', '', '', 'now()'],
      ['facts', 'jsonb', '', '', ''],
      ['uid', 'uuid', '', '', ''],
      ['ok', 'boolean', '', '', 'true'],
      ['code', 'character varying(10)', '', '', ''],
      ['embedding', 'vector(3)', '', '', ''],
    ]);
    expect(stdout).toContain('"movies_pkey" PRIMARY KEY, btree (id)');
    expect(stdout).toContain('"movies_title" btree (title)');
    expect(stdout).toContain('hnsw (embedding vector_ip_ops)');
    expect(stdout).toContain('UNIQUE CONSTRAINT, btree (code)');
    expect(stdout).toMatch(
      /TABLE "reviews" CONSTRAINT "\w+" FOREIGN KEY \(movie_id\) REFERENCES movies\(id\) ON DELETE CASCADE/,
    );
  });

  it('\\d shows a view with the types of its statement', async () => {
    const { stdout } = await psql('\\d recent');
    expect(
      cells(stdout)
        .slice(1)
        .map(([name, type]) => [name, type]),
    ).toEqual([
      ['id', 'integer'],
      ['title', 'text'],
      ['seen_at', 'timestamp with time zone'],
    ]);
  });

  it('\\dt and \\dn list tables and schemas', async () => {
    const { stdout } = await psql('\\dt', '\\dn', '\\dt archive.*');
    expect(cells(stdout)).toEqual([
      ['Schema', 'Name', 'Type', 'Owner'],
      ['public', 'movies', 'table', 'iris'],
      ['public', 'reviews', 'table', 'iris'],
      ['Name', 'Owner'],
      ['archive', 'iris'],
      ['public', 'pg_database_owner'],
      ['Schema', 'Name', 'Type', 'Owner'],
      ['archive', 'old', 'table', 'iris'],
    ]);
  });

  it('a table that IRIS made meanwhile is found by name, in every case', async () => {
    for (const name of ['sample.person', 'Sample.Person', '"Sample"."Person"', 'SAMPLE."PERSON"']) {
      const { stdout, stderr } = await psql(`select "Name", age from ${name}`);
      expect([cells(stdout), stderr]).toEqual([
        [
          ['Name', 'age'],
          ['Ann', '41'],
        ],
        '',
      ]);
    }
    expect(cells((await psql('\\d sample.person')).stdout).slice(1)).toEqual([
      ['name', 'character varying(50)', '', 'not null', ''],
      ['age', 'integer', '', '', ''],
      ['embedding', 'vector(4)', '', '', ''],
    ]);
  });

  it('\\l names the database and works although psql 15 asks for a column that PostgreSQL 17 renamed', async () => {
    const { stdout, stderr } = await psql('\\l');
    expect(stderr).toBe('');
    expect(cells(stdout).map(([name]) => name)).toContain(DATABASE);
  });

  const commands = [
    '\\l+ \\dO \\dO+ \\d \\d+ \\dt+ \\dn+ \\di \\di+ \\dv \\ds \\df \\df+ \\du \\du+ \\dg \\dp \\z \\ddp \\dT \\dT+ \\do \\dx \\dx+',
    '\\dC \\dc \\dD \\dF \\dFd \\dFp \\dFt \\dL \\dl \\dRp \\dRs \\dX \\dy \\dA \\dAc \\dAf \\dAo \\dAp \\db \\dconfig \\da \\dP',
    '\\des \\deu \\dew \\det \\dd \\dti+ \\dtvs \\conninfo \\encoding',
  ].flatMap((line) => line.split(' '));

  it('answers every other command without an error', async () => {
    const { stderr } = await psql(
      ...commands,
      '\\d+ movies',
      '\\sv recent',
      '\\d movies_id_seq',
      '\\dS pg_class',
    );
    expect(stderr.split('\n').filter((line) => line.startsWith('ERROR') || line.includes('FATAL'))).toEqual(
      [],
    );
  });
});

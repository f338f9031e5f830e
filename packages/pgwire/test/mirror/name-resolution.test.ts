import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadModule, parseSync } from 'libpg-query';
import { CatalogSnapshot } from '../../src/mirror/mirror-catalog.js';
import { schemaStatements } from '../../src/mirror/shadow-ddl.js';
import { describeResolved, resolveNames, type ResolvedStatement } from '../../src/mirror/name-resolution.js';
import { applyEdits } from '../../src/oracle/edited-text.js';
import { startOracle, type StartedOracle } from '../../src/oracle/start-oracle.js';
import type { MirrorColumn, MirrorTable } from '../../src/sql/plan.js';
import { OID } from '../../src/types/oids.js';
import { CACHE_DIR } from '../oracle/cache-dir.js';

let oracle: StartedOracle;

beforeAll(async () => {
  await loadModule();
  oracle = await startOracle({ cacheDir: CACHE_DIR });
  await oracle.load([
    ...schemaStatements('sample'),
    'set role iris',
    'create table sample.person (id int, name text, homecity text)',
    'create table public.movies (id int, "createdAt" date)',
    'reset role',
  ]);
});

afterAll(async () => {
  await oracle.close();
});

function column(pgName: string, irisName: string): MirrorColumn {
  const type = { typeOid: OID.text, typeModifier: -1, irisType: 'VARCHAR' };
  return { pgName, irisName, ...type, nullable: true, isIdentity: false, collation: '%EXACT' };
}

function table(
  pgSchema: string,
  pgName: string,
  irisSchema: string,
  irisName: string,
  columns: MirrorColumn[],
): MirrorTable {
  return { pgSchema, pgName, irisSchema, irisName, kind: 'table', columns, primaryKey: [] };
}

const tables = [
  table('sample', 'person', 'Sample', 'Person', [
    column('id', 'ID'),
    column('name', 'Name'),
    column('homecity', 'HomeCity'),
  ]),
  table('public', 'movies', 'SQLUser', 'movies', [column('id', 'id'), column('createdAt', 'createdAt')]),
];
const catalog = new CatalogSnapshot(1, tables, ['Sample', 'SQLUser'], { publicSchema: 'SQLUser' });

function resolve(sql: string): ResolvedStatement {
  return resolveNames(sql, parseSync(sql).stmts?.[0]?.stmt, catalog, ['public', 'sample']);
}

describe('names in the case that IRIS knows', () => {
  it.each([
    ['select "Name" from "Sample"."Person"', 'select "name" AS "Name" from "sample"."person"'],
    ['select p."Name" as n from "Person" p', 'select p."name" as n from "person" p'],
    ['select "Person"."HomeCity" from "Person"', 'select "person"."homecity" AS "HomeCity" from "person"'],
    [
      'select "Sample" . "Person" . "Name" from "Sample" . "Person"',
      'select "sample" . "person" . "name" AS "Name" from "sample" . "person"',
    ],
    [
      'select \'é\', "Name" from person order by "Name"',
      'select \'é\', "name" AS "Name" from person order by "name"',
    ],
    [
      'select t."Name" from (select "Name" from person) t',
      'select t."name" AS "Name" from (select "name" from person) t',
    ],
    [
      'insert into "Person" ("ID", "Name") values (1, $1)',
      'insert into "person" ("id", "name") values (1, $1)',
    ],
    [
      'update "Person" set "Name" = upper("Name") where "ID" = 1 returning "Name"',
      'update "person" set "name" = upper("name") where "id" = 1 returning "name" AS "Name"',
    ],
    ['delete from "Person" where "ID" = 1', 'delete from "person" where "id" = 1'],
    ['select createdat from movies', 'select "createdAt" AS "createdat" from movies'],
  ])('%s', async (sql, expected) => {
    const { edits, node } = resolve(sql);
    expect(applyEdits(sql, edits)).toBe(expected);
    // The translator's tree must mean the same as the text that PostgreSQL describes.
    const reparsed: unknown = parseSync(expected).stmts?.[0]?.stmt;
    expect(withoutLocations(node)).toEqual(withoutLocations(reparsed));
    const settings = new Map([['search_path', 'public, sample']]);
    const request = { sql, parameterOids: [], settings, user: 'demo', database: 'films' };
    await expect(describeResolved(oracle, request, edits)).resolves.toBeDefined();
  });

  it.each([
    'select name, "createdAt" from person, movies',
    'select "Name" from (select 1 as "Name") t',
    'with "Person" as (select 1 as x) select * from "Person"',
    'select id as "Name" from person order by "Name"',
    'select "Nosuch" from nosuch',
  ])('leaves alone: %s', (sql) => {
    expect(resolve(sql).edits).toEqual([]);
  });

  it('keeps positions in the text of the client', async () => {
    const sql = 'select "Name", nosuch from "Person"';
    const settings = new Map([['search_path', 'sample']]);
    const request = { sql, parameterOids: [], settings, user: 'demo', database: 'films' };
    await expect(describeResolved(oracle, request, resolve(sql).edits)).rejects.toMatchObject({
      fields: { sqlstate: '42703', position: 16 },
    });
  });
});

function withoutLocations(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'location' ? undefined : inner)));
}

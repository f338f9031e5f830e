import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadModule } from 'libpg-query';
import { parseStatements } from '../../src/statement/parse-statements.js';
import { referencesOf } from '../../src/statement/references.js';
import { routeOf } from '../../src/statement/route.js';
import { StatementCache } from '../../src/statement/statement-cache.js';
import {
  copyQuery,
  declareQuery,
  executeParameters,
  explainedStatement,
  prepareParts,
} from '../../src/statement/token-slices.js';

beforeAll(loadModule);

describe('splitting a text', () => {
  it('leaves semicolons in literals, comments and bodies alone', () => {
    const statements = parseStatements(`select ';' as "a;b"; -- ; é
      /* ; */ select 'é', $$;$$ ;;`);
    expect(statements.map(({ sql }) => sql.trim())).toEqual([
      `select ';' as "a;b"`,
      expect.stringContaining(`select 'é', $$;$$`),
    ]);
  });

  it('counts characters and not bytes for positions', () => {
    const text = `select 'é😀'; select 1`;
    const [, second] = parseStatements(text);
    expect(Array.from(text).slice(second?.offset).join('')).toBe(second?.sql);
  });

  it.each(['', '  ', ';', ' ;; ', '-- nothing', '/* nothing */;'])('finds nothing in %j', (text) => {
    expect(parseStatements(text)).toEqual([]);
  });

  it.each([
    ['selec 1', 'syntax error at or near "selec"', 1],
    [`select 'é' frm x y`, 'syntax error at or near "x"', 16],
    [`select 'open`, `unterminated quoted string at or near "'open"`, 8],
    ['select (', 'syntax error at end of input', 9],
  ])('refuses %j as PostgreSQL does', (text, message, position) => {
    expect(() => parseStatements(text)).toThrow(
      expect.objectContaining({ message, fields: expect.objectContaining({ sqlstate: '42601', position }) }),
    );
  });
});

describe('references', () => {
  const tables = (sql: string): string[] => {
    const [statement] = parseStatements(sql);
    if (statement === undefined) throw new Error('nothing parsed');
    return referencesOf(statement.node).relations.map(({ schema, name }) =>
      schema === undefined ? name : `${schema}.${name}`,
    );
  };

  it.each([
    ['select 1', []],
    ['select * from a, s.b join c on true', ['a', 's.b', 'c']],
    ['select (select 1 from a) from b where exists (select from c)', ['b', 'a', 'c']],
    ['with x as (select * from a) select * from x', ['a']],
    ['with a as (select * from a) select * from a', ['a']],
    ['with recursive x as (select 1 union select * from x) select * from x', []],
    ['with x as (select 1), y as (select * from x, a) select * from y, s.x', ['a', 's.x']],
    ['select * from a where id in (with b as (select 1) select * from b, c)', ['a', 'c']],
    ['select * from (with b as (select 1) select * from b) q, b', ['b']],
    ['insert into x select * from y', ['x', 'y']],
    ['with x as (select 1) update x set a = 1', ['x']],
    ['delete from a using b where a.id = b.id', ['a', 'b']],
  ])('of %s', (sql, expected) => {
    expect(tables(sql).sort()).toEqual([...expected].sort());
  });
});

describe('routes', () => {
  const context = { catalogRelations: new Set(['pg_class', 'pg_namespace']) };
  const route = (sql: string): string => {
    const [statement] = parseStatements(sql);
    if (statement === undefined) throw new Error('nothing parsed');
    return routeOf(sql, statement.node, context);
  };

  it.each([
    ['select 1', 'oracle'],
    ['select * from pg_class', 'oracle'],
    ['select * from information_schema.tables', 'oracle'],
    ['select * from generate_series(1, 3)', 'oracle'],
    ['select * from movies', 'iris'],
    [`select 'pg_class' from movies`, 'iris'],
    ['select * from public.pg_class', 'iris'],
    ['insert into movies values (1)', 'iris'],
    ['create table t (a int)', 'iris'],
    ['select 1 into t', 'iris'],
    ['begin', 'session'],
    ['show all', 'session'],
    ['explain select 1', 'session'],
    ['copy t from stdin', 'copy'],
  ])('%s: %s', (sql, expected) => {
    expect(route(sql)).toBe(expected);
  });

  it('refuse a mix of catalog and data, with its place', () => {
    expect(() => route('select * from movies, pg_class')).toThrow(
      expect.objectContaining({ fields: expect.objectContaining({ sqlstate: '0A000', position: 23 }) }),
    );
  });

  it.each([
    `select query_to_xml('select * from movies', true, true, '')`,
    'select pg_advisory_lock(1)',
    `select nextval('s')`,
  ])('refuse on the oracle: %s', (sql) => {
    expect(() => route(sql)).toThrow('is not supported');
  });
});

describe('statements inside statements', () => {
  it('keep their positions', () => {
    expect(prepareParts('prepare p (int, numeric(3, 1)) as select $1')).toEqual({
      types: ['int', 'numeric(3, 1)'],
      query: `${' '.repeat(34)}select $1`,
    });
    expect(prepareParts('prepare p as select 1').types).toEqual([]);
    expect(
      executeParameters(`execute p (1, 'a,b', (2 + 3), array[1, 2])`).map((text) => text.trim()),
    ).toEqual(['1', `'a,b'`, '(2 + 3)', 'array[1, 2]']);
    expect(executeParameters('execute p')).toEqual([]);
    expect(declareQuery('declare "for" scroll cursor with hold for select 1 for update').trim()).toBe(
      'select 1 for update',
    );
    expect(copyQuery(`copy (select ')', (1), 2 /* ) */) to stdout`).trim()).toBe(
      `select ')', (1), 2 /* ) */`,
    );
    expect(explainedStatement('explain (costs off) select 1').trim()).toBe('select 1');
    expect(explainedStatement('explain analyze verbose select 1').trim()).toBe('select 1');
  });
});

describe('the statement cache', () => {
  it('keeps what was used last, within both bounds', () => {
    const cache = new StatementCache<number>(2, 10);
    cache.set('a', 1);
    cache.set('b', 2);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
    cache.set('12345678', 4);
    expect([cache.size, cache.get('12345678')]).toEqual([2, 4]);
    cache.set('longer than all', 5);
    expect(cache.get('longer than all')).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { analyzeStatement } from '@iris-devtools/driver';
import fc from 'fast-check';

describe('parameters in SQL text', () => {
  it.each([
    ['select ?', 'select  :%qpar(1) ', 1],
    ['select ?,? from t where a=?', 'select  :%qpar(1) , :%qpar(2)  from t where a= :%qpar(3) ', 3],
    ["select '?' || ?", "select '?' ||  :%qpar(1) ", 1],
    ["select 'it''s ?', ?", "select 'it''s ?',  :%qpar(1) ", 1],
    ['select "a?b" from t where c = ?', 'select "a?b" from t where c =  :%qpar(1) ', 1],
    ['select "a""?" , ?', 'select "a""?" ,  :%qpar(1) ', 1],
    ['select 1 -- ?\n, ?', 'select 1 -- ?\n,  :%qpar(1) ', 1],
    ["select /* ? ' */ ?", "select /* ? ' */  :%qpar(1) ", 1],
    ['select 1 -- ?', 'select 1 -- ?', 0],
    ["select 'open ?", "select 'open ?", 0],
    ['select "open ?', 'select "open ?', 0],
    ['select /* open ?', 'select /* open ?', 0],
    ['select {fn ucase(?)}', 'select {fn ucase( :%qpar(1) )}', 1],
    ["select {ts '2020-01-01 00:00:00?'}", "select {ts '2020-01-01 00:00:00?'}", 0],
    ['select a from t where b %STARTSWITH ?', 'select a from t where b %STARTSWITH  :%qpar(1) ', 1],
    ['select 1-?-2', 'select 1- :%qpar(1) -2', 1],
    ['select "\u{1F600}?", \'é?\', ?', 'select "\u{1F600}?", \'é?\',  :%qpar(1) ', 1],
    ['', '', 0],
  ])('%s', (sql, wireText, parameterCount) => {
    expect(analyzeStatement(sql)).toMatchObject({ wireText, parameterCount });
  });

  it('by name', () => {
    const statement = analyzeStatement("select :a, :b_1, ':c', \":d\", :a -- :e\n, '::'", true);
    expect(statement.names).toEqual(['a', 'b_1', 'a']);
    expect(statement.wireText).toBe(
      "select  :%qpar(1) ,  :%qpar(2) , ':c', \":d\",  :%qpar(3)  -- :e\n, '::'",
    );
    expect(analyzeStatement('select ?', true).parameterCount).toBe(0);
    expect(analyzeStatement('select :a').parameterCount).toBe(0);
  });

  it('finds exactly the question marks outside of opaque pieces, whatever is around them', () => {
    const opaque = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((s) => `'${s.replaceAll("'", "''")}'`),
      fc.string({ unit: 'grapheme' }).map((s) => `"${s.replaceAll('"', '""')}"`),
      fc.string({ unit: 'grapheme' }).map((s) => `/*${s.replaceAll('*/', '')} */`),
      fc.string({ unit: 'grapheme' }).map((s) => `--${s.replaceAll(/[\r\n]/g, '')}\n`),
    );
    const piece = fc.oneof(
      opaque,
      fc.constantFrom(' ? ', ' a ', ' 1 ', ' ( ', ' ) ', ' , ', ' {fn x} ', ' a:b '),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const marks = pieces.filter((p) => p === ' ? ').length;
        const sql = pieces.join(' ');
        const { parameterCount, wireText } = analyzeStatement(sql);
        expect(parameterCount).toBe(marks);
        expect(wireText.replaceAll(/ :%qpar\(\d+\) /g, '?').length).toBe(sql.length);
      }),
    );
  });

  it('reads any text without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (sql, named) => {
        expect(analyzeStatement(sql, named).parameterCount).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('takes time in proportion to the length of the text', () => {
    const sql = `select ${"'?', ?, ".repeat(200_000)}1`;
    const started = process.cpuUsage();
    expect(analyzeStatement(sql).parameterCount).toBe(200_000);
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
  });
});

describe('kinds of statements', () => {
  it.each([
    'select 1',
    ' -- x\n SELECT 1',
    '/* a */ (select 1) union (select 2)',
    'explain select 1',
    'call p(1)',
  ])('%s gives rows', (sql) => {
    expect(analyzeStatement(sql).isQuery).toBe(true);
  });

  it.each([
    ['with a as (select 1) select * from a', true],
    ['with a as (select 1) insert into b select * from a', false],
    ['{call p(?)}', true],
    ['insert into t select 1', false],
    ['update t set a = (select 1)', false],
    ['create table t (a int)', false],
    ['selection', false],
    ['', false],
  ])('%s: %s', (sql, isQuery) => {
    expect(analyzeStatement(sql).isQuery).toBe(isQuery);
  });

  it.each([
    ['start transaction', 'begin'],
    ['START  /* x */ TRANSACTION %COMMITMODE EXPLICIT', 'begin'],
    ['commit', 'end'],
    ['COMMIT WORK', 'end'],
    ['rollback', 'end'],
    ['rollback work', 'end'],
    ['rollback to savepoint a', 'none'],
    ['savepoint a', 'none'],
    ['select 1', 'none'],
  ])('%s: transaction %s', (sql, transaction) => {
    expect(analyzeStatement(sql).transaction).toBe(transaction);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isIrisError } from '@iris-devtools/core';
import fc from 'fast-check';
import { createSqlEngine } from '../../../dist/engine/create-engine.js';
import type { SqlEngine } from '../../../dist/engine/engine.js';
import { functionNames } from '../../../src/functions/registry.js';
import { openTestSession, parameter } from '../../engine/sql-session.js';
import type { TestSession, Value } from '../../engine/sql-session.js';

const START_MS = 60_000;
const RUN_MS = 120_000;
/** Far more than any call takes; without a bound it would be seconds to minutes. */
const CALL_MS = 5_000;
const RUNS = 1_200;

const TEXTS = [
  ...[
    '',
    ' ',
    '.',
    '-',
    'e',
    '1e',
    '+-7',
    '007.50',
    '7dwarves',
    '1e400',
    '-1E-400',
    'λόγος',
    '日本語',
    '😀é',
    '%',
    '\0',
  ],
  ...[
    '2020-02-29',
    '2019-02-29',
    '0000-01-01',
    '0001-01-01',
    '9999-12-31',
    '10000-01-01',
    '1840-12-30',
    '-4712-01-01',
  ],
  ...[
    '2020-2-9 1:2',
    '2020-02-29 23:59:59.999999999',
    '2020-02-29 24:00:00',
    '64701,86399.5',
    '64701,',
    ',5',
  ],
  ...[
    'Feb 30 20',
    '29 FEBRUARY 2020',
    '12/31/99',
    '31.12.1999',
    '10:',
    '::',
    '11:59:59PM',
    '-1',
    '66169',
    '99999999999',
  ],
  ...[
    '{"a":[1,null]}',
    '[1',
    '<a>&',
    "it''s",
    'YYYY-MM-DD',
    'HH24:MI:SS.FF',
    'J',
    '999G999D99',
    'FM$9,999.99MI',
    'DDD',
  ],
  ...['day', 'ns', 'SQL_TSI_WEEK', 'sha256', 'cosine', '1,2,3', '1,x'],
];
const NUMBERS = [
  '0',
  '-0.5',
  '.5',
  '2',
  '-3',
  '1E3',
  '1E-20',
  '9223372036854775807',
  '99999999999999999999.99',
  '1E120',
];
const OTHERS = [
  ...[
    'NULL',
    '?',
    "{d '2020-02-29'}",
    "{t '23:59:59.5'}",
    "{ts '2020-02-29 10:00:00'}",
    'CURRENT_TIMESTAMP(9)',
  ],
  ...['CAST(1.5 AS DOUBLE)', "CAST('ab' AS VARBINARY)", "CAST('2020-01-01' AS POSIXTIME)", '$LISTBUILD()'],
  ...[
    "$LISTBUILD('a',,2)",
    "TO_VECTOR('1,2,3', DOUBLE)",
    "TO_VECTOR('1,2,3', INTEGER)",
    "JSON_ARRAY(1, 'x')",
  ],
  ...["REPEAT('ab', 5000)", '$CHAR(0)', 'CHAR(55296)'],
];
const CODES = ['0', '1', '3', '7', '12', '20', '100', '106', '113', '120', '126', '130', '555', '-1'];
const TYPES = [
  ...[
    'INTEGER',
    'TINYINT',
    'BIGINT',
    'VARCHAR',
    'CHAR(3)',
    'VARCHAR(0)',
    'NUMERIC(8,2)',
    'DECIMAL(3,5)',
    'DOUBLE',
    'MONEY',
  ],
  ...[
    'DATE',
    'TIME',
    'TIMESTAMP',
    'POSIXTIME',
    'BIT',
    'GUID',
    'BINARY(2)',
    'VARBINARY',
    'NUMERIC(6,-2)',
    'TEXT',
  ],
];
const PARTS = [
  'yy',
  'qq',
  'mm',
  'wk',
  'dw',
  'dy',
  'dd',
  'hh',
  'mi',
  'ss',
  'ms',
  'mcs',
  'ns',
  'sts',
  "'day'",
  'nosuch',
  '?',
];

const value = fc.oneof(
  fc.constantFrom(...TEXTS).map((text) => `'${text.replaceAll('\0', '')}'`),
  fc.constantFrom(...NUMBERS),
  fc.constantFrom(...OTHERS),
  fc
    .string({ unit: 'binary', maxLength: 12 })
    .map((text) => `'${text.replaceAll("'", "''").replaceAll('\0', '')}'`),
);

const nested = fc.letrec<{ call: string; item: string }>((tie) => ({
  item: fc.oneof({ maxDepth: 2, depthSize: 'small' }, { arbitrary: value, weight: 4 }, tie('call')),
  call: fc.oneof(
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...functionNames()), fc.array(tie('item'), { maxLength: 4 }))
        .map(([name, list]) => {
          const text = `${name}(${list.join(', ')})`;
          return /^[A-Z]/.test(name) && !name.includes('.') ? `{fn ${text}}` : text;
        }),
      weight: 4,
    },
    fc.tuple(tie('item'), fc.constantFrom(...TYPES)).map(([item, type]) => `CAST(${item} AS ${type})`),
    fc
      .tuple(fc.constantFrom(...TYPES), tie('item'), fc.constantFrom('', ...CODES))
      .map(([type, item, code]) => `CONVERT(${type}, ${item}${code === '' ? '' : `, ${code}`})`),
    fc
      .tuple(
        tie('item'),
        fc.constantFrom('INTEGER', 'DATE', 'TIME', 'TIMESTAMP', 'VARCHAR', 'DOUBLE', 'NUMERIC'),
      )
      .map(([item, type]) => `{fn CONVERT(${item}, SQL_${type})}`),
    fc
      .tuple(fc.constantFrom('DATEADD', 'DATEDIFF'), fc.constantFrom(...PARTS), tie('item'), tie('item'))
      .map(([name, part, a, b]) => `${name}(${part}, ${a}, ${b})`),
    fc
      .tuple(fc.constantFrom('DATEPART', 'DATENAME', 'DATE_TRUNC'), fc.constantFrom(...PARTS), tie('item'))
      .map(([name, part, a]) => `${name}(${part}, ${a})`),
    fc
      .tuple(fc.constantFrom('d', 't', 'ts'), fc.constantFrom(...TEXTS))
      .map(([escape, text]) => `{${escape} '${text.replaceAll('\0', '')}'}`),
    fc
      .tuple(tie('item'), fc.constantFrom('+', '-', '*', '/', '\\', '#', '||'), tie('item'))
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    fc
      .tuple(fc.constantFrom('BOTH', 'LEADING', 'TRAILING'), tie('item'), tie('item'))
      .map(([where, a, b]) => `TRIM(${where} ${a} FROM ${b})`),
    fc.tuple(tie('item'), tie('item')).map(([a, b]) => `POSITION(${a} IN ${b})`),
    fc.tuple(tie('item'), tie('item')).map(([a, b]) => `JSON_OBJECT('k':${a}, ${b}:1 ABSENT ON NULL)`),
    fc.tuple(tie('item'), tie('item')).map(([a, b]) => `XMLELEMENT("a", XMLATTRIBUTES(${a} AS x), ${b})`),
  ),
}));

const PARAMETERS: readonly Value[] = [null, '', 'λ', '7x', 3, -2.5, 9223372036854775807n];

describe('a function, a conversion or an operator', () => {
  let engine: SqlEngine;
  let test: TestSession;

  beforeAll(async () => {
    engine = await createSqlEngine();
    test = await openTestSession(engine, 'USER');
  }, START_MS);

  afterAll(async () => {
    await engine.close();
  });

  it(
    'takes any arguments and gives a value or an SQLCODE, in a bounded time',
    async () => {
      await fc.assert(
        fc.asyncProperty(nested.call, fc.constantFrom(...PARAMETERS), async (call, given) => {
          const start = performance.now();
          try {
            const prepared = await test.session.prepare(`SELECT ${call}`);
            const { rows } = await test.session.execute(
              prepared,
              prepared.parameters.map(() => parameter(given)),
            );
            expect(rows.length).toBeLessThanOrEqual(1);
          } catch (error) {
            if (!isIrisError(error) || error.sqlcode === undefined) throw error;
            expect(error.message).not.toContain('(storage');
          }
          expect(performance.now() - start).toBeLessThan(CALL_MS);
        }),
        { numRuns: RUNS },
      );
    },
    RUN_MS,
  );
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startOracle, type StartedOracle } from '../../src/oracle/start-oracle.js';
import { decode, tryDecode } from '../../src/types/decode.js';
import { encode } from '../../src/types/encode.js';
import { OID } from '../../src/types/oids.js';
import { textStyle } from '../../src/types/text-style.js';
import { CACHE_DIR } from '../oracle/cache-dir.js';

/** The judge is PostgreSQL itself: what it prints for a value, we must print for the same value, byte for byte. */
let oracle: StartedOracle;
const context = { user: 'demo', database: 'films', settings: new Map<string, string>() };

beforeAll(async () => {
  oracle = await startOracle({ watchdogMs: 20_000, cacheDir: CACHE_DIR });
});

afterAll(async () => {
  await oracle.close();
});

async function judge(
  text: string,
  typeOid: number,
  cast: string,
  settings: ReadonlyMap<string, string>,
): Promise<{ printed: Buffer; binary: Buffer; typeModifier: number }> {
  const { rows, fields } = await oracle.run({
    ...context,
    settings,
    sql: `select ($1)::${cast}, ($1)::${cast}`,
    parameterOids: [OID.text],
    parameters: [Buffer.from(text)],
    parameterFormats: [0],
    resultFormats: [0, 1],
  });
  expect(fields?.[0]?.typeOid).toBe(typeOid);
  return {
    printed: Buffer.from(rows[0]?.[0] ?? []),
    binary: Buffer.from(rows[0]?.[1] ?? []),
    typeModifier: fields?.[0]?.typeModifier ?? -1,
  };
}

const integers = (bits: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }).map(String);

const decimals = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.nat(18))
  .map(([negative, digits, scale]) => {
    const text = String(digits).padStart(scale + 1, '0');
    const at = text.length - scale;
    return `${negative ? '-' : ''}${text.slice(0, at)}${scale === 0 ? '' : `.${text.slice(at)}`}`;
  });

const two = (n: number): string => String(n).padStart(2, '0');
const dates = fc
  .tuple(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([year, month, day]) => `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`);
const clocks = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.oneof(fc.constant(0), fc.nat(999_999)))
  .map(([hour, minute, second, micros]) => {
    const fraction = micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`;
    return `${two(hour)}:${two(minute)}:${two(second)}${fraction}`;
  });
const offsets = fc
  .tuple(fc.constantFrom('+', '-'), fc.nat(14), fc.constantFrom('', ':30', ':45'))
  .map(([sign, hour, minutes]) => `${sign}${two(hour)}${minutes}`);
const timestamps = fc.tuple(dates, clocks).map((parts) => parts.join(' '));
/** Before 1900 zones differ between data bases; IRIS's years are enough away from both ends. */
const recent = fc
  .tuple(
    fc.integer({ min: 1970, max: 2037 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
    clocks,
  )
  .map(([year, month, day, clock]) => `${year}-${two(month)}-${two(day)} ${clock}`);
const intervals = fc
  .tuple(
    fc.oneof(fc.constant(0), fc.integer({ min: -30, max: 30 })),
    fc.oneof(fc.constant(0), fc.integer({ min: -40, max: 40 })),
    fc.oneof(fc.constant(0n), fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n })),
  )
  .map(([months, days, micros]) => `${months} months ${days} days ${micros} microseconds`);
const texts = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
const doubles = fc.oneof(
  fc.double({ noNaN: false }),
  fc.double({ min: -1e18, max: 1e18, noNaN: true }),
  fc.integer({ min: -1074, max: 1023 }).map((exponent) => 2 ** exponent),
  fc.integer({ min: -320, max: 308 }).map((exponent) => Number(`1e${exponent}`)),
  // Integers beyond 2^53, where the halfway points have few digits.
  fc
    .tuple(fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n }), fc.nat(40))
    .map(([digits, shift]) => Number(digits << BigInt(shift))),
);
const singles = fc.oneof(
  fc.float({ noNaN: false }),
  fc.integer({ min: -149, max: 127 }).map((exponent) => Math.fround(2 ** exponent)),
  fc.integer({ min: 2 ** 23, max: 2 ** 30 }).map(Math.fround),
  fc.integer({ min: 1, max: 99_999 }).map((n) => Math.fround(n / 1_000)),
);

function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

const cases: [
  cast: string,
  typeOid: number,
  values: fc.Arbitrary<string>,
  settings?: Record<string, string>,
][] = [
  ['bool', OID.bool, fc.constantFrom('t', 'f', 'true', 'no', 'on', '0')],
  ['int2', OID.int2, integers(16)],
  ['int4', OID.int4, integers(32)],
  ['int8', OID.int8, integers(64)],
  ['oid', OID.oid, fc.nat(0xffffffff).map(String)],
  ['float8', OID.float8, doubles.map(doubleText)],
  ['float8', OID.float8, doubles.map(doubleText), { extra_float_digits: '0' }],
  ['float8', OID.float8, doubles.map(doubleText), { extra_float_digits: '-9' }],
  ['float4', OID.float4, singles.map(doubleText)],
  ['float4', OID.float4, singles.map(doubleText), { extra_float_digits: '0' }],
  ['numeric', OID.numeric, decimals],
  ['numeric(60,3)', OID.numeric, decimals],
  [
    'numeric',
    OID.numeric,
    fc.constantFrom('NaN', 'Infinity', '-Infinity', '1e-20', '1.5E30', '0', '-0.00', '0.0001'),
  ],
  ['text', OID.text, texts],
  ['varchar(4)', OID.varchar, texts],
  ['char(7)', OID.bpchar, texts.map((text) => text.slice(0, 2))],
  [
    'bytea',
    OID.bytea,
    fc.uint8Array({ maxLength: 40 }).map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`),
  ],
  [
    'bytea',
    OID.bytea,
    fc.uint8Array({ maxLength: 40 }).map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`),
    { bytea_output: 'escape' },
  ],
  ['date', OID.date, dates],
  ['date', OID.date, dates, { DateStyle: 'SQL, DMY' }],
  ['date', OID.date, dates, { DateStyle: 'German' }],
  ['date', OID.date, dates, { DateStyle: 'Postgres, MDY' }],
  ['time', OID.time, clocks],
  ['time(2)', OID.time, clocks],
  ['timetz', OID.timetz, fc.tuple(clocks, offsets).map((parts) => parts.join(''))],
  ['timestamp', OID.timestamp, timestamps],
  ['timestamp(0)', OID.timestamp, timestamps],
  ['timestamp', OID.timestamp, timestamps, { DateStyle: 'Postgres, DMY' }],
  ['timestamp', OID.timestamp, timestamps, { DateStyle: 'SQL, MDY' }],
  ['timestamp', OID.timestamp, timestamps, { DateStyle: 'German' }],
  ['timestamptz', OID.timestamptz, fc.tuple(recent, offsets).map((parts) => parts.join(''))],
  ['timestamptz', OID.timestamptz, recent.map((text) => `${text}Z`), { TimeZone: 'America/New_York' }],
  [
    'timestamptz',
    OID.timestamptz,
    recent.map((text) => `${text}Z`),
    { TimeZone: 'America/New_York', DateStyle: 'SQL' },
  ],
  ['timestamptz', OID.timestamptz, recent.map((text) => `${text}Z`), { TimeZone: 'Asia/Kathmandu' }],
  ['timestamptz', OID.timestamptz, recent.map((text) => `${text}Z`), { TimeZone: '<+02>-02' }],
  [
    'timestamptz',
    OID.timestamptz,
    recent.map((text) => `${text}Z`),
    { TimeZone: 'UTC', DateStyle: 'Postgres' },
  ],
  ['interval', OID.interval, intervals],
  ['interval', OID.interval, intervals, { IntervalStyle: 'iso_8601' }],
  ['interval', OID.interval, intervals, { IntervalStyle: 'postgres_verbose' }],
  ['interval', OID.interval, intervals, { IntervalStyle: 'sql_standard' }],
  ['uuid', OID.uuid, fc.uuid()],
  ['json', OID.json, fc.json()],
  ['jsonb', OID.jsonb, fc.json({ stringUnit: 'grapheme' }).filter((text) => !text.includes('\\u0000'))],
  [
    'jsonb',
    OID.jsonb,
    fc.constantFrom(
      ' { "bb" : 1 , "a" : [ ] , "é" : { } , "c" : null , "a" : "last" } ',
      '[1e3, 1.50, -0, 1E-2, 0.0, -12.3400e+2, 100000000000000000000000000001]',
      '"\\u00e9\\ud83d\\ude00 \\b\\f\\n\\r\\t\\/\\\\ \\u0001 \\u007f \u2028"',
      'true',
      '[[[{"x":[[]]}]]]',
      '{"":0,"A":1,"a":2,"Z":3,"aa":4,"\ufffd":5,"\u{1f600}":6}',
    ),
  ],
  [
    'vector',
    OID.vector,
    fc
      .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 8 })
      .map((numbers) => `[${numbers.join(',')}]`),
  ],
  [
    'int4[]',
    1007,
    fc
      .array(fc.option(integers(32)), { maxLength: 5 })
      .map((items) => `{${items.map((item) => item ?? 'NULL').join(',')}}`),
  ],
  [
    'text[]',
    1009,
    fc
      .array(fc.option(texts), { maxLength: 5 })
      .map(
        (items) =>
          `{${items.map((item) => (item === null ? 'NULL' : JSON.stringify(item).replace(/\\[^"\\]/g, ''))).join(',')}}`,
      ),
  ],
  ['float8[]', 1022, fc.constantFrom('{}', '{{1,2},{3,4}}', '{{{1}}}', '{NULL}', '{1.5e300,-0}')],
];

describe('every value reads and prints as in PostgreSQL', () => {
  const named = cases.map((entry) => ({ name: `${entry[0]} ${JSON.stringify(entry[3] ?? {})}`, entry }));
  it.each(named)('$name', async ({ entry }) => {
    const [cast, typeOid, values, settings = {}] = entry;
    const session = new Map(Object.entries(settings));
    const style = textStyle(session);
    const property = fc.asyncProperty(values, async (text) => {
      const { printed, binary, typeModifier } = await judge(text, typeOid, cast, session);
      const read = tryDecode(binary, typeOid, 1);
      expect(read).toBeDefined();
      const value = read?.value ?? null;
      expect(Buffer.from(encode(value, typeOid, typeModifier, 0, style) ?? []).toString()).toBe(
        printed.toString(),
      );
      expect(Buffer.from(encode(value, typeOid, typeModifier, 1, style) ?? []).toString('hex')).toBe(
        binary.toString('hex'),
      );
      const loses = Number(settings.extra_float_digits ?? 1) < 1;
      if (!loses)
        expect(await decode(printed, typeOid, 0, oracle, { ...context, settings: session })).toEqual(value);
      // What we read ourselves is what PostgreSQL reads; what we do not read, the line above has asked it.
      const ourselves = tryDecode(Buffer.from(text), typeOid, 0);
      if (ourselves !== undefined && !cast.includes('(') && typeOid !== OID.json)
        expect(ourselves.value).toEqual(value);
    });
    await fc.assert(property, { numRuns: 100 });
  });
});

describe('spellings that only PostgreSQL knows', () => {
  it.each([
    ['Jan 5, 2020', OID.date, '2020-01-05'],
    ['2020-01-05 12:00', OID.timestamptz, '2020-01-05 11:00:00'],
    ['1 year ago', OID.interval, '-1 years'],
    ['0x1F', OID.int4, 31],
    ['1_000.5', OID.numeric, '1000.5'],
    ['{"b": 1, "a":[1.50]}', OID.jsonb, '{"a": [1.50], "b": 1}'],
    [
      '{2020-01-01,"Feb 3 2021"}',
      1182,
      { kind: 'array', elementOid: OID.date, lengths: [2], elements: ['2020-01-01', '2021-02-03'] },
    ],
  ])('%s', async (text, typeOid, expected) => {
    const settings = new Map([['TimeZone', 'Europe/Prague']]);
    expect(await decode(Buffer.from(text), typeOid, 0, oracle, { ...context, settings })).toEqual(expected);
  });

  it.each([
    ['abc', OID.int4, '22P02', 'invalid input syntax for type integer: "abc"'],
    ['99999999999', OID.int4, '22003', 'value "99999999999" is out of range for type integer'],
    ['1e400', OID.float8, '22003', '"1e400" is out of range for type double precision'],
    ['2020-02-30', OID.date, '22008', 'date/time field value out of range: "2020-02-30"'],
    ['yesterdayish', OID.date, '22007', 'invalid input syntax for type date: "yesterdayish"'],
    ['[1,x]', OID.vector, '22P02', 'invalid input syntax for type vector: "[1,x]"'],
    ['{1,2', 1007, '22P02', 'malformed array literal: "{1,2"'],
    ['"\\ud800"', OID.jsonb, '22P02', 'invalid input syntax for type json'],
    ['01', OID.jsonb, '22P02', 'invalid input syntax for type json'],
    ['{', OID.jsonb, '22P02', 'invalid input syntax for type json'],
    ['infinity', OID.timestamp, '22008', 'date out of range'],
  ])('%s is refused in the same words', async (text, typeOid, sqlstate, message) => {
    await expect(decode(Buffer.from(text), typeOid, 0, oracle, context)).rejects.toMatchObject({
      fields: { sqlstate, message },
    });
  });
});

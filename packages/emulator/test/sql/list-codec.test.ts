import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeList, encodeList } from '@iris-devtools/protocol';
import fc from 'fast-check';
import { installPrelude } from '../../dist/engine/prelude/install.js';
import { Storage, StorageFailure } from '../../dist/engine/storage/storage.js';

let storage: Storage;

beforeAll(async () => {
  storage = await Storage.open({
    watchdogMs: 60_000,
    maxAnswerBytes: 100_000_000,
    maxPreparedStatements: 50,
  });
  await installPrelude(storage);
});

afterAll(async () => {
  await storage.close();
});

async function value(sql: string, ...parameters: readonly string[]): Promise<string> {
  const [result] = await storage.run([{ sql: `SELECT ${sql}`, parameters }]);
  return result?.rows[0]?.[0] ?? '';
}

const hex = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString('hex')}`;
const bytesOf = (cell: string): Uint8Array => Buffer.from(cell.slice(2), 'hex');

// PostgreSQL has no U+0000 and no half surrogate pairs; '' is told apart from NULL as $C(0).
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }).filter((x) => !x.includes('\0'));
const options = { numRuns: 150 };

describe('$LIST bytes against the codec of the wire protocol', () => {
  it('reads what the codec writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { maxLength: 8 }), async (items) => {
        const list = await value('to_json(iris.list_array($1::bytea))', hex(encodeList(items)));
        expect(JSON.parse(list)).toEqual(items);
      }),
      options,
    );
  });

  it('writes what the codec reads', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { maxLength: 8 }), async (items) => {
        const sql = 'iris.list_from_array(ARRAY(SELECT json_array_elements_text($1::json)))';
        const bytes = bytesOf(await value(sql, JSON.stringify(items)));
        expect(decodeList(bytes).map((item) => item ?? null)).toEqual(items);
      }),
      options,
    );
  });

  it('agrees on whole numbers of 64 bits, both ways', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), async (number) => {
        expect(await value('iris.list_text($1::bytea)', hex(encodeList([number])))).toBe(String(number));
        // -2^63 has no positive counterpart in 64 bits; it goes as text.
        const bytes = bytesOf(await value('iris.list_number_item($1::numeric)', String(number)));
        expect(String(decodeList(bytes)[0])).toBe(String(number));
      }),
      options,
    );
  });

  it('reads doubles, whole and shortened', async () => {
    const double = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 });
    await fc.assert(
      fc.asyncProperty(double, fc.boolean(), async (number, compactDoubles) => {
        fc.pre(!Number.isInteger(number) && Math.abs(number) > 1e-100);
        const shown = await value('iris.list_text($1::bytea)', hex(encodeList([number], { compactDoubles })));
        expect(Number(shown)).toBeCloseTo(number, 10);
      }),
      options,
    );
  });

  it('decimals keep every digit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
        fc.nat(18),
        async (digits, scale) => {
          const number = `${String(digits)}e-${String(scale)}`;
          const back = await value(
            '(iris.list_text(iris.list_number_item($1::numeric)))::numeric = $1::numeric',
            number,
          );
          expect(back).toBe('t');
        },
      ),
      options,
    );
  });

  it('any bytes are a list or end in -400, never in another error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (bytes) => {
        try {
          await value('iris.list_array($1::bytea)', hex(bytes));
        } catch (error) {
          if (!(error instanceof StorageFailure)) throw error;
          expect(error.failure.sqlstate).toBe('IR400');
        }
      }),
      { numRuns: 500 },
    );
  });
});

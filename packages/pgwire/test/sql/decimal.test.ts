import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDecimal, printDecimal, divideNumeric } from '../../src/sql/run/decimal.js';
import { Judge } from './support/judge.js';

/** Decimal text as IRIS prints it, with the scale that PostgreSQL would keep. */
const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.nat(18))
  .map(([unscaled, scale]) => printDecimal({ unscaled, scale }, scale));

let judge: Judge;

beforeAll(async () => {
  judge = await Judge.start();
});

afterAll(() => judge.close());

describe('decimals', () => {
  it.each([
    ['.5', 2, '0.50'],
    ['-.005', 2, '-0.01'],
    ['12', 0, '12'],
    ['1E-7', 7, '0.0000001'],
    ['2.5', 0, '3'],
    ['-2.5', 0, '-3'],
    ['0', 3, '0.000'],
  ])('%s with %d digits is %s', (text, scale, printed) => {
    const decimal = parseDecimal(text);
    expect(decimal === undefined ? undefined : printDecimal(decimal, scale)).toBe(printed);
  });

  it.each(['', '-', '.', 'x', '1.2.3', '0x10', 'NaN'])('reads no number from %j', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  it('prints what it reads', () => {
    fc.assert(
      fc.property(decimals, (text) => {
        const decimal = parseDecimal(text);
        expect(decimal === undefined ? '' : printDecimal(decimal, decimal.scale)).toBe(text);
      }),
    );
  });

  it('divides as PostgreSQL does, digit by digit', async () => {
    const pairs = fc.sample(fc.tuple(decimals, decimals), { numRuns: 400, seed: 20_260_131 });
    const usable = pairs.filter(([, divisor]) => Number(divisor) !== 0);
    const list = usable.map(([dividend, divisor]) => `(${dividend}::numeric / ${divisor}::numeric)`);
    const { rows } = await judge.query(`select unnest(array[${list.join(', ')}])::text`);
    expect(usable.map(([dividend, divisor]) => quotient(dividend, divisor))).toEqual(
      rows.map(([text]) => text),
    );
  });

  it('has no quotient by zero', () => {
    expect(quotient('1', '0.00')).toBeUndefined();
  });
});

function quotient(dividend: string, divisor: string): string | undefined {
  const [one, other] = [parseDecimal(dividend), parseDecimal(divisor)];
  return one === undefined || other === undefined ? undefined : divideNumeric(one, other);
}

import { describe, expect, it } from '@jest/globals';
import {
  canonicalDecimalText,
  decodeItems,
  encodeRequest,
  HEADER_BYTES,
  dateToHorolog,
  decimalToText,
  horologToDate,
  horologToTime,
  normalizeDecimal,
  obfuscateBytes,
  parseDecimal,
  posixTimeToText,
  textToPosixTime,
  timeToHorolog,
  deobfuscateBytes,
  chunkText,
  MAX_TEXT_CHUNK_BYTES,
} from '@iris-devtools/protocol';
import fc from 'fast-check';

describe('decimals', () => {
  it.each([
    ['4.01', 401n, -2],
    ['-0.05', -5n, -2],
    ['0', 0n, 0],
    ['0.00', 0n, -2],
    ['1.50', 150n, -2],
  ])('%s', (text, mantissa, exponent) => {
    expect(parseDecimal(text)).toEqual({ mantissa, exponent });
    expect(decimalToText({ mantissa, exponent })).toBe(text);
  });

  it('has the same canonical text by numbers and by bigints', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: -30, max: 30 }), (mantissa, exponent) => {
        const expected = decimalToText(normalizeDecimal({ mantissa: BigInt(mantissa), exponent }));
        expect(canonicalDecimalText(mantissa, exponent)).toBe(expected);
        expect(canonicalDecimalText(BigInt(mantissa), exponent)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
    expect(canonicalDecimalText(-150, -2)).toBe('-1.5');
    expect(canonicalDecimalText(0, -5)).toBe('0');
    expect(canonicalDecimalText(-5, -2)).toBe('-0.05');
    expect(canonicalDecimalText(1200, -2)).toBe('12');
  });

  it('reads other spellings', () => {
    expect(parseDecimal('.5')).toEqual({ mantissa: 5n, exponent: -1 });
    expect(parseDecimal('5.')).toEqual({ mantissa: 5n, exponent: 0 });
    expect(parseDecimal('+1e3')).toEqual({ mantissa: 1n, exponent: 3 });
    for (const text of ['', '.', '-', 'e5', '1e', '0x1', '1 ', 'NaN', '1e9999999']) {
      expect(parseDecimal(text)).toBeUndefined();
    }
  });

  it('keeps the value when normalised', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 20n), 10n ** 20n),
        fc.integer({ min: -30, max: 30 }),
        (mantissa, exponent) => {
          const short = normalizeDecimal({ mantissa, exponent });
          expect(short.mantissa * 10n ** BigInt(short.exponent + 100)).toBe(
            mantissa * 10n ** BigInt(exponent + 100),
          );
        },
      ),
    );
  });
});

describe('dates and times', () => {
  it('POSIXTIME as in the tests of go-irisnative', () => {
    expect(posixTimeToText(1154679522636970432n)).toMatch(/^2025-09-16 10:20:30\.123456$/);
    expect(posixTimeToText(-6947328004811081856n)).toBe('1025-09-16 10:20:30');
    expect(textToPosixTime('2025-09-16 10:20:30.123456')).toBe(1154679522636970432n);
  });

  it('POSIXTIME and $HOROLOG convert both ways over all years', () => {
    const minDay = dateToHorolog('0001-01-01');
    const maxDay = dateToHorolog('9999-12-31');
    fc.assert(
      fc.property(
        fc.integer({ min: minDay, max: maxDay }),
        fc.integer({ min: 0, max: 86_399_999_999 }),
        (day, micro) => {
          const date = horologToDate(day);
          expect(dateToHorolog(date)).toBe(day);
          const time = horologToTime(Math.floor(micro / 1e6));
          expect(timeToHorolog(time)).toBe(Math.floor(micro / 1e6));
          const text = `${date} ${time}`;
          expect(posixTimeToText(textToPosixTime(text))).toBe(text);
        },
      ),
    );
    expect(horologToDate(0)).toBe('1840-12-31');
    expect(horologToDate(47_117)).toBe('1970-01-01');
    expect(horologToTime(3661.25)).toBe('01:01:01.25');
    expect(timeToHorolog('01:01:01.25')).toBe(3661.25);
  });

  it.each(['2025-02-29', '2025-13-01', '2025-00-01', '0000-01-01', '25-01-01', ''])(
    '%p is no date',
    (text) => {
      expect(() => dateToHorolog(text)).toThrow(/is no date/);
    },
  );

  it('refuses what is outside', () => {
    expect(() => horologToDate(1e7)).toThrow(/outside/);
    expect(() => horologToTime(86_400)).toThrow(/no second/);
    expect(() => timeToHorolog('24:00:00')).toThrow(/no time/);
    expect(() => posixTimeToText(2n ** 63n - 1n)).toThrow(/outside/);
  });
});

describe('credential obfuscation', () => {
  it.each([
    ['SYS', '9effde'],
    ['_SYSTEM', '5d7cbefe403fdf'],
    ['password', '78da597a1b3b99db'],
    ['p', 'fa'],
    ['Abc', '98d81d'],
    ['', ''],
  ])('%s, as three independent clients send it', (text, hex) => {
    const hidden = obfuscateBytes(Buffer.from(text, 'latin1'));
    expect(hidden.toString('hex')).toBe(hex);
    expect(deobfuscateBytes(hidden).toString('latin1')).toBe(text);
  });
});

describe('credentials beyond Latin-1', () => {
  it('keep the high byte of each unit and go in reverse order, as the official addon sends them', () => {
    const login = {
      kind: 'Connect',
      namespace: '',
      user: 'жabcd',
      password: '',
      osUser: '',
      clientHost: '',
    } as const;
    const more = { applicationName: '', clientLocale: '', clientAddress: '', eventClass: '' };
    const message = { ...login, ...more, autocommit: 1, isolationLevel: 0, features: 0 };
    const bytes = encodeRequest(message, { sequence: 1, statementId: 0 });
    const items = decodeItems(bytes.subarray(HEADER_BYTES));
    expect(items[1]).toMatchObject({ type: 'string', wide: true });
    const hidden = items[1]?.type === 'string' ? items[1].value : '';
    expect(hidden.charCodeAt(4)).toBe(0x04b2);
  });
});

describe('SQL text in pieces', () => {
  it('joins to the same text, never splits a pair, and keeps each piece short enough', () => {
    for (const unit of ['a', 'é', 'ж', '\u{1F600}', 'a\u{1F600}']) {
      const text = unit.repeat(40_000);
      const chunks = chunkText(text);
      expect(chunks.join('')).toBe(text);
      for (const chunk of chunks) {
        const wide = /[^\u0000-\u00ff]/.test(chunk);
        expect(chunk.length * (wide ? 2 : 1)).toBeLessThanOrEqual(MAX_TEXT_CHUNK_BYTES);
        expect(() => encodeURIComponent(chunk)).not.toThrow();
      }
    }
  });
});

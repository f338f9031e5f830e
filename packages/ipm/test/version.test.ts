import { describe, expect, it } from '@jest/globals';
import { allows, parseVersion, parseVersionRange } from '@iris-devtools/ipm';

describe('versions', () => {
  it.each(['1.0.0', '0.0.1', '10.20.30', '1.0.0-rc.1', '1.0.0-0a', '1.0.0+build.5', '1.2.3-alpha-1.x+y'])(
    '%s',
    (text) => {
      expect(parseVersion(text)).toBeDefined();
    },
  );

  it.each(['', '1', '1.0', '01.0.0', '1.0.0-', '1.0.0-01', '1.0.0+', 'v1.0.0', '1.0.0 ', '1.0.0-a..b'])(
    'not %j',
    (text) => {
      expect(parseVersion(text)).toBeUndefined();
    },
  );
});

describe('version ranges', () => {
  it.each([
    ['>=2024.1', [2024, 1, 0], true],
    ['>=2024.1', [2023, 3, 0], false],
    ['>=2024.1', [2025, 1, 0], true],
    ['2024.1', [2024, 1, 0], true],
    ['2024.1', [2024, 2, 0], false],
    ['2024.x', [2024, 3, 0], true],
    ['2024.x', [2025, 1, 0], false],
    ['*', [1, 0, 0], true],
    ['^1.2.0', [1, 9, 0], true],
    ['^1.2.0', [2, 0, 0], false],
    ['^0.2.3', [0, 2, 9], true],
    ['^0.2.3', [0, 3, 0], false],
    ['~1.2.0', [1, 2, 9], true],
    ['~1.2.0', [1, 3, 0], false],
    ['1.0.0 - 2.0.0', [2, 0, 0], true],
    ['1.0.0 - 2.0.0', [2, 0, 1], false],
    ['>=1.0.0 <2.0.0', [1, 5, 0], true],
    ['>=1.0.0 <2.0.0', [2, 0, 0], false],
    ['>= 1.0.0 && < 2.0.0', [1, 5, 0], true],
    ['1.0.0 || 3.x', [3, 1, 0], true],
    ['1.0.0 || 3.x', [2, 0, 0], false],
    ['>1.0.0', [1, 0, 0], false],
    ['<=1.0.0', [1, 0, 0], true],
  ] as const)('%s and %j', (text, release, expected) => {
    const range = parseVersionRange(text);
    expect(range && allows(range, release)).toBe(expected);
  });

  it.each(['', 'latest', 'IRIS>=2024.1', '1.0.0 || 2.0.0 && 3.0.0', '>=', '1..2'])('not %j', (text) => {
    expect(parseVersionRange(text)).toBeUndefined();
  });
});

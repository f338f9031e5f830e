import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { IrisError, Secret, SQLCODES, isIrisError, sqlError, sqlstateOf } from '@iris-devtools/core';

describe('IrisError', () => {
  it('derives the SQLSTATE from the SQLCODE and words the message as IRIS does', () => {
    const error = sqlError(-30, " Table 'SQLUSER.NOSUCH' not found");
    expect(error.message).toBe(
      "[SQLCODE: <-30>:<Table or view not found>] [%msg: < Table 'SQLUSER.NOSUCH' not found>]",
    );
    expect(error).toMatchObject({ code: 'IRIS_SQL', sqlcode: -30, sqlstate: '42P01', retry: 'no' });
  });

  it('is recognised across copies of the package and keeps its cause', () => {
    const cause = new Error('reset');
    const error: unknown = new IrisError('lost', { code: 'IRIS_CONNECTION_LOST', retry: 'unknown', cause });
    expect(isIrisError(error)).toBe(true);
    expect(isIrisError(new Error('x'))).toBe(false);
    expect(isIrisError(null)).toBe(false);
    expect((error as IrisError).cause).toBe(cause);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      code: 'IRIS_CONNECTION_LOST',
      retry: 'unknown',
    });
  });

  it('has a five-character SQLSTATE for every SQLCODE', () => {
    for (const [code, { text, sqlstate }] of SQLCODES) {
      expect([code, sqlstate]).toEqual([code, expect.stringMatching(/^[0-9A-Z]{5}$/)]);
      expect(text).not.toBe('');
    }
    expect(sqlstateOf(-999_999)).toBe('HY000');
    expect(sqlstateOf(undefined)).toBeUndefined();
  });
});

describe('Secret', () => {
  it('shows nothing unless revealed', () => {
    const secret = new Secret('hunter2');
    const shown = [
      String(secret),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: { secret } }),
    ];
    expect(shown.join()).not.toContain('hunter2');
    expect(secret.reveal()).toBe('hunter2');
  });
});

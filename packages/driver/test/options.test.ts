import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '@iris-devtools/core';
import { OPTIONS, parseUrl, resolveOptions } from '@iris-devtools/driver';

describe('connection options', () => {
  it('come from a URL', () => {
    const options = resolveOptions(
      'iris://_SYSTEM:p%40ss%2Fword@db.example:51773/MY%20NS?queryTimeoutMs=5000&fastSelect=off&bigint=string&tls=true',
    );
    expect(options).toMatchObject({
      user: '_SYSTEM',
      host: 'db.example',
      port: 51_773,
      namespace: 'MY NS',
      queryTimeoutMs: 5000,
      fastSelect: false,
      bigint: 'string',
      tls: true,
    });
    expect(options.password.reveal()).toBe('p@ss/word');
  });

  it('have the defaults of the table', () => {
    const options = resolveOptions({ user: 'u' });
    for (const [name, row] of Object.entries(OPTIONS)) {
      if (row.default !== undefined) expect(options).toHaveProperty(name, row.default);
    }
    expect(options.password.reveal()).toBe('');
  });

  it('read IPv6 addresses', () => {
    expect(parseUrl('iris://u@[::1]:1972/USER')).toMatchObject({ host: '::1', port: 1972 });
  });

  it.each([
    ['http://u:secret1@h/USER', /starts with/],
    ['iris://u:secret1@h:notaport/USER', /malformed/],
    ['iris://h/USER', /user is missing/],
    ['iris://u:secret1@h/USER?nope=1', /no option 'nope'/],
    ['iris://u:secret1@h/USER?queryTimeoutMs=soon', /whole number/],
    ['iris://u:secret1@h/USER?fastSelect=maybe', /true or false/],
    ['iris://u:secret1@h/USER?bigint=float', /one of/],
    ['iris://u:secret1@h/USER?statementCacheSize=99999999', /from 0 to/],
    ['iris://u:secret1@h/USER?parsers=x', /cannot be given in a URL/],
    ['iris://u:secret1@h/USER?password=x', /cannot be given in a URL/],
    ['iris://u%zz:secret1@h/USER', /escape/],
  ])('%s is refused without showing the password', (url, message) => {
    let error: unknown;
    try {
      resolveOptions(url);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'IRIS_OPTION', message: expect.stringMatching(message) });
    expect(inspect(error)).not.toContain('secret1');
  });

  it.each([
    [{ user: 'u', port: 0 }, /port/],
    [{ user: 'u', port: '1972' }, /port must be a number/],
    [{ user: 'u', bigint: 'double' }, /one of/],
    [{ user: 'u', pasword: 'x' }, /no option 'pasword'/],
    [{ user: 'u', password: 5 }, /string or a Secret/],
    [{ user: 'u', queryTimeoutMs: -1 }, /queryTimeoutMs/],
  ])('%j is refused', (options, message) => {
    expect(() => resolveOptions(options as never)).toThrow(message);
  });

  it('never show the password', () => {
    const options = resolveOptions({ user: 'u', password: new Secret('hunter2') });
    expect(inspect(options, { depth: 5 }) + JSON.stringify(options)).not.toContain('hunter2');
  });
});

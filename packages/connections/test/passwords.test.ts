import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatIrisUrl } from '@iris-devtools/config';
import { openSession, type OpenSessionOptions } from '@iris-devtools/connections';
import { startEmulator, type Emulator } from '@iris-devtools/emulator';

const RUNS = 25;

/** Ordinary text with what breaks quoting, other scripts, control characters; the longest and the ugliest are always tried. */
const passwords = fc.oneof(
  fc.string({
    unit: fc.constantFrom(...Array.from('ab"\'`$%\\ \n\r\t;&|<>*?#!~{}@:/жя中😀\u0001')),
    minLength: 1,
    maxLength: 40,
  }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 128 }),
);
const UGLY = [
  'x'.repeat(128),
  'ж'.repeat(128),
  `it's "100%" \n$HOME \`id\` \\`,
  ' leading and trailing ',
  '%2520',
  '😀',
];

/** As a careful person quotes for a shell. */
const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

describe('any password survives its way from the setting to the login', () => {
  let emulator: Emulator;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'iris-passwords-'));
    emulator = await startEmulator();
    await emulator.users.create('app', { password: 'x', roles: ['%All'] });
  });
  afterAll(async () => {
    await emulator.stop();
    rmSync(directory, { recursive: true });
  });

  async function everyPassword(way: (password: string) => OpenSessionOptions): Promise<void> {
    const property = fc.asyncProperty(passwords, async (password) => {
      await emulator.users.modify('app', { password });
      const place = { host: emulator.host, port: emulator.port, user: 'app' };
      const { settings, ...options } = way(password);
      await using session = await openSession({
        cwd: directory,
        env: {},
        ...options,
        settings: options.url === undefined ? { ...place, ...settings } : {},
      });
      expect((await session.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    });
    await fc.assert(property, { numRuns: RUNS, examples: UGLY.map((password) => [password]) });
  }

  it('in a URL', () =>
    everyPassword((password) => {
      const { host, port } = emulator;
      return { url: formatIrisUrl({ host, port, namespace: 'USER', user: 'app', password }) };
    }));

  it('in an environment variable', () => everyPassword((password) => ({ env: { IRIS_PASSWORD: password } })));

  it('in a file', () =>
    everyPassword((password) => {
      // One line end is taken off; with this one it is clear which, also after a password that ends with "\r".
      writeFileSync(path.join(directory, 'secret'), `${password}\r\n`);
      return { settings: { passwordFile: 'secret' } };
    }));

  it('quoted for a shell in the password command', () =>
    everyPassword((password) => ({
      settings: { passwordCommand: `/usr/bin/env printf '%s\\r\\n' ${shellQuoted(password)}` },
    })));

  it('from a real shell through the real environment of a process', () => {
    const read =
      "require('@iris-devtools/config').discoverConfig({ sources: [require('@iris-devtools/config').environment] })" +
      '.then(({ password }) => process.stdout.write(password.reveal()))';
    for (const password of UGLY) {
      const words = `IRIS_PASSWORD=${shellQuoted(password)} exec ${shellQuoted(process.execPath)} -e ${shellQuoted(read)}`;
      expect(execFileSync('/bin/sh', ['-c', words], { cwd: __dirname, encoding: 'utf8' })).toBe(password);
    }
  });
});

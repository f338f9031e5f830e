import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { connect } from '@iris-devtools/driver';
import { startEmulator } from '@iris-devtools/emulator';

/** A self-signed certificate for localhost and 127.0.0.1, used nowhere else. */
const fixture = (name: string): string => readFileSync(join(__dirname, '..', 'fixtures', name), 'utf8');
const cert = fixture('localhost.crt');
const tls = { cert, key: fixture('localhost.key') };

describe('TLS', () => {
  it('carries a session when the certificate is trusted, and only then', async () => {
    await using emulator = await startEmulator({ tls });
    const target = { host: 'localhost', port: emulator.port, user: '_SYSTEM', password: 'SYS' };
    await using connection = await connect({ ...target, tls: { ca: cert } });
    expect((await connection.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await expect(connect({ ...target, tls: true })).rejects.toMatchObject({ code: 'IRIS_CONNECT_FAILED' });
    await expect(
      connect({ ...target, host: '127.0.0.1', tls: { ca: cert, servername: 'other.example' } }),
    ).rejects.toMatchObject({
      code: 'IRIS_CONNECT_FAILED',
    });
  });

  it('with a server that does not speak it fails instead of falling back', async () => {
    await using emulator = await startEmulator();
    const target = {
      host: '127.0.0.1',
      port: emulator.port,
      user: '_SYSTEM',
      password: 'SYS',
      connectTimeoutMs: 5000,
    };
    await expect(connect({ ...target, tls: { rejectUnauthorized: false } })).rejects.toMatchObject({
      code: 'IRIS_CONNECT_FAILED',
    });
  });

  it('with options that make no sense is an error of the options', async () => {
    const broken = connect({ user: 'u', tls: { cert: 'nonsense', key: 'nonsense' } });
    await expect(broken).rejects.toMatchObject({ code: 'IRIS_OPTION' });
  });
});

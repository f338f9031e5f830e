import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { IrisError } from '@iris-devtools/core';
import { createScramVerifier } from '@iris-devtools/pgwire';
import { Client } from 'pg';
import { tlsServerEndPoint } from '../../src/auth/channel-binding.js';
import { encodeStartupPacket } from '../../src/messages/startup/startup-packet.js';
import { ByteWriter } from '../../src/wire/byte-writer.js';
import { describeWith } from '../support/has-command.js';
import { runPsql } from '../support/psql.js';
import type { PsqlRun } from '../support/psql.js';
import { errorIn, RawClient } from '../support/raw-client.js';
import { DATABASE, PASSWORD, START_TIMEOUT_MS, startStack, USER } from '../support/stack.js';
import type { Stack } from '../support/stack.js';

let directory: string;
let stack: Stack;
const fileOf = (name: string): string => path.join(directory, name);

function makeCertificate(): void {
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-sha384'],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', fileOf('key.pem'), '-out', fileOf('cert.pem')],
  ]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
}

function psql(parameters: string, password = PASSWORD): Promise<PsqlRun> {
  const url = `postgresql://${USER}@127.0.0.1:${stack.port}/${DATABASE}?${parameters}`;
  return runPsql(url, password, 'select 1');
}

describeWith('openssl', 'TLS', () => {
  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'pgwire-tls-'));
    makeCertificate();
    const verifier = await createScramVerifier(PASSWORD);
    stack = await startStack({
      tls: { cert: readFileSync(fileOf('cert.pem')), key: readFileSync(fileOf('key.pem')) },
      authenticationTimeoutMs: 5000,
      authentication: {
        rules: [
          { users: ['iris-user'], method: 'iris-password' },
          { connection: 'hostssl', users: [USER], method: 'scram-sha-256' },
        ],
        verifiers: (user) => (user === USER ? verifier : undefined),
        irisLogin: (user, password) => {
          if (password.reveal() === 'of IRIS') return Promise.resolve(ownSource(user));
          throw new IrisError('refused', { code: 'IRIS_LOGIN_REFUSED' });
        },
      },
    });
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  const loggedIn: string[] = [];
  const ownSource = (user: string) => {
    loggedIn.push(user);
    return {
      acquire: (signal?: AbortSignal) => stack.source.acquire(signal),
      close: () => Promise.resolve(),
    };
  };

  it('binds SCRAM to the channel with the hash of the certificate', () => {
    const digest = tlsServerEndPoint(readFileSync(fileOf('cert.pem')));
    expect(digest).toHaveLength(48); // the certificate is signed with SHA-384
  });

  it('lets pg in, which checks the certificate', async () => {
    const client = new Client({
      host: 'localhost',
      port: stack.port,
      user: 'iris-user',
      password: 'of IRIS',
      database: DATABASE,
      ssl: { ca: readFileSync(fileOf('cert.pem')) },
    });
    await client.connect();
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await client.end();
    expect(loggedIn).toEqual(['iris-user']);
  });

  it('passes a password on to IRIS, and its refusal back', async () => {
    const wrong = {
      host: 'localhost',
      port: stack.port,
      user: 'iris-user',
      password: 'wrong',
      database: DATABASE,
    };
    const refused = new Client({ ...wrong, ssl: { rejectUnauthorized: false } });
    await expect(refused.connect()).rejects.toMatchObject({ code: '28P01' });
    const open = new Client({ ...wrong, password: 'of IRIS' });
    await expect(open.connect()).rejects.toMatchObject({
      code: '28000',
      message: 'password authentication needs an encrypted connection',
    });
  });

  it('refuses bytes that came behind SSLRequest in the clear', async () => {
    const client = await RawClient.connect(stack.port);
    const out = new ByteWriter();
    encodeStartupPacket({ kind: 'SSLRequest' }, out);
    client.bytes(Buffer.concat([out.take(), Buffer.from('injected')]));
    expect(errorIn(await client.until('end'))).toMatchObject({
      sqlstate: '08P01',
      message: 'received unencrypted data after SSL request',
    });
  });

  it.each([
    ['garbage', Buffer.from('this is no handshake')],
    ['a handshake that is cut short', Buffer.from('160301020001', 'hex')],
  ])('survives %s in place of a handshake', async (_name, bytes) => {
    const client = await RawClient.connect(stack.port);
    client.packet({ kind: 'SSLRequest' });
    expect(await client.nextByte()).toBe('S');
    client.socket.end(bytes);
    await once(client.socket, 'close');
    const direct = await RawClient.connect(stack.port);
    direct.socket.end(bytes);
    await once(direct.socket, 'close');
    const other = await RawClient.connect(stack.port);
    other.packet({ kind: 'SSLRequest' });
    expect(await other.nextByte()).toBe('S');
    other.close();
  });

  it('does not wait for a handshake for ever', async () => {
    const client = await RawClient.connect(stack.port);
    client.packet({ kind: 'SSLRequest' });
    expect(await client.nextByte()).toBe('S');
    await once(client.socket, 'close');
  });

  it('starts without a request when the client names the protocol', async () => {
    const socket = connectTls({
      host: '127.0.0.1',
      port: stack.port,
      rejectUnauthorized: false,
      ALPNProtocols: ['postgresql'],
    });
    const out = new ByteWriter();
    encodeStartupPacket(
      { kind: 'StartupMessage', majorVersion: 3, minorVersion: 0, options: new Map([['user', USER]]) },
      out,
    );
    socket.end(out.take());
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString('latin1')).toContain('SCRAM-SHA-256-PLUS');
  });

  describeWith('psql', 'psql over TLS', () => {
    it.each([
      'sslmode=require&channel_binding=require',
      'sslmode=require&channel_binding=disable',
      'sslmode=prefer',
    ])('logs in with %s', async (parameters) => {
      expect(await psql(parameters)).toEqual({ exitCode: 0, stdout: '1\n', stderr: '' });
    });

    it('is refused without TLS by a rule for TLS only, and with a wrong password', async () => {
      expect((await psql('sslmode=disable')).stderr).toContain('no encryption');
      expect((await psql('sslmode=require', 'wrong')).stderr).toContain('password authentication failed');
    });
  });
});

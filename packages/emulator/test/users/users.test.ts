import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '@iris-devtools/core';
import type { Clock } from '@iris-devtools/core';
import { Authenticator, DEFAULT_AUTHENTICATOR_OPTIONS } from '../../src/users/authenticator.js';
import { createPredefinedUsers } from '../../src/users/predefined-users.js';
import { UserStore } from '../../src/users/user-store.js';

/** A clock that runs nothing late and writes down what was asked for. */
function recordingClock(): Clock & { readonly delaysMs: number[] } {
  const delaysMs: number[] = [];
  return {
    delaysMs,
    now: () => Date.UTC(2026, 0, 2),
    after(delayMs, fn) {
      delaysMs.push(delayMs);
      fn();
      return () => undefined;
    },
  };
}

const authenticator = (store: UserStore, options = {}, clock = recordingClock()) =>
  new Authenticator(store, { ...DEFAULT_AUTHENTICATOR_OPTIONS, ...options }, silentLogger, clock);

describe('users', () => {
  it('logs in by name without case and password with case', async () => {
    const store = await UserStore.open();
    await createPredefinedUsers(store, 'SYS', false, []);
    const login = authenticator(store);
    expect(await login.login('_system', 'SYS')).toMatchObject({ ok: true, user: { name: '_SYSTEM' } });
    expect(await login.login('_SYSTEM', 'sys')).toEqual({ ok: false, reason: 'wrong-password' });
    expect(await login.login('nobody', 'SYS')).toEqual({ ok: false, reason: 'unknown-user' });
    expect(await login.login('UnknownUser', '')).toEqual({ ok: false, reason: 'wrong-password' });
  });

  it('asks for a new password only after the right one was given', async () => {
    const store = await UserStore.open();
    await createPredefinedUsers(store, 'SYS', true, [{ name: 'app', password: 'pw' }]);
    const login = authenticator(store);
    expect(await login.login('_SYSTEM', 'SYS')).toEqual({ ok: false, reason: 'change-password' });
    expect(await login.login('_SYSTEM', 'x')).toEqual({ ok: false, reason: 'wrong-password' });
    expect(await login.login('app', 'pw')).toMatchObject({ ok: true });
    expect(await store.unexpire('*')).toBe(4);
    expect(await login.login('_SYSTEM', 'SYS')).toMatchObject({ ok: true });
  });

  it('refuses disabled and outdated accounts', async () => {
    const store = await UserStore.open();
    await store.create('off', { password: 'p', enabled: false });
    await store.create('old', { password: 'p', expirationDate: '2026-01-02' });
    await store.create('kept', { password: 'p', expirationDate: '2026-01-02', accountNeverExpires: true });
    const login = authenticator(store);
    expect(await login.login('off', 'p')).toEqual({ ok: false, reason: 'disabled' });
    expect(await login.login('old', 'p')).toEqual({ ok: false, reason: 'account-expired' });
    expect(await login.login('kept', 'p')).toMatchObject({ ok: true });
  });

  it('counts wrong passwords, answers them later and later, and can lock', async () => {
    const store = await UserStore.open();
    await store.create('u', { password: 'right' });
    const clock = recordingClock();
    const login = authenticator(
      store,
      { failureDelayMs: 10, maxFailureDelayMs: 35, invalidLoginLimit: 3 },
      clock,
    );
    for (let attempt = 0; attempt < 3; attempt += 1) await login.login('u', 'wrong');
    expect(store.get('u')?.invalidLoginAttempts).toBe(3);
    expect(await login.login('u', 'right')).toEqual({ ok: false, reason: 'too-many-attempts' });
    expect(clock.delaysMs).toEqual([10, 20, 35, 35]);
    await store.modify('u', { password: 'new' });
    expect(await login.login('u', 'new')).toMatchObject({ ok: true });
  });

  it('keeps accounts on disk without any password', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'users-'));
    try {
      const store = await UserStore.open(directory);
      await createPredefinedUsers(store, 'very-secret', false, []);
      await store.modify('Admin', { roles: ['a', 'b'] });
      await store.delete('CSPSystem');
      expect(await readFile(join(directory, 'users.json'), 'utf8')).not.toContain('very-secret');
      const again = await UserStore.open(directory);
      expect(again.get('admin')?.roles).toEqual(['a', 'b']);
      expect(again.get('CSPSystem')).toBeUndefined();
      expect(await authenticator(again).login('SuperUser', 'very-secret')).toMatchObject({ ok: true });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('refuses names that exist or cannot be', async () => {
    const store = await UserStore.open();
    await store.create('x');
    await expect(store.create('X')).rejects.toMatchObject({ code: 'IRIS_STATE' });
    await expect(store.create('')).rejects.toMatchObject({ code: 'IRIS_VALUE' });
    await expect(store.create('a@b')).rejects.toMatchObject({ code: 'IRIS_VALUE' });
    await expect(store.modify('y', {})).rejects.toMatchObject({ code: 'IRIS_STATE' });
  });
});

import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';

/** Who deploys. It is written into the lock, so that others can tell. */
export interface LockOwner {
  /** Another one for every deployment. */
  readonly token: string;
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** The same where process numbers mean the same; empty when that cannot be told. */
  readonly machine: string;
  /** ISO 8601, by the owner's clock. */
  readonly since: string;
}

export function thisOwner(now: number): LockOwner {
  return {
    token: randomBytes(8).toString('hex'),
    user: userName(),
    host: hostname(),
    pid: process.pid,
    machine: machine(),
    since: new Date(now).toISOString(),
  };
}

/** `undefined` for a text that is none of ours. */
export function parseOwner(text: string): LockOwner | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof LockOwner, unknown>> | null;
    const { token, user, host, pid, machine: where, since } = value ?? {};
    if (typeof pid !== 'number') return undefined;
    const texts = [token, user, host, where, since];
    if (!texts.every((each): each is string => typeof each === 'string' && each.length <= 300))
      return undefined;
    const [t = '', u = '', h = '', m = '', s = ''] = texts;
    return { token: t, user: u, host: h, pid, machine: m, since: s };
  } catch {
    return undefined;
  }
}

/** True when the owner ran where this process runs, and is gone. */
export function isGone(owner: LockOwner): boolean {
  if (owner.machine === '' || owner.machine !== machine()) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH';
  }
}

/** One start of a Linux kernel, and its space of process numbers: a container has its own. */
function machine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // There need not be an account for the number of the user, in a container.
    return 'unknown';
  }
}

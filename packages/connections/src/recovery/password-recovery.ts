import { isIrisError, IrisError, type Session } from '@iris-devtools/core';
import { isLocalHost } from '../net/local-host.js';
import type { RecoveryChannel } from './channel.js';
import type { NoChannel } from './choose-channel.js';

export type RecoveryEvent =
  | { readonly kind: 'password-expired'; readonly user: string }
  | {
      readonly kind: 'password-recovered';
      readonly user: string;
      readonly channel: string;
      readonly tookMs: number;
    }
  | {
      readonly kind: 'recovery-failed';
      readonly user: string;
      readonly channel: string;
      readonly error: unknown;
    };

export interface RecoveryOptions {
  readonly user: string;
  readonly host: string;
  /** Asked for only once it is needed, and only for a server of this machine. */
  readonly channel: () => Promise<RecoveryChannel | NoChannel>;
  readonly onEvent?: (event: RecoveryEvent) => void;
  readonly signal?: AbortSignal;
}

/**
 * Logs in; when, and only when, the server said that this user's password has expired or must change, makes it valid
 * again through the channel, once, and proves it by logging in again. A wrong password is never touched.
 * @param login one whole login attempt
 */
export async function loginWithRecovery(
  login: () => Promise<Session>,
  options: RecoveryOptions,
): Promise<Session> {
  try {
    return await login();
  } catch (error) {
    if (!isIrisError(error) || error.code !== 'IRIS_PASSWORD_EXPIRED') throw error;
    const { user, host, onEvent = () => undefined, signal } = options;
    onEvent({ kind: 'password-expired', user });
    if (!isLocalHost(host))
      throw explained(error, 'Recovery is off for servers that are not on this machine');
    const channel = await options.channel();
    if ('reason' in channel) throw explained(error, channel.reason);
    const startedAt = performance.now();
    try {
      await channel.unexpire(user, signal);
      const session = await login();
      onEvent({
        kind: 'password-recovered',
        user,
        channel: channel.name,
        tookMs: performance.now() - startedAt,
      });
      return session;
    } catch (failure) {
      onEvent({ kind: 'recovery-failed', user, channel: channel.name, error: failure });
      throw failure;
    }
  }
}

function explained(error: IrisError, why: string): IrisError {
  return new IrisError(error.message, {
    code: 'IRIS_PASSWORD_EXPIRED',
    sqlcode: error.sqlcode,
    retry: 'no',
    hint: `${why}; or change the password by hand.`,
    cause: error,
  });
}

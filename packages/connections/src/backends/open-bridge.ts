import type { ResolvedConfig } from '@iris-devtools/config';
import { IrisError } from '@iris-devtools/core';
import type { ClientOptions } from './backend.js';
import { BridgeProcess, type BridgeCommand } from './bridge/bridge-process.js';
import { BridgeSession } from './bridge/bridge-session.js';

const EXPIRED = /-853|CHANGEPASSWORD|change (the |your )?password|password (change|expired|has expired)/i;
const DENIED = /ACCESS ?DENIED|NAMESPACE|invalid (user|password)/i;

export interface BridgeLogin {
  readonly command: BridgeCommand;
  /** What to look at when the login was refused. */
  readonly hint: string;
}

/**
 * Starts a bridge and logs in.
 * @throws IrisError IRIS_LOGIN_REFUSED, IRIS_PASSWORD_EXPIRED, IRIS_CONNECT_FAILED, IRIS_TIMEOUT, IRIS_ABORTED
 */
export async function openBridge(
  { settings }: ResolvedConfig,
  { command, hint }: BridgeLogin,
  options: ClientOptions,
  signal: AbortSignal | undefined,
): Promise<BridgeSession> {
  const control = { timeoutMs: settings.connectTimeoutMs, ...(signal === undefined ? {} : { signal }) };
  const { process, version } = await BridgeProcess.start(command, control, (message) =>
    refused(message, `${settings.user} in ${settings.namespace}`, hint),
  );
  return new BridgeSession(process, version, {
    queryTimeoutMs: settings.queryTimeoutMs,
    ...(options.bigint === undefined ? {} : { bigint: options.bigint }),
    ...(options.parsers === undefined ? {} : { parsers: options.parsers }),
  });
}

/** unverified on a live server: what the embedded module and the addon say when a login is refused. */
function refused(message: string, who: string, hint: string): IrisError {
  if (EXPIRED.test(message)) {
    return new IrisError(`The password of ${who} has to be changed before it can be used: ${message}`, {
      code: 'IRIS_PASSWORD_EXPIRED',
      sqlcode: -853,
      hint: 'Change the password, or let recovery make it valid again.',
    });
  }
  if (DENIED.test(message)) {
    return new IrisError(`The server refused the login of ${who}: ${message}`, {
      code: 'IRIS_LOGIN_REFUSED',
      sqlstate: '28P01',
      hint,
    });
  }
  return new IrisError(`No session: ${message}`, { code: 'IRIS_CONNECT_FAILED', retry: 'safe', hint });
}

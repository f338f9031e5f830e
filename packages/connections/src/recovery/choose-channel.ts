import { locateServer, type ResolvedConfig } from '@iris-devtools/config';
import type { CommandRunner, Secret } from '@iris-devtools/core';
import { connect as openConnection } from '@iris-devtools/driver';
import { administratorChannel, commandChannel, type RecoveryChannel } from './channel.js';

/** Whose rights make an expired password valid again. */
export type RecoveryWay =
  | 'off'
  /** Beside the server: the container or local instance that serves this very port of this machine. */
  | 'auto'
  | { readonly runner: CommandRunner; readonly instance?: string }
  | { readonly administrator: { readonly user: string; readonly password: string | Secret } };

/** No channel, and why, for the error. */
export interface NoChannel {
  readonly reason: string;
}

/** Asked only when the server has said that the password has expired. */
export async function chooseChannel(
  way: RecoveryWay | undefined,
  config: ResolvedConfig,
  signal?: AbortSignal,
): Promise<RecoveryChannel | NoChannel> {
  const wanted = way ?? config.settings.recovery;
  if (wanted === 'off')
    return { reason: 'Recovery is off: set recovery to "auto" (IRIS_RECOVERY), or give a way' };
  if (wanted === 'auto') return besideTheServer(config, signal);
  return 'runner' in wanted ? commandChannel(wanted) : throughAdministrator(wanted.administrator, config);
}

async function besideTheServer(
  { settings: { host, port } }: ResolvedConfig,
  signal: AbortSignal | undefined,
): Promise<RecoveryChannel | NoChannel> {
  const place = await locateServer({ host, port }, signal === undefined ? {} : { signal });
  if (place === null) {
    return { reason: `No container and no local instance is known to serve ${host}:${String(port)}` };
  }
  const { name, runner, instance } = place;
  return { ...commandChannel({ runner, ...(instance === undefined ? {} : { instance }) }), name };
}

function throughAdministrator(
  { user, password }: { readonly user: string; readonly password: string | Secret },
  { settings: { host, port, tls, connectTimeoutMs } }: ResolvedConfig,
): RecoveryChannel {
  return {
    name: `administrator ${user}`,
    async unexpire(expired, signal) {
      const login = { host, port, tls, connectTimeoutMs, namespace: '%SYS', user, password };
      await using connection = await openConnection(login, signal);
      await administratorChannel(connection.native).unexpire(expired, signal);
    },
  };
}

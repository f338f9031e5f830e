import type { ResolvedConfig } from '@iris-devtools/config';
import type { Session } from '@iris-devtools/core';
import type { IrisConnectionOptions } from '@iris-devtools/driver';

export type BackendName = 'wire' | 'native' | 'irispython';

/** Driver options that are not settings of the server: how values arrive, caches, a logger. */
export type ClientOptions = Omit<
  IrisConnectionOptions,
  'host' | 'port' | 'namespace' | 'user' | 'password' | 'tls' | 'connectTimeoutMs' | 'queryTimeoutMs'
>;

/** One way to talk to IRIS. */
export interface Backend {
  readonly name: BackendName;
  /** `null`: usable with these settings; otherwise why not, in one sentence for the person who reads it. */
  unavailable(config: ResolvedConfig): string | null;
  /** One whole login. */
  open(config: ResolvedConfig, options: ClientOptions, signal?: AbortSignal): Promise<Session>;
}

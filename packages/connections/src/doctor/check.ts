import type { ResolvedConfig } from '@iris-devtools/config';
import type { IrisError } from '@iris-devtools/core';
import type { IrisConnection } from '@iris-devtools/driver';
import type { BackendName } from '../backends/backend.js';

export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** What one stage found. `fix` is what to do next, for everything that is not ok. */
export interface CheckResult {
  readonly name: string;
  readonly status: CheckStatus;
  readonly detail: string;
  readonly fix?: string;
  readonly tookMs: number;
}

/** Facts that earlier stages found out. */
export interface DoctorState {
  config?: ResolvedConfig;
  /** Addresses that the host name stands for. */
  addresses?: readonly string[];
  connection?: IrisConnection;
  /** The client that a program would get. */
  client?: BackendName;
  /** Why the login failed although the server speaks the protocol. */
  refusal?: IrisError;
}

export type Finding = Omit<CheckResult, 'name' | 'tookMs'>;

/** One stage. A stage after a failed one is skipped, unless it says that it stands alone. */
export interface Check {
  readonly name: string;
  run(state: DoctorState, signal: AbortSignal): Promise<Finding>;
}

export const ok = (detail: string): Finding => ({ status: 'ok', detail });
export const failed = (detail: string, fix: string): Finding => ({ status: 'failed', detail, fix });
export const warning = (detail: string, fix: string): Finding => ({ status: 'warning', detail, fix });
export const skipped = (detail: string): Finding => ({ status: 'skipped', detail });

import type { PgErrorFields } from '../pg-error.js';
import type { AnnouncedServer } from './bootstrap.js';
import type { Edit } from './edited-text.js';
import type { ChangedSetting, OracleRequest, OracleRun } from './oracle.js';
import type { Snapshot } from './snapshot.js';

/** What the worker gets when it starts. */
export interface WorkerOptions {
  readonly server: AnnouncedServer;
  readonly maxResultRows: number;
  readonly maxResultBytes: number;
  /** Start from this one instead of from nothing. */
  readonly snapshot?: Snapshot | undefined;
}

export type WorkerCall =
  | { readonly kind: 'describe'; readonly request: OracleRequest }
  | { readonly kind: 'run'; readonly request: OracleRun }
  /** Statements of ours, with the rights of the superuser, all or nothing. */
  | { readonly kind: 'load'; readonly statements: readonly string[] }
  /** A query of ours about the shadow's own catalog. */
  | { readonly kind: 'inspect'; readonly sql: string }
  /** Gives back the value as SHOW prints it. */
  | { readonly kind: 'setting'; readonly name: string; readonly value: string };

export type WorkerReply =
  | {
      readonly kind: 'answer';
      /** PGlite's messages, whole. */
      readonly bytes: Uint8Array;
      /** ReadyForQuery messages that must be among them. */
      readonly readyCount: number;
      /** Made to the client's text before PGlite saw it. */
      readonly edits: readonly Edit[];
      readonly commandTag?: string | undefined;
      readonly changedSettings?: readonly ChangedSetting[] | undefined;
    }
  | { readonly kind: 'refused'; readonly error: PgErrorFields }
  /** PGlite can no longer be used. */
  | { readonly kind: 'broken'; readonly reason: string };

/** The first message of a worker, before any reply. */
export interface WorkerReady {
  readonly kind: 'ready';
}

/** Follows `ready` when the worker started from nothing: its data directory as it was then. */
export interface WorkerSnapshot {
  readonly kind: 'snapshot';
  readonly tar: Uint8Array;
}

export interface NumberedCall {
  readonly id: number;
  readonly call: WorkerCall;
}

export interface NumberedReply {
  readonly kind: 'reply';
  readonly id: number;
  readonly reply: WorkerReply;
}

import type { Identifier, Node } from './node.js';

export type CommitMode = 'IMPLICIT' | 'EXPLICIT' | 'NONE';

export type IsolationLevel = 'READ UNCOMMITTED' | 'READ VERIFIED' | 'READ COMMITTED';

export interface TransactionModes {
  readonly commitMode?: CommitMode;
  readonly isolation?: IsolationLevel;
  readonly access?: 'READ ONLY' | 'READ WRITE';
}

/** START TRANSACTION, and %BEGTRANS without modes. */
export interface StartTransactionStatement extends Node {
  readonly kind: 'start-transaction';
  readonly modes: TransactionModes;
}

export interface SetTransactionStatement extends Node {
  readonly kind: 'set-transaction';
  readonly modes: TransactionModes;
}

export interface CommitStatement extends Node {
  readonly kind: 'commit';
}

export interface RollbackStatement extends Node {
  readonly kind: 'rollback';
  /** ROLLBACK TO SAVEPOINT n. */
  readonly savepoint?: Identifier;
}

export interface SavepointStatement extends Node {
  readonly kind: 'savepoint';
  readonly savepoint: Identifier;
}

/** %INTRANS, %INTRANSACTION: SQLCODE 0 inside a transaction, 100 outside. */
export interface InTransactionStatement extends Node {
  readonly kind: 'in-transaction';
}

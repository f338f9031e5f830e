import type { Clock, Logger } from '@iris-devtools/core';
import type { ClassRegistry } from '../classes/class-registry.js';
import type { SqlEngine } from '../engine/engine.js';
import type { GlobalStore } from '../globals/global-store.js';
import type { LockTable } from '../globals/lock-table.js';
import type { Statement } from '../sql/ast.js';
import type { Authenticator } from '../users/authenticator.js';
import type { UserStore } from '../users/user-store.js';
import type { InstanceFiles } from './instance-files.js';
import type { MessagesLog } from './messages-log.js';
import type { NamespaceList } from './namespace-list.js';
import type { SecuritySettings } from './security-settings.js';

/** What all processes of one emulated IRIS share. */
export interface Instance {
  /** Like `$ZVERSION`. */
  readonly versionText: string;
  readonly users: UserStore;
  readonly authenticator: Authenticator;
  readonly namespaces: NamespaceList;
  readonly security: SecuritySettings;
  readonly globals: GlobalStore;
  readonly locks: LockTable;
  readonly classes: ClassRegistry;
  readonly sql: SqlEngine;
  /** @throws IrisError with `sqlcode` for a statement that cannot be parsed */
  parse(sql: string): Statement;
  /** `"x"` is an identifier. */
  readonly delimitedIdentifiers: boolean;
  readonly files: InstanceFiles;
  readonly messagesLog: MessagesLog;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Ids of the processes that run, for %SYSTEM.Process and the job number of a login. */
  readonly processes: ProcessList;
}

export interface ProcessList {
  nextId(): number;
}

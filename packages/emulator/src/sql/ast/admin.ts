import type { Identifier, Node, QualifiedName } from './node.js';
import type { Statement } from './statement.js';

export interface CreateUserStatement extends Node {
  readonly kind: 'create-user';
  readonly user: Identifier;
  readonly password?: string;
}

export interface AlterUserStatement extends Node {
  readonly kind: 'alter-user';
  readonly user: Identifier;
  readonly password: string;
}

export interface CreateRoleStatement extends Node {
  readonly kind: 'create-role';
  readonly role: Identifier;
}

export interface DropPrincipalStatement extends Node {
  readonly kind: 'drop-user' | 'drop-role';
  readonly ifExists: boolean;
  readonly name: Identifier;
}

/** Upper case: SELECT, INSERT, UPDATE, DELETE, REFERENCES, EXECUTE, %ALTER, USE, or `*` for all of them. */
export interface ObjectPrivilege extends Node {
  readonly action: string;
  /** `SELECT (a, b)`; empty: the whole object. */
  readonly columns: readonly Identifier[];
}

/** What privileges are about. */
export type PrivilegeSubject =
  | {
      readonly kind: 'objects';
      readonly objectType: 'TABLE' | 'VIEW' | 'PROCEDURE' | 'ML CONFIGURATION' | 'SERVER' | undefined;
      readonly names: readonly QualifiedName[];
    }
  | { readonly kind: 'schema'; readonly schemas: readonly Identifier[] }
  /** `ON *`. */
  | { readonly kind: 'all' };

export type Grant =
  | {
      readonly kind: 'object';
      readonly privileges: readonly ObjectPrivilege[];
      readonly subject: PrivilegeSubject;
    }
  /** `%CREATE_TABLE, ...`; upper case. */
  | { readonly kind: 'admin'; readonly privileges: readonly string[] }
  | { readonly kind: 'roles'; readonly roles: readonly Identifier[] };

export interface GrantStatement extends Node {
  readonly kind: 'grant';
  readonly grant: Grant;
  /** `*` as a grantee is all users. */
  readonly grantees: readonly Identifier[];
  /** WITH GRANT OPTION, or WITH ADMIN OPTION for roles. */
  readonly withOption: boolean;
}

export interface RevokeStatement extends Node {
  readonly kind: 'revoke';
  readonly grant: Grant;
  readonly grantees: readonly Identifier[];
  /** GRANT OPTION FOR. */
  readonly optionOnly: boolean;
  readonly behavior: 'CASCADE' | 'RESTRICT';
  readonly grantor?: Identifier;
}

export interface CheckPrivilegeStatement extends Node {
  readonly kind: 'check-privilege';
  readonly grant: Grant;
  readonly withOption: boolean;
}

/** `SET OPTION LOCK_TIMEOUT = 5`; the name is upper case, the value a word, a number or the text of a literal. */
export interface SetOptionStatement extends Node {
  readonly kind: 'set-option';
  readonly option: string;
  readonly value: string;
}

export interface LockTableStatement extends Node {
  readonly kind: 'lock-table' | 'unlock-table';
  readonly table: QualifiedName;
  readonly mode: 'SHARE' | 'EXCLUSIVE';
  /** LOCK ... WAIT n. */
  readonly waitSeconds?: number;
  /** UNLOCK ... IMMEDIATE. */
  readonly immediate: boolean;
}

export interface ExplainStatement extends Node {
  readonly kind: 'explain';
  readonly alternatives: boolean;
  readonly statistics: boolean;
  readonly statement: Statement;
  /** The explained statement as written. */
  readonly text: string;
}

export interface TuneTableStatement extends Node {
  readonly kind: 'tune-table';
  readonly table: QualifiedName;
  /** Upper case: %SAVE, %NOSAVE, %RECOMPILE_CQ, %CLEAR_VALUES ... */
  readonly options: readonly string[];
}

/** `COLLECT STATISTICS FOR TABLE t` / `FOR SCHEMA s`; table undefined: everything. */
export interface CollectStatisticsStatement extends Node {
  readonly kind: 'collect-statistics';
  readonly table?: QualifiedName;
  readonly schema?: Identifier;
}

/** Neither table nor schema: every table. */
export interface BuildIndexStatement extends Node {
  readonly kind: 'build-index';
  readonly keywords: readonly ('%NOLOCK' | '%NOJOURN')[];
  readonly table?: QualifiedName;
  readonly schema?: Identifier;
  readonly indexes: readonly Identifier[];
}

/** Statements about caches and plans, which the emulator does not have. */
export interface MaintenanceStatement extends Node {
  readonly kind: 'maintenance';
  readonly action: 'PURGE CACHED QUERIES' | 'FREEZE PLANS' | 'UNFREEZE PLANS';
}

/** ALTER SCHEMA .. FIX STATISTICS and its relatives: about plans only. */
export interface SchemaStatisticsStatement extends Node {
  readonly kind: 'schema-statistics';
  readonly schema: Identifier;
}

export interface CancelQueryStatement extends Node {
  readonly kind: 'cancel-query';
  /** $JOB of the session; undefined: CANCEL ALL QUERIES. */
  readonly process?: number;
  readonly timeoutSeconds?: number;
}

/** DROP of a foreign server or table, a model or an ML configuration. */
export interface DropExternalStatement extends Node {
  readonly kind: 'drop-external';
  /** `FOREIGN TABLE`, `MODEL` ... */
  readonly what: string;
  readonly ifExists: boolean;
  readonly name: QualifiedName;
}

export interface CreateForeignTableStatement extends Node {
  readonly kind: 'create-foreign-table';
  readonly ifNotExists: boolean;
  readonly table: QualifiedName;
  readonly server: QualifiedName;
}

/** A statement that IRIS knows and this emulator cannot run: LOAD DATA, models, foreign tables ... */
export interface UnsupportedStatement extends Node {
  readonly kind: 'unsupported';
  /** `LOAD DATA`, `CREATE MODEL` ... */
  readonly name: string;
}

/** DECLARE CURSOR, OPEN, FETCH, CLOSE: only for Embedded SQL and SQL procedure bodies. */
export interface CursorStatement extends Node {
  readonly kind: 'cursor';
  readonly action: 'DECLARE' | 'OPEN' | 'FETCH' | 'CLOSE';
  readonly cursor: Identifier;
}

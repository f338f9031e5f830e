/**
 * What a bridge and this side say to each other, one JSON message at a time. A bridge is a program that has a session of its
 * own with IRIS: `iris_bridge.py` under irispython, `native-bridge.ts` over the official addon.
 */

/** Numbers that JSON does not carry exactly are text with a tag. */
export type BridgeValue =
  | null
  | string
  | number
  | { readonly integer: string }
  | { readonly double: string }
  /** Exact decimal text. */
  | { readonly decimal: string }
  /** Base64. */
  | { readonly bytes: string };

/** As %SQL.StatementColumn tells it. */
export interface BridgeColumn {
  readonly colName: string;
  readonly label: string;
  readonly ODBCType: number;
  readonly precision: number;
  readonly scale: number;
  /** 0 no, 1 yes, 2 unknown. */
  readonly isNullable: number;
  readonly tableName: string;
  readonly schemaName: string;
  readonly isAutoIncrement: number;
  readonly isCaseSensitive: number;
  readonly isReadOnly: number;
  readonly isUnique: number;
  readonly isAliased: number;
  readonly isExpression: number;
  readonly isHidden: number;
  readonly isIdentity: number;
  readonly isKeyColumn: number;
  readonly isRowId: number;
}

export type BridgeRequest =
  | { readonly op: 'prepare'; readonly sql: string }
  /** Runs a text, or a statement that was prepared; gives at most `count` rows and keeps the rest behind a cursor. */
  | {
      readonly op: 'execute';
      readonly sql?: string;
      readonly statement?: number;
      readonly parameters: readonly BridgeValue[];
      readonly count: number;
    }
  | { readonly op: 'executeMany'; readonly sql: string; readonly sets: readonly (readonly BridgeValue[])[] }
  | { readonly op: 'fetch'; readonly cursor: number; readonly count: number }
  | { readonly op: 'closeCursor'; readonly cursor: number }
  | { readonly op: 'closeStatement'; readonly statement: number }
  | { readonly op: 'begin' | 'commit' | 'rollback' };

export interface PreparedAnswer {
  readonly statement: number;
  readonly columns: readonly BridgeColumn[];
  readonly parameterCount: number;
}

export interface RowsAnswer {
  readonly rows: readonly (readonly BridgeValue[])[];
  /** `null`: there are no more rows. */
  readonly cursor: number | null;
}

export interface ExecuteAnswer extends RowsAnswer {
  readonly columns: readonly BridgeColumn[];
  /** Rows changed; without meaning for a query. */
  readonly rowCount: number;
}

/** The answer of each operation. */
export interface BridgeAnswers {
  readonly prepare: PreparedAnswer;
  readonly execute: ExecuteAnswer;
  readonly executeMany: { readonly rowCount: number };
  readonly fetch: RowsAnswer;
  readonly closeCursor: null;
  readonly closeStatement: null;
  readonly begin: null;
  readonly commit: null;
  readonly rollback: null;
}

export interface BridgeFailure {
  readonly message: string;
  /** The server's, when a statement failed. */
  readonly sqlcode?: number;
}

/** Every message of a bridge. The first one says whether it has a session, with the server's version. */
export type BridgeReply =
  | { readonly result: unknown; readonly level: number }
  | { readonly error: BridgeFailure; readonly level: number };

/** A long value that was not read with its row. It can be read while its connection is open. */
export interface LobHandle extends AsyncIterable<string | Uint8Array> {
  /** Text comes as strings, binary values as bytes. */
  readonly kind: 'text' | 'binary';
  /** Characters of a text, bytes of a binary value. */
  size(): Promise<number>;
  text(): Promise<string>;
  bytes(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What can be bound to a `?`. Decimals beyond a double's precision are passed as strings; of a LOB the content is copied. */
export type SqlParameter =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | Float32Array
  | Float64Array
  | LobHandle
  | readonly number[];

/**
 * What a result holds. NUMERIC arrives as a decimal string, BIGINT as bigint or string (an option of the driver),
 * VARBINARY as bytes, VECTOR as a typed array, DATE/TIME/TIMESTAMP as ISO text unless a parser says otherwise. Long values are
 * handles only where the driver was asked for them.
 */
export type SqlValue =
  null | boolean | number | bigint | string | Date | Uint8Array | Float32Array | Float64Array | LobHandle;

/** SQL types that an IRIS server reports over xDBC. */
export type SqlTypeName =
  | 'BIGINT'
  | 'BINARY'
  | 'BIT'
  | 'CHAR'
  | 'DATE'
  | 'DECIMAL'
  | 'DOUBLE'
  | 'FLOAT'
  | 'GUID'
  | 'INTEGER'
  | 'LONGVARBINARY'
  | 'LONGVARCHAR'
  | 'NUMERIC'
  | 'POSIXTIME'
  | 'REAL'
  | 'SMALLINT'
  | 'TIME'
  | 'TIMESTAMP'
  | 'TINYINT'
  | 'VARBINARY'
  | 'VARCHAR'
  /** Not over the wire, where it is a VARCHAR: the driver finds it out from the catalog. */
  | 'VECTOR'
  | 'UNKNOWN';

/** One column of a result. Names are as the server gives them, with the case of the declaration. */
export interface Column {
  readonly name: string;
  /** The alias or heading; equal to `name` when the server sends no other. */
  readonly label: string;
  readonly type: SqlTypeName;
  /** The server's type code, e.g. 12 VARCHAR, -5 BIGINT, 1091 DATE. */
  readonly typeCode: number;
  readonly precision: number;
  readonly scale: number;
  /** Of a VECTOR: DOUBLE, FLOAT, INTEGER, DECIMAL, TIMESTAMP, as the catalog says. */
  readonly vectorElement?: string;
  /** `undefined`: the server does not know. */
  readonly nullable: boolean | undefined;
  readonly table: string;
  readonly schema: string;
  readonly catalog: string;
  readonly isAutoIncrement: boolean;
  readonly isCaseSensitive: boolean;
  readonly isReadOnly: boolean;
  readonly isUnique: boolean;
  readonly isAliased: boolean;
  readonly isExpression: boolean;
  readonly isHidden: boolean;
  readonly isIdentity: boolean;
  readonly isKey: boolean;
  readonly isRowId: boolean;
}

export type ObjectRow = Record<string, SqlValue>;
export type ArrayRow = SqlValue[];

export interface QueryOptions {
  /** `object` (default): `{ column: value }`, the last of two equal names wins. `array`: values in column order. */
  readonly rowMode?: 'object' | 'array';
  /** Limit for the whole call; 0 or absent: the session's default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Stop after this many rows; 0 or absent: all. */
  readonly maxRows?: number;
}

export interface QueryResult<Row = ObjectRow> {
  readonly rows: Row[];
  /** Empty for a statement that gives no rows. */
  readonly columns: readonly Column[];
  /** Rows returned or changed. -1: the server does not say (TRUNCATE, DDL). */
  readonly rowCount: number;
}

/** Rows as they arrive. Leaving the loop early frees the cursor and leaves the session usable. */
export interface RowStream<Row = ObjectRow> extends AsyncIterable<Row> {
  /** Settles when the server has described the result. */
  readonly columns: Promise<readonly Column[]>;
}

export interface PreparedStatement extends AsyncDisposable {
  readonly sql: string;
  readonly columns: readonly Column[];
  readonly parameterCount: number;
  query(parameters?: readonly SqlParameter[], options?: QueryOptions): Promise<QueryResult>;
  close(): Promise<void>;
}

/** One conversation with IRIS: statements run in order, one transaction at a time. */
export interface Session extends AsyncDisposable {
  query(
    sql: string,
    parameters: readonly SqlParameter[] | undefined,
    options: QueryOptions & { readonly rowMode: 'array' },
  ): Promise<QueryResult<ArrayRow>>;
  query(sql: string, parameters?: readonly SqlParameter[], options?: QueryOptions): Promise<QueryResult>;
  prepare(sql: string, options?: QueryOptions): Promise<PreparedStatement>;
  stream(
    sql: string,
    parameters: readonly SqlParameter[] | undefined,
    options: QueryOptions & { readonly rowMode: 'array' },
  ): RowStream<ArrayRow>;
  stream(sql: string, parameters?: readonly SqlParameter[], options?: QueryOptions): RowStream;
  /**
   * Runs one INSERT, UPDATE or DELETE once for each set of parameters, in few messages; absent where a session cannot.
   * Resolves to the number of rows changed.
   */
  executeMany?(
    sql: string,
    sets: readonly (readonly SqlParameter[])[],
    options?: QueryOptions,
  ): Promise<number>;
  readonly inTransaction: boolean;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Asks the server to stop what this session is running. Resolves to false when nothing was running. */
  cancel(): Promise<boolean>;
  /** `false` once the connection is closed or lost. */
  readonly open: boolean;
  /** Told once when the connection ends, with the error if it was lost; absent where the backend cannot tell. */
  on?(event: 'close', listener: (error: unknown) => void): unknown;
  /** Ends the session, or gives it back to the source that it came from. Equal to `[Symbol.asyncDispose]`. */
  close(): Promise<void>;
}

/** Where sessions come from: a pool, or one connection per call. */
export interface SessionSource {
  /** The caller owns the session until it closes it. */
  acquire(signal?: AbortSignal): Promise<Session>;
  close(): Promise<void>;
}

/** Opens sessions for one kind of server connection. */
export interface Driver<Options> {
  readonly name: string;
  connect(options: Options, signal?: AbortSignal): Promise<Session>;
}

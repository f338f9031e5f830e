import type { DefaultValue, ReferentialAction, RoutineLanguage } from '../sql/ast.js';
import type { IrisType } from '../sql/types.js';

/** How a column gets its value when none is given, beyond DEFAULT. */
export type Generation = 'identity' | 'auto-increment' | 'serial' | 'rowversion';

export interface ColumnDef {
  /** Unique in the table and never used again; names the physical column. */
  readonly id: number;
  readonly name: string;
  /** Name of the property of the generated class. */
  readonly property: string;
  readonly type: IrisType;
  readonly notNull: boolean;
  readonly defaultValue?: DefaultValue;
  readonly onUpdate?: DefaultValue;
  /** Upper case with %: `%EXACT`. */
  readonly collation?: string;
  readonly collationLength?: number;
  readonly generation?: Generation;
  readonly description?: string;
  /** COMPUTECODE: kept for the catalog; ObjectScript is not run here. */
  readonly computed?: {
    readonly code: string;
    readonly mode: 'CALCULATED' | 'TRANSIENT' | 'ON_CHANGE' | 'INSERT';
    readonly onChange?: readonly string[];
  };
  readonly private?: boolean;
}

export interface KeyDef {
  /** Unique in the table; names the physical index. */
  readonly id: number;
  readonly name: string;
  readonly columnIds: readonly number[];
}

export interface ForeignKeyDef {
  readonly id: number;
  readonly name: string;
  readonly columnIds: readonly number[];
  readonly targetTableId: number;
  /** Empty: the RowID of the target. */
  readonly targetColumnIds: readonly number[];
  /** Name of the key that the foreign key relies on. */
  readonly targetKey: string;
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly noCheck: boolean;
}

export interface IndexDef {
  readonly id: number;
  readonly name: string;
  readonly type: 'DEFAULT' | 'UNIQUE' | 'BITMAP' | 'BITSLICE' | 'COLUMNAR' | 'BITMAPEXTENT' | 'HNSW';
  readonly columnIds: readonly number[];
  readonly dataIds: readonly number[];
  /** HNSW: its parameters. */
  readonly parameters?: readonly { readonly name: string; readonly value: string }[];
}

interface ObjectDef {
  /** Unique in the whole instance; names the physical table. */
  readonly id: number;
  readonly namespace: string;
  readonly schema: string;
  readonly name: string;
  readonly className: string;
  readonly owner: string;
}

export interface TableDef extends ObjectDef {
  readonly kind: 'table';
  readonly columns: readonly ColumnDef[];
  /** For columns, keys and indexes alike. */
  readonly nextColumnId: number;
  readonly primaryKey?: KeyDef;
  readonly uniqueKeys: readonly KeyDef[];
  readonly foreignKeys: readonly ForeignKeyDef[];
  readonly indexes: readonly IndexDef[];
  /** Name of the RowID column: `ID`, or `ID1` when the table has a column ID. */
  readonly rowIdName: string;
  readonly publicRowId: boolean;
  readonly temporary: boolean;
  readonly storage: 'ROW' | 'COLUMNAR';
  readonly classParameters: Readonly<Record<string, string>>;
  readonly description?: string;
  /** A table of INFORMATION_SCHEMA or %Dictionary: filled from the catalog when it is read. */
  readonly system?: boolean;
  /** Columns of columnar storage in a table of rows, and the other way round. */
  readonly columnStorage?: readonly number[];
  /** A conversion of the storage kept the old data. */
  readonly staleData?: boolean;
}

export interface ViewDef extends ObjectDef {
  readonly kind: 'view';
  readonly columns: readonly { readonly name: string; readonly type: IrisType }[];
  /** The names given in parentheses; undefined: those of the query. */
  readonly columnNames?: readonly string[];
  readonly queryText: string;
  readonly readOnly: boolean;
  readonly checkOption: 'NONE' | 'LOCAL' | 'CASCADED';
  /** Tables and views that the query reads. */
  readonly dependsOn: readonly number[];
  /** Columns that its select list shows as they are. */
  readonly columnUsage?: readonly { readonly relationId: number; readonly column: string }[];
}

export type RoutineParameterDef = {
  readonly name: string;
  readonly mode: 'IN' | 'OUT' | 'INOUT';
  readonly type: IrisType;
  /** Text of the default, as SQL. */
  readonly defaultText?: string;
};

export interface RoutineDef extends ObjectDef {
  readonly kind: 'routine';
  readonly routine: 'PROCEDURE' | 'FUNCTION' | 'METHOD' | 'QUERY' | 'AGGREGATE';
  readonly language: RoutineLanguage;
  readonly parameters: readonly RoutineParameterDef[];
  readonly returns?: IrisType;
  /** A method or query that CALL does not know, for it is not a PROCEDURE. */
  readonly notCallable?: boolean;
  /** The statement that created it. */
  readonly definition: string;
}

export interface TriggerDef extends ObjectDef {
  readonly kind: 'trigger';
  readonly tableId: number;
  readonly time: 'BEFORE' | 'AFTER' | 'INSTEAD OF';
  readonly events: readonly ('INSERT' | 'UPDATE' | 'DELETE')[];
  readonly order: number;
  readonly language: RoutineLanguage;
  readonly definition: string;
}

export interface SchemaDef {
  readonly kind: 'schema';
  readonly id: number;
  readonly namespace: string;
  /** By CREATE SCHEMA. One that came with its first table goes with its last. */
  readonly explicit: boolean;
  readonly name: string;
}

export interface NamespaceDef {
  readonly kind: 'namespace';
  readonly id: number;
  readonly name: string;
  /** Dropped with RETAIN_FILES: nothing is left but the name, which stays taken. */
  readonly retained?: boolean;
}

export interface PrivilegeDef {
  readonly kind: 'privilege';
  readonly id: number;
  readonly namespace: string;
  readonly grantee: string;
  /** SELECT, INSERT, UPDATE, DELETE, REFERENCES, EXECUTE, %ALTER. */
  readonly action: string;
  /** `object:SCHEMA.NAME` or `schema:NAME`, upper case. */
  readonly subject: string;
  /** Of a view: the positions of its columns, from 1. Empty: the whole object. */
  readonly columnIds: readonly number[];
  readonly grantable: boolean;
  readonly grantor: string;
}

export interface PrincipalDef {
  readonly kind: 'role' | 'user';
  readonly id: number;
  readonly name: string;
  readonly roles: readonly string[];
  /** %CREATE_TABLE and the like. */
  readonly adminPrivileges: readonly string[];
  /** Upper case: roles and administrative privileges held WITH ADMIN OPTION. */
  readonly adminOptions?: readonly string[];
}

export type CatalogEntry =
  TableDef | ViewDef | RoutineDef | TriggerDef | SchemaDef | NamespaceDef | PrivilegeDef | PrincipalDef;

/** What stands in FROM. */
export type Relation = TableDef | ViewDef;

/** Physical names are made of ids only, so that no user text ever becomes a name in PostgreSQL. */
export const physicalTable = (table: { readonly id: number }): string => `iris_data.t${table.id}`;
export const rowIdSequence = (table: { readonly id: number }): string => `iris_data.t${table.id}_rid`;
export const counterSequence = (table: { readonly id: number }, column: ColumnDef): string =>
  `iris_data.t${table.id}_c${column.id}`;

export const keyIndex = (table: { readonly id: number }, key: { readonly id: number }): string =>
  `t${table.id}_k${key.id}`;

/** An IDENTITY column is the RowID itself. */
export const physicalColumn = (column: ColumnDef): string =>
  column.generation === 'identity' ? 'rid' : `c${column.id}`;

export const DEFAULT_SCHEMA = 'SQLUser';

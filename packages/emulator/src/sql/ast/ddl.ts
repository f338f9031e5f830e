import type { Expression } from './expression.js';
import type { Identifier, Node, QualifiedName, TypeName } from './node.js';
import type { Query } from './query.js';

export interface CreateTableStatement extends Node {
  readonly kind: 'create-table';
  readonly ifNotExists: boolean;
  readonly globalTemporary: boolean;
  readonly table: QualifiedName;
  readonly definition:
    | { readonly kind: 'elements'; readonly elements: readonly TableElement[] }
    /** `CREATE TABLE t AS SELECT`. */
    | { readonly kind: 'query'; readonly query: Query };
  readonly options: readonly TableOption[];
}

export type TableElement = ColumnDefinition | TableConstraint | TableWord;

/** `%DESCRIPTION 'x'`, `%PUBLICROWID`, `%FILE`, `%NUMROWS`, `%ROUTINE` between the columns. */
export interface TableWord extends Node {
  readonly kind: 'table-word';
  readonly word: '%DESCRIPTION' | '%PUBLICROWID' | '%FILE' | '%NUMROWS' | '%EXTENTSIZE' | '%ROUTINE';
  readonly value?: string;
}

export interface ColumnDefinition extends Node {
  readonly kind: 'column-definition';
  readonly name: Identifier;
  /** Undefined only for `c IDENTITY`, which is BIGINT; a column without a type is -86 from the parser. */
  readonly type?: TypeName;
  /** `c IDENTITY`, `c BIGINT IDENTITY`. SERIAL and ROWVERSION are types. */
  readonly identity: boolean;
  readonly autoIncrement: boolean;
  /** The last of NULL and NOT NULL. Undefined: not written, so nullable. */
  readonly nullable?: boolean;
  readonly defaultValue?: DefaultValue;
  readonly onUpdate?: DefaultValue;
  /** UNIQUE, PRIMARY KEY and REFERENCES written with the column, in order. */
  readonly constraints: readonly ColumnConstraint[];
  /** Upper case, with %: `%EXACT`, `%SQLUPPER(20)` gives `%SQLUPPER` and `collationLength` 20. */
  readonly collation?: string;
  readonly collationLength?: number;
  readonly description?: string;
  readonly computed?: ComputedColumn;
  readonly private: boolean;
  /** `WITH STORAGETYPE = COLUMNAR` of the column alone. */
  readonly storageType?: 'ROW' | 'COLUMNAR';
}

/** A literal, NULL, a niladic keyword such as CURRENT_TIMESTAMP, USER, one of a few functions, or ObjectScript code. */
export type DefaultValue =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'objectscript'; readonly code: string };

export interface ComputedColumn {
  readonly language: 'OBJECTSCRIPT' | 'PYTHON';
  /** Between the braces. */
  readonly code: string;
  /** INSERT: computed once, when the row is inserted. */
  readonly mode: 'CALCULATED' | 'TRANSIENT' | 'ON_CHANGE' | 'INSERT';
  /** `COMPUTEONCHANGE (a, b)`; `%%INSERT` and `%%UPDATE` may appear. */
  readonly onChange: readonly string[];
}

export type ColumnConstraint =
  | { readonly kind: 'unique'; readonly name?: Identifier }
  | { readonly kind: 'primary-key'; readonly name?: Identifier }
  | { readonly kind: 'references'; readonly name?: Identifier; readonly references: References };

export type TableConstraint = UniqueConstraint | PrimaryKeyConstraint | ForeignKeyConstraint;

export interface UniqueConstraint extends Node {
  readonly kind: 'unique';
  readonly name?: Identifier;
  readonly columns: readonly Identifier[];
}

export interface PrimaryKeyConstraint extends Node {
  readonly kind: 'primary-key';
  readonly name?: Identifier;
  readonly columns: readonly Identifier[];
}

export interface ForeignKeyConstraint extends Node {
  readonly kind: 'foreign-key';
  readonly name?: Identifier;
  readonly columns: readonly Identifier[];
  readonly references: References;
}

export type ReferentialAction = 'NO ACTION' | 'CASCADE' | 'SET NULL' | 'SET DEFAULT';

export interface References extends Node {
  readonly table: QualifiedName;
  /** Empty: the table's primary key. */
  readonly columns: readonly Identifier[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly noCheck: boolean;
}

export type TableOption =
  | { readonly kind: 'storage-type'; readonly storageType: 'ROW' | 'COLUMNAR'; readonly position: number }
  | {
      readonly kind: 'class-parameter';
      readonly name: string;
      readonly value: string;
      readonly position: number;
    }
  /** SHARD [KEY (..)]: refused, the namespace is not part of a cluster. */
  | { readonly kind: 'shard'; readonly position: number }
  /** PARTITION BY ..: accepted, without effect here. */
  | { readonly kind: 'partition'; readonly position: number };

export interface AlterTableStatement extends Node {
  readonly kind: 'alter-table';
  readonly table: QualifiedName;
  readonly action: AlterTableAction;
}

export type AlterTableAction =
  | { readonly kind: 'add-columns'; readonly columns: readonly ColumnDefinition[] }
  | { readonly kind: 'add-constraint'; readonly constraint: TableConstraint }
  /** ADD DEFAULT (x) FOR c, ALTER c SET DEFAULT x, MODIFY c DEFAULT x. */
  | { readonly kind: 'set-default'; readonly column: Identifier; readonly value: DefaultValue }
  | { readonly kind: 'drop-default'; readonly column: Identifier }
  /** Type, default and nullability at once, as MODIFY allows. At least one is given. */
  | {
      readonly kind: 'modify-column';
      readonly column: Identifier;
      readonly type?: TypeName;
      readonly defaultValue?: DefaultValue;
      readonly nullable?: boolean;
      readonly collation?: string;
      readonly collationLength?: number;
    }
  | { readonly kind: 'rename-column'; readonly column: Identifier; readonly newName: Identifier }
  | {
      readonly kind: 'drop-columns';
      readonly columns: readonly { readonly name: Identifier; readonly cascade: boolean }[];
    }
  | { readonly kind: 'drop-constraint'; readonly name: Identifier; readonly cascade: boolean }
  | { readonly kind: 'drop-primary-key' }
  | { readonly kind: 'drop-foreign-key'; readonly name: Identifier }
  | { readonly kind: 'rename-table'; readonly newName: Identifier }
  /** `ADD a INT, UNIQUE (a)` and `MODIFY a INT, b NOT NULL`: one after the other, all or none. Never nested. */
  | { readonly kind: 'several'; readonly actions: readonly AlterTableAction[] }
  /** FIX STATISTICS, DROP FIXED STATISTICS, SET RUNTIME: about plans only. */
  | { readonly kind: 'statistics'; readonly text: string }
  /** CLEANUP of what a conversion left behind. */
  | { readonly kind: 'cleanup' }
  /** CONVERT [COLUMNS (..)] TO STORAGETYPE = ROW | COLUMNAR; no columns: the whole table. */
  | {
      readonly kind: 'convert-storage';
      readonly columns?: readonly Identifier[];
      readonly storageType: 'ROW' | 'COLUMNAR';
      readonly deleteData: boolean | undefined;
    }
  /** Sharding and partitions: parsed so that they can be refused by name. */
  | { readonly kind: 'storage'; readonly text: string };

export interface DropTableStatement extends Node {
  readonly kind: 'drop-table';
  readonly ifExists: boolean;
  readonly table: QualifiedName;
  readonly behavior: 'RESTRICT' | 'CASCADE';
  /** %DELDATA true, %NODELDATA false, nothing undefined. */
  readonly deleteData: boolean | undefined;
}

export interface CreateViewStatement extends Node {
  readonly kind: 'create-view';
  readonly orReplace: boolean;
  /** True for ALTER VIEW, which needs the view to exist. */
  readonly alter: boolean;
  readonly view: QualifiedName;
  readonly columns?: readonly Identifier[];
  readonly query: Query;
  /** The query's text as written, for INFORMATION_SCHEMA.VIEWS and for storing. */
  readonly queryText: string;
  readonly readOnly: boolean;
  readonly checkOption: 'NONE' | 'LOCAL' | 'CASCADED';
}

export interface DropViewStatement extends Node {
  readonly kind: 'drop-view';
  readonly ifExists: boolean;
  readonly view: QualifiedName;
  readonly behavior: 'RESTRICT' | 'CASCADE';
}

export interface CreateIndexStatement extends Node {
  readonly kind: 'create-index';
  readonly type: 'DEFAULT' | 'UNIQUE' | 'BITMAP' | 'BITSLICE' | 'COLUMNAR' | 'BITMAPEXTENT';
  readonly name: Identifier;
  readonly table: QualifiedName;
  /** Empty only for BITMAPEXTENT. */
  readonly columns: readonly Identifier[];
  /** `AS HNSW(M = 24, Distance = 'Cosine')`; names and values as written, values without quotes. */
  readonly indexClass?: {
    readonly name: string;
    readonly parameters: readonly { readonly name: string; readonly value: string }[];
  };
  readonly withData: readonly Identifier[];
  readonly build: 'IMMEDIATE' | 'DEFER';
}

export interface DropIndexStatement extends Node {
  readonly kind: 'drop-index';
  readonly ifExists: boolean;
  readonly name: Identifier;
  /** From ON t, or from the form `t.n`. */
  readonly table?: QualifiedName;
}

export interface CreateSchemaStatement extends Node {
  readonly kind: 'create-schema';
  readonly ifNotExists: boolean;
  readonly schema: Identifier;
}

export interface DropSchemaStatement extends Node {
  readonly kind: 'drop-schema';
  readonly ifExists: boolean;
  readonly schema: Identifier;
  readonly behavior: 'RESTRICT' | 'CASCADE';
}

export interface CreateDatabaseStatement extends Node {
  readonly kind: 'create-database';
  readonly database: Identifier;
}

export interface DropDatabaseStatement extends Node {
  readonly kind: 'drop-database';
  readonly ifExists: boolean;
  readonly database: Identifier;
  /** RETAIN_FILES: the name cannot be used again. */
  readonly retainFiles: boolean;
}

export interface UseDatabaseStatement extends Node {
  readonly kind: 'use-database';
  readonly database: Identifier;
}

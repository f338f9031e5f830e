import type { ObjectRow, Session } from '@iris-devtools/core';
import { declareType, describeColumn, TABLE_DESCRIPTION } from '../../src/mirror/declared-type.js';

type View =
  | 'SCHEMATA'
  | 'TABLES'
  | 'COLUMNS'
  | 'TABLE_CONSTRAINTS'
  | 'KEY_COLUMN_USAGE'
  | 'REFERENTIAL_CONSTRAINTS'
  | 'INDEXES';

/** A catalog of IRIS, written by hand row by row as INFORMATION_SCHEMA would give it. */
export class CatalogRows implements Record<View, ObjectRow[]> {
  SCHEMATA: ObjectRow[] = [];
  TABLES: ObjectRow[] = [];
  COLUMNS: ObjectRow[] = [];
  TABLE_CONSTRAINTS: ObjectRow[] = [];
  KEY_COLUMN_USAGE: ObjectRow[] = [];
  REFERENTIAL_CONSTRAINTS: ObjectRow[] = [];
  INDEXES: ObjectRow[] = [];
  /** Rows of the mirror's own table in IRIS. */
  viewColumns: ObjectRow[] = [];

  /** The part of a session that the mirror uses. */
  session(): Session {
    const query = (sql: string): Promise<{ rows: ObjectRow[] }> => {
      if (sql.includes('= ?')) {
        return Promise.resolve({ rows: this.viewColumns.length > 0 ? [{ TABLE_NAME: 'ViewColumn' }] : [] });
      }
      const view = /FROM INFORMATION_SCHEMA\.(\w+)/.exec(sql)?.[1] as View | undefined;
      return Promise.resolve({ rows: view === undefined ? this.viewColumns : this[view] });
    };
    return { query } as unknown as Session;
  }

  table(schema: string, name: string, description = '', type = 'BASE TABLE'): void {
    this.TABLES.push({ TABLE_SCHEMA: schema, TABLE_NAME: name, TABLE_TYPE: type, DESCRIPTION: description });
  }

  column(schema: string, tableName: string, name: string, dataType: string, more: ObjectRow = {}): void {
    const position =
      this.COLUMNS.filter((row) => row.TABLE_NAME === tableName && row.TABLE_SCHEMA === schema).length + 1;
    this.COLUMNS.push({
      TABLE_SCHEMA: schema,
      TABLE_NAME: tableName,
      COLUMN_NAME: name,
      ORDINAL_POSITION: position,
      DATA_TYPE: dataType,
      IS_NULLABLE: 'YES',
      ...more,
    });
  }

  key(
    schema: string,
    tableName: string,
    name: string,
    type: string,
    columns: string[],
    target: ObjectRow[] = [],
  ): void {
    const common = {
      TABLE_SCHEMA: schema,
      TABLE_NAME: tableName,
      CONSTRAINT_NAME: name,
      CONSTRAINT_TYPE: type,
    };
    this.TABLE_CONSTRAINTS.push(common);
    for (const [index, columnName] of columns.entries()) {
      this.KEY_COLUMN_USAGE.push({
        ...common,
        COLUMN_NAME: columnName,
        ORDINAL_POSITION: index + 1,
        ...target[index],
      });
    }
  }

  /** As the translator declares it: `create table movies (...)` through pgwire. */
  declaredMovies(): void {
    const hint = (name: string, modifiers: number[] = [], identity?: 'serial'): ObjectRow => ({
      DESCRIPTION: describeColumn(declareType(name, modifiers), identity),
    });
    this.table('SQLUser', 'movies', TABLE_DESCRIPTION);
    this.column('SQLUser', 'movies', 'id', 'INTEGER', {
      IS_NULLABLE: 'NO',
      IS_IDENTITY: 'YES',
      ...hint('int4', [], 'serial'),
    });
    this.column('SQLUser', 'movies', 'title', 'varchar', {
      CHARACTER_MAXIMUM_LENGTH: 65535,
      IS_NULLABLE: 'NO',
      ...hint('text'),
    });
    this.column('SQLUser', 'movies', 'releasedOn', 'DATE', hint('date'));
    this.column('SQLUser', 'movies', 'rating', 'numeric', {
      NUMERIC_PRECISION: 4,
      NUMERIC_SCALE: 1,
      COLUMN_DEFAULT: "'0'",
      ...hint('numeric', [4, 1]),
    });
    this.column('SQLUser', 'movies', 'seen_at', 'TIMESTAMP', {
      COLUMN_DEFAULT: 'CURRENT_TIMESTAMP',
      ...hint('timestamptz'),
    });
    this.column('SQLUser', 'movies', 'facts', 'VARCHAR', {
      CHARACTER_MAXIMUM_LENGTH: 65535,
      ...hint('jsonb'),
    });
    this.column('SQLUser', 'movies', 'embedding', 'VARCHAR', {
      CHARACTER_MAXIMUM_LENGTH: 4096,
      ...hint('vector', [3]),
    });
    this.key('SQLUser', 'movies', 'movies_pkey', 'PRIMARY KEY', ['id']);
    this.INDEXES.push(
      {
        TABLE_SCHEMA: 'SQLUser',
        TABLE_NAME: 'movies',
        INDEX_NAME: 'movies_pkey',
        COLUMN_NAME: 'id',
        ORDINAL_POSITION: 1,
        NON_UNIQUE: 0,
        PRIMARY_KEY: 1,
      },
      {
        TABLE_SCHEMA: 'SQLUser',
        TABLE_NAME: 'movies',
        INDEX_NAME: 'movies_title',
        COLUMN_NAME: 'title',
        ORDINAL_POSITION: 1,
        NON_UNIQUE: 1,
        PRIMARY_KEY: 0,
      },
      {
        TABLE_SCHEMA: 'SQLUser',
        TABLE_NAME: 'movies',
        INDEX_NAME: 'movies_near',
        COLUMN_NAME: 'embedding',
        ORDINAL_POSITION: 1,
        NON_UNIQUE: 1,
        PRIMARY_KEY: 0,
      },
    );
  }

  /** As an IRIS application declares it. */
  nativePerson(): void {
    this.table('Sample', 'Person', 'People we know');
    this.column('Sample', 'Person', 'SSN', 'VARCHAR', { CHARACTER_MAXIMUM_LENGTH: 50, IS_NULLABLE: 'NO' });
    this.column('Sample', 'Person', 'Name', 'VARCHAR', {
      CHARACTER_MAXIMUM_LENGTH: 50,
      DESCRIPTION: "Person's name",
    });
    this.column('Sample', 'Person', 'Notes', 'LONGVARCHAR');
    this.column('Sample', 'Person', 'Home Town', 'VARCHAR', { CHARACTER_MAXIMUM_LENGTH: 3641144 });
    this.column('Sample', 'Person', 'Married', 'BIT');
    this.column('Sample', 'Person', 'xmin', 'DOUBLE');
    this.key('Sample', 'Person', 'PERSON_PKEY2', 'PRIMARY KEY', ['SSN']);
    this.table('Sample', 'Pet');
    this.column('Sample', 'Pet', 'Owner', 'VARCHAR', { CHARACTER_MAXIMUM_LENGTH: 50 });
    const target = {
      REFERENCED_TABLE_SCHEMA: 'Sample',
      REFERENCED_TABLE_NAME: 'PERSON',
      REFERENCED_COLUMN_NAME: 'ssn',
    };
    this.key('Sample', 'Pet', 'PET_FKEY1', 'FOREIGN KEY', ['Owner'], [target]);
    this.REFERENTIAL_CONSTRAINTS.push({
      CONSTRAINT_SCHEMA: 'Sample',
      CONSTRAINT_NAME: 'PET_FKEY1',
      CONSTRAINT_TABLE_NAME: 'Pet',
      DELETE_RULE: 'CASCADE',
      UPDATE_RULE: 'NO ACTION',
    });
  }
}

import type { IrisType } from '../../sql/types.js';
import type { Catalog } from '../catalog.js';
import type { ColumnDef, TableDef } from '../model.js';

export type SystemValue = string | number | null;

export interface SystemColumn {
  readonly name: string;
  readonly type: IrisType;
}

/** A table that IRIS computes from its class dictionary. */
export interface SystemTableDefinition {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly SystemColumn[];
  /** One array for each row, in column order. */
  readonly rows: (catalog: Catalog, namespace: string) => readonly (readonly SystemValue[])[];
}

const text = (name: string): SystemColumn => ({
  name,
  type: { name: 'VARCHAR', className: '%Library.String' },
});
const integer = (name: string): SystemColumn => ({
  name,
  type: { name: 'INTEGER', className: '%Library.Integer' },
});

/** `NAME` is text, `NAME#` an integer. */
export const columnList = (names: string): readonly SystemColumn[] =>
  names
    .split(/\s+/)
    .filter((name) => name !== '')
    .map((name) => (name.endsWith('#') ? integer(name.slice(0, -1)) : text(name)));

/** The table as the compiler sees it. */
export function tableOf(definition: SystemTableDefinition, id: number): TableDef {
  const columns: ColumnDef[] = definition.columns.map((column, index) => ({
    id: index + 1,
    name: column.name,
    property: column.name,
    type: column.type,
    notNull: false,
  }));
  return {
    kind: 'table',
    id,
    namespace: '',
    schema: definition.schema,
    name: definition.name,
    className: `${definition.schema.replaceAll('_', '.')}.${definition.name}`,
    owner: '_SYSTEM',
    columns,
    nextColumnId: columns.length + 1,
    uniqueKeys: [],
    foreignKeys: [],
    indexes: [],
    rowIdName: 'ID',
    publicRowId: false,
    temporary: false,
    storage: 'ROW',
    classParameters: {},
    system: true,
  };
}

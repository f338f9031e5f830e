import { sqlError } from '@iris-devtools/core';
import type { CreateIndexStatement, DropIndexStatement, QualifiedName } from '../sql/ast.js';
import type { VectorElementType } from '../sql/types.js';
import { dropKey } from './drop-constraint.js';
import { findRelation, needsAlter, nothingToDo, requireTable } from './ddl.js';
import type { DdlContext, DdlPlan, NothingToDo } from './ddl.js';
import { checkIndexable, columnIds, keysOf } from './keys.js';
import type { IndexDef, TableDef } from './model.js';
import { keyIndex } from './model.js';
import { displayName } from './names.js';
import { indexStatements } from './physical.js';

const HNSW_PARAMETERS: Readonly<Record<string, (value: string) => boolean>> = {
  DISTANCE: (value) => ['COSINE', 'DOTPRODUCT'].includes(value.toUpperCase()),
  M: (value) => /^\d+$/.test(value) && Number(value) >= 2 && Number(value) <= 100,
  EFCONSTRUCTION: (value) => /^\d+$/.test(value) && Number(value) > 0,
};

const NOT_INDEXED: ReadonlySet<VectorElementType> = new Set(['INTEGER', 'TIMESTAMP', 'STRING']);

/** @throws IrisError -30 no table, -324 name taken, -31 unknown column, -400 what cannot be indexed */
export function createIndex(statement: CreateIndexStatement, context: DdlContext): DdlPlan {
  const table = requireTable(statement.table, context);
  const { name } = statement.name;
  const taken = [...table.indexes, ...keysOf(table)].some(
    (index) => index.name.toUpperCase() === name.toUpperCase(),
  );
  if (taken)
    throw sqlError(-324, ` Index with name '${name}' already defined for table '${displayName(table)}'`);
  const ids = columnIds(statement.columns, table.columns);
  checkIndexable(ids, table.columns);
  checkBitmap(statement);
  const { indexClass } = statement;
  if (indexClass !== undefined) checkIndexClass(indexClass, ids, table);
  const index: IndexDef = {
    id: table.nextColumnId,
    name,
    type: indexClass === undefined ? statement.type : 'HNSW',
    columnIds: ids,
    dataIds: columnIds(statement.withData, table.columns),
    ...(indexClass === undefined ? {} : { parameters: indexClass.parameters }),
  };
  const changed: TableDef = {
    ...table,
    nextColumnId: table.nextColumnId + 1,
    indexes: [...table.indexes, index],
  };
  return {
    statements: indexStatements(changed, index),
    change: { put: [changed], remove: [] },
    locks: [table],
    privileges: [needsAlter(table)],
  };
}

/** @throws IrisError -400 */
function checkBitmap({ type, columns, withData }: CreateIndexStatement): void {
  if (type !== 'BITMAP' && type !== 'BITSLICE') return;
  if (withData.length > 0) throw sqlError(-400, `ERROR #5414: A ${type} index cannot have data`);
  if (type === 'BITSLICE' && columns.length > 1)
    throw sqlError(-400, 'ERROR #5414: A BITSLICE index is defined on exactly one column');
}

function checkIndexClass(
  indexClass: NonNullable<CreateIndexStatement['indexClass']>,
  ids: readonly number[],
  table: TableDef,
): void {
  const { name } = indexClass;
  if (name.toUpperCase().replace(/^%SQL\.INDEX\./, '') !== 'HNSW') {
    throw sqlError(-400, `ERROR #5373: Class '${name}', used by index type, does not exist`);
  }
  const [column, another] = table.columns.filter((candidate) => ids.includes(candidate.id));
  if (column === undefined || another !== undefined || column.type.name !== 'VECTOR') {
    throw sqlError(-400, 'ERROR #5414: An HNSW index is defined on exactly one vector column');
  }
  const { elementType, dimension } = column.type;
  // unverified on a live server: the manual lists DOUBLE and DECIMAL, samples in use have FLOAT
  if (dimension === undefined || (elementType !== undefined && NOT_INDEXED.has(elementType))) {
    throw sqlError(
      -400,
      `ERROR #5414: Column '${column.name}' must be a vector of fixed length of DOUBLE, FLOAT or DECIMAL`,
    );
  }
  for (const parameter of indexClass.parameters) {
    const check = HNSW_PARAMETERS[parameter.name.toUpperCase()];
    if (check === undefined)
      throw sqlError(-400, `ERROR #5480: Property parameter not declared: ${parameter.name}`);
    if (!check(parameter.value)) {
      throw sqlError(
        -400,
        `ERROR #5480: Invalid value '${parameter.value}' of index parameter ${parameter.name}`,
      );
    }
  }
  if (!indexClass.parameters.some((parameter) => parameter.name.toUpperCase() === 'DISTANCE')) {
    throw sqlError(-400, 'ERROR #5414: An HNSW index needs the parameter Distance');
  }
}

/** A view has no indexes. @throws IrisError -30 */
function tablesNamed(name: QualifiedName, context: DdlContext): TableDef[] {
  return findRelation(name, context)?.kind === 'view' ? [] : [requireTable(name, context)];
}

/** @throws IrisError -333 no such index, -334 in several tables, -317 a foreign key relies on it */
export function dropIndex(statement: DropIndexStatement, context: DdlContext): DdlPlan | NothingToDo {
  const wanted = statement.name.name.toUpperCase();
  const tables =
    statement.table === undefined
      ? context.catalog.tables(context.namespace)
      : tablesNamed(statement.table, context);
  const holders = tables.filter((table) =>
    [...table.indexes, ...keysOf(table)].some((index) => index.name.toUpperCase() === wanted),
  );
  const [table, another] = holders;
  if (table === undefined) {
    const message = `Index '${statement.name.name}' does not exist`;
    if (statement.ifExists) return nothingToDo(message);
    throw sqlError(-333, ` ${message}`);
  }
  if (another !== undefined) {
    throw sqlError(
      -334,
      ` Index name '${statement.name.name}' is ambiguous: found in ${holders.map(displayName).join(', ')}`,
    );
  }
  const index = table.indexes.find((candidate) => candidate.name.toUpperCase() === wanted);
  // The index of a constraint takes the constraint with it.
  if (index === undefined) {
    const key = keysOf(table).find((candidate) => candidate.name.toUpperCase() === wanted);
    return { ...dropKey(table, key, context), locks: [table], privileges: [needsAlter(table)] };
  }
  const changed: TableDef = { ...table, indexes: table.indexes.filter((candidate) => candidate !== index) };
  return {
    statements: [`DROP INDEX IF EXISTS iris_data.${keyIndex(table, index)}`],
    change: { put: [changed], remove: [] },
    locks: [table],
    privileges: [needsAlter(table)],
  };
}

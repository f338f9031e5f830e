import { compareValues } from '../compile/comparison.js';
import { computedText, isAlwaysComputed } from '../compile/computed.js';
import { CompileContext } from '../compile/context.js';
import { columnCollation, columnValue } from '../compile/from.js';
import { defaultValue } from '../compile/insert.js';
import { collationKey, expression, quote } from '../compile/typed.js';
import type { Typed } from '../compile/typed.js';
import { isText, storageType } from '../compile/types.js';
import type { Catalog } from './catalog.js';
import { keysOf } from './keys.js';
import type { ColumnDef, ForeignKeyDef, IndexDef, KeyDef, TableDef } from './model.js';
import { counterSequence, keyIndex, physicalColumn, physicalTable, rowIdSequence } from './model.js';

const NOT_UNCHECKED = `current_setting('iris.nocheck', true) IS DISTINCT FROM '1'`;

/** A table in PostgreSQL: rows with their RowID, undo and lock triggers, key indexes. Without its foreign keys. */
export function createTableStatements(table: TableDef, catalog: Catalog): string[] {
  const name = physicalTable(table);
  const columns = table.columns
    .filter((column) => column.generation !== 'identity')
    .map((column) => columnText(table, column, catalog));
  const session = table.temporary ? ['sid int8 NOT NULL'] : [];
  return [
    `CREATE SEQUENCE ${rowIdSequence(table)}`,
    ...table.columns.flatMap((column) => counterStatements(table, column)),
    `CREATE TABLE ${name} (${[`rid int8 PRIMARY KEY DEFAULT nextval('${rowIdSequence(table)}')`, ...session, ...columns].join(', ')})`,
    `ALTER SEQUENCE ${rowIdSequence(table)} OWNED BY ${name}.rid`,
    // A trigger fires in the order of its name: locks are looked at first, undo is kept before cascades run.
    `CREATE TRIGGER a_lock BEFORE UPDATE OR DELETE ON ${name} FOR EACH ROW
       WHEN (current_setting('iris.others', true) = '1') EXECUTE FUNCTION iris_sys.check_lock()`,
    `CREATE TRIGGER b_undo AFTER INSERT OR UPDATE OR DELETE ON ${name} FOR EACH ROW
       WHEN (current_setting('iris.txn', true) <> '') EXECUTE FUNCTION iris_sys.keep_undo()`,
    ...table.columns.flatMap((column) => computeStatements(table, column, catalog)),
    ...keysOf(table).map((key) => uniqueIndexStatement(table, key)),
    ...table.indexes.flatMap((index) => indexStatements(table, index)),
  ];
}

export function columnText(table: TableDef, column: ColumnDef, catalog: Catalog): string {
  // Floating point numbers do not compress, and trying costs more than storing them.
  const external = column.type.name === 'VECTOR' ? ' STORAGE EXTERNAL' : '';
  const computed = isAlwaysComputed(column) ? computedText(table, column, catalog) : undefined;
  const generated = computed === undefined ? '' : ` GENERATED ALWAYS AS (${computed}) STORED`;
  const required = column.notNull ? ' NOT NULL' : '';
  return `${physicalColumn(column)} ${storageType(column.type)}${external}${generated}${required}`;
}

const computeFunction = (table: TableDef, column: ColumnDef): string =>
  `iris_data.t${table.id}_x${column.id}`;

/** The trigger of a column that is computed when its row is inserted, or when other columns change. */
export function computeStatements(table: TableDef, column: ColumnDef, catalog: Catalog): string[] {
  if (column.computed === undefined || isAlwaysComputed(column)) return [];
  const value = computedText(table, column, catalog, 'NEW.');
  if (value === undefined) return [];
  const own = physicalColumn(column);
  const changes = (column.computed.onChange ?? []).flatMap((name) =>
    table.columns
      .filter((other) => other.name.toUpperCase() === name.toUpperCase())
      .map((other) => `NEW.${physicalColumn(other)} IS DISTINCT FROM OLD.${physicalColumn(other)}`),
  );
  const changed = changes.length === 0 ? 'false' : changes.join(' OR ');
  const name = computeFunction(table, column);
  return [
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $compute$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.${own} IS NULL THEN NEW.${own} := ${value}; END IF;
  ELSIF ${changed} THEN NEW.${own} := ${value};
  END IF;
  RETURN NEW;
END $compute$`,
    `CREATE TRIGGER b_compute${column.id} BEFORE INSERT OR UPDATE ON ${physicalTable(table)} FOR EACH ROW
       EXECUTE FUNCTION ${name}()`,
  ];
}

export const dropCompute = (table: TableDef, column: ColumnDef): string =>
  `DROP FUNCTION IF EXISTS ${computeFunction(table, column)}() CASCADE`;

export function counterStatements(table: TableDef, column: ColumnDef): string[] {
  const isCounter = column.generation === 'serial' || column.generation === 'auto-increment';
  return isCounter ? [`CREATE SEQUENCE ${counterSequence(table, column)}`] : [];
}

/** The collated columns, so that uniqueness is that of IRIS. */
function keyColumns(table: TableDef, ids: readonly number[]): string {
  const texts = ids.flatMap((id) => {
    const column = table.columns.find((candidate) => candidate.id === id);
    if (column === undefined) return [];
    const key = isText(column.type)
      ? collationKey(physicalColumn(column), columnCollation(table, column))
      : physicalColumn(column);
    return [`(${key})`];
  });
  return [...(table.temporary ? ['sid'] : []), ...texts].join(', ');
}

export function uniqueIndexStatement(table: TableDef, key: Pick<KeyDef, 'id' | 'columnIds'>): string {
  return `CREATE UNIQUE INDEX ${keyIndex(table, key)} ON ${physicalTable(table)} (${keyColumns(table, key.columnIds)})`;
}

/** Only what speeds up or restricts something here; bitmaps and vector indexes change no result. */
export function indexStatements(table: TableDef, index: IndexDef): string[] {
  if (index.type === 'UNIQUE') return [uniqueIndexStatement(table, index)];
  if (index.type !== 'DEFAULT' || index.columnIds.length === 0) return [];
  const columns = table.columns.filter((column) => index.columnIds.includes(column.id));
  // Long texts and vectors do not fit into an index page.
  const fits = columns.every(
    (column) => !isText(column.type) || (column.type.length !== undefined && column.type.length <= 500),
  );
  if (
    !fits ||
    columns.some((column) => column.type.name === 'VECTOR' || storageType(column.type) === 'bytea')
  )
    return [];
  return [
    `CREATE INDEX ${keyIndex(table, index)} ON ${physicalTable(table)} (${keyColumns(table, index.columnIds)})`,
  ];
}

const functionName = (table: TableDef, key: ForeignKeyDef, side: 'child' | 'parent'): string =>
  `iris_data.t${table.id}_f${key.id}_${side}`;

/** Foreign keys are triggers: IRIS compares collated values, and its actions and codes are its own. */
export function createForeignKeys(table: TableDef, catalog: Catalog, only?: ForeignKeyDef): string[] {
  const keys = only === undefined ? table.foreignKeys : [only];
  return keys
    .filter((key) => !key.noCheck)
    .flatMap((key) => {
      const target = key.targetTableId === table.id ? table : catalog.table(key.targetTableId);
      return target === undefined ? [] : foreignKeyStatements(table, key, target, catalog);
    });
}

export function dropForeignKey(table: TableDef, key: ForeignKeyDef): string[] {
  return [
    `DROP FUNCTION IF EXISTS ${functionName(table, key, 'child')}() CASCADE`,
    `DROP FUNCTION IF EXISTS ${functionName(table, key, 'parent')}() CASCADE`,
  ];
}

function foreignKeyStatements(
  table: TableDef,
  key: ForeignKeyDef,
  target: TableDef,
  catalog: Catalog,
): string[] {
  const parts = foreignKeyParts(table, key, target, catalog);
  const trigger = (side: 'child' | 'parent', on: TableDef, events: string): string =>
    `CREATE TRIGGER f${table.id}_${key.id}_${side} AFTER ${events} ON ${physicalTable(on)} FOR EACH ROW
       WHEN (${NOT_UNCHECKED}) EXECUTE FUNCTION ${functionName(table, key, side)}()`;
  return [
    childFunction(table, key, target, parts),
    trigger('child', table, 'INSERT OR UPDATE'),
    parentFunction(table, key, target, parts),
    trigger('parent', target, 'DELETE OR UPDATE'),
  ];
}

interface ForeignKeyParts {
  /** Row `p` of the target is the one that row NEW of the table refers to. */
  readonly parentOfNew: string;
  /** Row of the table, under the given alias, that refers to row OLD of the target. */
  readonly childOfOld: (alias: string) => string;
  readonly newIsNull: string;
  readonly oldIsNull: string;
  readonly targetUnchanged: string;
  readonly defaults: readonly string[];
  readonly ownColumns: readonly string[];
  readonly targetColumns: readonly string[];
}

function foreignKeyParts(
  table: TableDef,
  key: ForeignKeyDef,
  target: TableDef,
  catalog: Catalog,
): ForeignKeyParts {
  const context = new CompileContext({
    catalog,
    session: { user: '', namespace: table.namespace, defaultSchema: table.schema, fastDistinct: true },
    parameterCount: 0,
    kinds: [],
  });
  const byId = (from: TableDef, id: number): ColumnDef[] => from.columns.filter((column) => column.id === id);
  const own = key.columnIds.flatMap((id) => byId(table, id));
  const columns = key.targetColumnIds.flatMap((id) => byId(target, id));
  const targetValue = (index: number, alias: string): Typed => {
    const column = columns[index];
    return column === undefined
      ? expression(`${alias}.rid`, { name: 'BIGINT' })
      : columnValue(target, column, alias);
  };
  const match = (targetAlias: string, ownAlias: string): string =>
    own
      .map((column, index) =>
        compareValues('=', targetValue(index, targetAlias), columnValue(table, column, ownAlias), context),
      )
      .join(' AND ');
  const targetColumns = own.map((_, index) => targetValue(index, '').sql.slice(1));
  return {
    parentOfNew: match('p', 'NEW'),
    childOfOld: (alias) => match('OLD', alias),
    newIsNull: own.map((column) => `NEW.${physicalColumn(column)} IS NULL`).join(' OR '),
    oldIsNull: targetColumns.map((column) => `OLD.${column} IS NULL`).join(' OR '),
    targetUnchanged: targetColumns
      .map((column) => `OLD.${column} IS NOT DISTINCT FROM NEW.${column}`)
      .join(' AND '),
    defaults: own.map((column) => defaultValue(column, table, context) ?? 'NULL'),
    ownColumns: own.map((column) => physicalColumn(column)),
    targetColumns,
  };
}

function childFunction(
  table: TableDef,
  key: ForeignKeyDef,
  target: TableDef,
  parts: ForeignKeyParts,
): string {
  const message = quote(
    ` Table '${table.schema}.${table.name}', Foreign Key Constraint '${key.name}', failed referential check`,
  );
  return `CREATE FUNCTION ${functionName(table, key, 'child')}() RETURNS trigger LANGUAGE plpgsql AS $fk$
DECLARE parent int8;
BEGIN
  IF ${parts.newIsNull} THEN RETURN NULL; END IF;
  SELECT p.rid INTO parent FROM ${physicalTable(target)} p WHERE ${parts.parentOfNew} LIMIT 1;
  IF parent IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = CASE TG_OP WHEN 'INSERT' THEN 'IR121' ELSE 'IR122' END, MESSAGE = ${message};
  END IF;
  -- A row that another transaction has not committed yet is no firm ground.
  IF current_setting('iris.others', true) = '1' THEN PERFORM iris_sys.locked('${physicalTable(target)}'::regclass, parent); END IF;
  RETURN NULL;
END $fk$`;
}

function parentFunction(
  table: TableDef,
  key: ForeignKeyDef,
  target: TableDef,
  parts: ForeignKeyParts,
): string {
  const child = physicalTable(table);
  const refuse = (code: string): string =>
    `IF EXISTS (SELECT 1 FROM ${child} c WHERE ${parts.childOfOld('c')}) THEN
      RAISE EXCEPTION USING ERRCODE = '${code}', MESSAGE = ${quote(` At least 1 row exists in table '${table.schema}.${table.name}' which references a row of '${target.schema}.${target.name}' by foreign key '${key.name}'`)};
    END IF;`;
  const set = (values: readonly string[]): string =>
    `UPDATE ${child} c SET ${parts.ownColumns.map((column, index) => `${column} = ${values[index] ?? 'NULL'}`).join(', ')} WHERE ${parts.childOfOld('c')};`;
  const action = (kind: ForeignKeyDef['onDelete'], code: string, cascade: string): string => {
    switch (kind) {
      case 'NO ACTION':
        return refuse(code);
      case 'CASCADE':
        return cascade;
      case 'SET NULL':
        return set([]);
      case 'SET DEFAULT':
        return set(parts.defaults);
    }
  };
  const moved = set(parts.targetColumns.map((column) => `NEW.${column}`));
  return `CREATE FUNCTION ${functionName(table, key, 'parent')}() RETURNS trigger LANGUAGE plpgsql AS $fk$
BEGIN
  IF ${parts.oldIsNull} THEN RETURN NULL; END IF;
  IF current_setting('iris.others', true) = '1' AND EXISTS (
    SELECT 1 FROM iris_sys.undo u, jsonb_populate_record(NULL::${child}, u.image) c
    WHERE u.tab = '${child}'::regclass AND u.txn <> iris_sys.my_txn() AND u.image IS NOT NULL AND ${parts.childOfOld('c')}) THEN
    RAISE EXCEPTION USING ERRCODE = 'IRLCK', MESSAGE = 'row is locked', DETAIL = OLD.rid::text;
  END IF;
  IF TG_OP = 'DELETE' THEN
    ${action(key.onDelete, 'IR124', `DELETE FROM ${child} c WHERE ${parts.childOfOld('c')};`)}
  ELSIF NOT (${parts.targetUnchanged}) THEN
    ${action(key.onUpdate, 'IR123', moved)}
  END IF;
  RETURN NULL;
END $fk$`;
}

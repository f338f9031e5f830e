import { sqlError } from '@iris-devtools/core';
import type { IrisError } from '@iris-devtools/core';
import type { Catalog } from '../catalog/catalog.js';
import type { CatalogEntry, TableDef } from '../catalog/model.js';
import { physicalColumn } from '../catalog/model.js';
import { StorageFailure } from './storage/storage.js';

/** What the failed statement was doing; the same failure has different codes. */
export type FailureContext = 'query' | 'insert' | 'update' | 'delete' | 'ddl';

/** SQLSTATE of the row lock of another transaction; see `engine/prelude/system.ts`. */
const LOCKED_STATE = 'IRLCK';

export const isLockConflict = (error: unknown): error is StorageFailure =>
  error instanceof StorageFailure && error.failure.sqlstate === LOCKED_STATE;

/** A failure of the storage as IRIS would report it. Errors that are none of the storage's stay as they are. */
export function toSqlError(
  error: unknown,
  catalog: Catalog,
  context: FailureContext,
  /** Tables as a DDL statement would have made them. */
  pending: readonly CatalogEntry[] = [],
): unknown {
  if (!(error instanceof StorageFailure)) return error;
  const { failure } = error;
  const { sqlstate, message } = failure;
  const own = /^IR(\d{3})$/.exec(sqlstate);
  if (own !== null) return fatalOr(-Number(own[1]), message, error);
  const table = tableOf(failure.table, catalog, pending);
  switch (sqlstate) {
    case '23505':
      return uniqueViolation(failure.constraint, failure.detail, table, context, error);
    case '23502':
      return requiredField(failure.column, table, error);
    case '22003':
    case '22P02':
    case '22P05':
    case '22021':
      if (context === 'insert') return sqlError(-104, ` ${message}`, { cause: error });
      if (context === 'update') return sqlError(-105, ` ${message}`, { cause: error });
      return fatal(sqlstate === '22003' ? `<MAXNUMBER> ${message}` : message, error);
    case '22012':
      return fatal('<DIVIDE>', error);
    // A text that is no moment, such as the 'error' of an invalid {ts ...}.
    case '22007':
    case '22008':
      return fatal(`<ILLEGAL VALUE> ${message}`, error);
    case '21000':
      return sqlError(-432, ` ${message}`, { cause: error });
    case '54000':
    case '53200':
      return fatal(context === 'query' ? `<STORE> ${message}` : `<SUBSCRIPT> ${message}`, error);
    default:
      return fatal(`${message} (storage ${sqlstate})`, error);
  }
}

function fatalOr(code: number, message: string, cause: Error): IrisError {
  return code === -400 ? fatal(message, cause) : sqlError(code, message, { cause });
}

const fatal = (message: string, cause: Error): IrisError => sqlError(-400, message, { cause });

function tableOf(
  physical: string | undefined,
  catalog: Catalog,
  pending: readonly CatalogEntry[],
): TableDef | undefined {
  const id = Number(/^t(\d+)$/.exec(physical ?? '')?.[1] ?? -1);
  const changed = pending.find((entry) => entry.id === id);
  return changed?.kind === 'table' ? changed : catalog.table(id);
}

function uniqueViolation(
  constraint: string | undefined,
  detail: string | undefined,
  table: TableDef | undefined,
  context: FailureContext,
  cause: Error,
): IrisError {
  const code = context === 'ddl' ? -125 : context === 'update' ? -120 : -119;
  if (table === undefined) return sqlError(code, undefined, { cause });
  const keyId = Number(/_k(\d+)$/.exec(constraint ?? '')?.[1] ?? -1);
  const keys = [
    ...(table.primaryKey === undefined ? [] : [table.primaryKey]),
    ...table.uniqueKeys,
    ...table.indexes,
  ];
  const key = keys.find((candidate) => candidate.id === keyId);
  const names = (key?.columnIds ?? []).map(
    (id) => table.columns.find((column) => column.id === id)?.name ?? '?',
  );
  const values = /=\((.*)\) (?:already exists|is duplicated)/.exec(detail ?? '')?.[1] ?? '';
  const identity = table.columns.find((column) => column.generation === 'identity');
  const fields =
    key === undefined ? `${identity?.name ?? table.rowIdName}=${values}` : `${names.join(',')}=${values}`;
  const name = key?.name ?? 'IDKEY';
  return sqlError(
    code,
    `Table '${table.schema}.${table.name}', Constraint '${name}', Field(s) ${fields}; failed unique check`,
    { cause },
  );
}

function requiredField(column: string | undefined, table: TableDef | undefined, cause: Error): IrisError {
  const found = table?.columns.find((candidate) => physicalColumn(candidate) === column);
  if (table === undefined || found === undefined) return sqlError(-108, undefined, { cause });
  return sqlError(-108, `'${found.name}' in table '${table.schema}.${table.name}' is a required field`, {
    cause,
  });
}

import type { Column } from '@iris-devtools/core';
import { fileSetQuery } from '../library/file-set.js';
import { applicationListQuery } from '../security/application-list.js';
import type { ClassQuery } from './class-query.js';

interface PlacedQuery {
  readonly query: ClassQuery;
  /** Exists in %SYS only. */
  readonly systemOnly: boolean;
}

const QUERIES: Readonly<Record<string, PlacedQuery>> = {
  '%Library.File:FileSet': { query: fileSetQuery, systemOnly: false },
  '%File:FileSet': { query: fileSetQuery, systemOnly: false },
  'Security.Applications:List': { query: applicationListQuery, systemOnly: true },
};

export function classQuery(namespace: string, className: string, name: string): ClassQuery | undefined {
  const key = `${className}:${name}`;
  const found = Object.hasOwn(QUERIES, key) ? QUERIES[key] : undefined;
  return found === undefined || (found.systemOnly && namespace !== '%SYS') ? undefined : found.query;
}

export function queryColumns({ columns }: ClassQuery): readonly Column[] {
  return columns.map((name) => ({
    name,
    label: name,
    type: 'VARCHAR',
    typeCode: 12,
    precision: 4_096,
    scale: 0,
    nullable: true,
    table: '',
    schema: '',
    catalog: '',
    isAutoIncrement: false,
    isCaseSensitive: false,
    isReadOnly: true,
    isUnique: false,
    isAliased: false,
    isExpression: false,
    isHidden: false,
    isIdentity: false,
    isKey: false,
    isRowId: false,
  }));
}

import type { Column } from '@iris-devtools/core';
import { serverObject } from '../class-definition.js';
import { columnIndex, metadataObject } from './column-object.js';
import { nativeValueOf } from './select-mode.js';
import type { EngineValue } from '../../engine/engine.js';
import type { NativeValue } from '../../globals/native-value.js';
import type { ClassDefinition, ServerObject } from '../class-definition.js';

/** What `%Execute` gives: rows, or the outcome of anything else. SQL errors are in it, not thrown. */
export interface ResultState {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly EngineValue[])[];
  /** Of the current row; -1 before the first. */
  position: number;
  sqlcode: number;
  readonly message: string;
  readonly rowCount: number;
  readonly rowId: string;
  readonly statementType: number;
  readonly selectMode: number;
}

/** %SQL.StatementResult */
const resultClass: ClassDefinition<ResultState> = {
  name: '%SQL.StatementResult',
  methods: {
    '%Next': (result) => {
      if (result.sqlcode < 0) return 0;
      if (result.position < result.rows.length) result.position += 1;
      const found = result.position < result.rows.length;
      result.sqlcode = found ? 0 : 100;
      return Number(found);
    },
    '%Get': (result, _process, args) => cell(result, columnIndex(result.columns, args.text(0))),
    '%GetData': (result, _process, args) => cell(result, args.integer(0, 0) - 1),
    '%GetMetadata': (result, process) => process.objects.add(metadataObject(result.columns)),
    '%MoreResults': () => 0,
  },
  properties: {
    '%SQLCODE': { get: (result) => result.sqlcode },
    '%Message': { get: (result) => result.message },
    '%ROWCOUNT': {
      get: (result) =>
        result.columns.length > 0 ? Math.min(result.position + 1, result.rows.length) : result.rowCount,
    },
    '%ROWID': { get: (result) => result.rowId },
    '%StatementType': { get: (result) => result.statementType },
    '%ResultColumnCount': { get: (result) => result.columns.length },
    '%CurrentResult': { get: (result, process) => process.objects.add(serverObject(resultClass, result)) },
  },
};

/** A result that stands before its first row. */
export function statementResult(state: Omit<ResultState, 'position'>): ServerObject {
  return serverObject<ResultState>(resultClass, { ...state, position: -1 });
}

function cell(result: ResultState, index: number): NativeValue {
  const value = result.rows[result.position]?.[index];
  const column = result.columns[index];
  return value === undefined || column === undefined ? '' : nativeValueOf(value, column, result.selectMode);
}

import { isIrisError } from '@iris-devtools/core';
import type { Column, IrisError } from '@iris-devtools/core';
import { textOf } from '../../globals/native-value.js';
import { parameterOfValue } from '../../server/engine-parameters.js';
import { serverObject } from '../class-definition.js';
import { nativeError } from '../native-error.js';
import { errorStatus, STATUS_CODE, STATUS_OK } from '../status.js';
import { columnIndex, metadataObject } from './column-object.js';
import { nativeValueOf, SELECT_MODE } from './select-mode.js';
import { STATEMENT_TYPE } from './statement-types.js';
import type { EngineValue, PreparedSql } from '../../engine/engine.js';
import type { NativeValue } from '../../globals/native-value.js';
import type { IrisProcess } from '../../server/iris-process.js';
import type { ClassDefinition, ServerObject } from '../class-definition.js';

interface StatementState {
  selectMode: number;
  prepared: PreparedSql | undefined;
}

/** What `%Execute` gives: rows, or the outcome of anything else. SQL errors are in it, not thrown. */
interface ResultState {
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

/** %SQL.Statement, the way to SQL for clients that have class methods only. */
export const sqlStatementClass: ClassDefinition<StatementState> = {
  name: '%SQL.Statement',
  classMethods: {
    '%New': (process, args) =>
      process.objects.add(
        serverObject(sqlStatementClass, {
          selectMode: args.integer(0, SELECT_MODE.logical),
          prepared: undefined,
        }),
      ),
    '%ExecDirect': async (process, args) => {
      const statement: StatementState = { selectMode: SELECT_MODE.logical, prepared: undefined };
      args.assign(0, process.objects.add(serverObject(sqlStatementClass, statement)));
      return process.objects.add(await prepareAndExecute(process, statement, args.text(1), args.from(2)));
    },
  },
  methods: {
    '%Prepare': async (statement, process, args) => {
      try {
        statement.prepared = await process.sql.prepare(args.text(0));
        return STATUS_OK;
      } catch (error) {
        const { sqlcode, message } = sqlFailure(error);
        // unverified on a live server: the wording inside the status of a failed %Prepare.
        return errorStatus(STATUS_CODE.sqlCode, `SQLCODE: ${sqlcode} ${message}`);
      }
    },
    '%Execute': async (statement, process, args) => {
      if (statement.prepared === undefined)
        throw nativeError('INVALID OREF', undefined, 'Call %Prepare first.');
      return process.objects.add(await execute(process, statement, statement.prepared, args.from(0)));
    },
    '%GetMetadata': (statement, process) =>
      process.objects.add(
        metadataObject(statement.prepared?.columns ?? [], statement.prepared?.parameters.length),
      ),
  },
  properties: {
    '%SelectMode': {
      get: (statement) => statement.selectMode,
      set: (statement, value) => {
        statement.selectMode = Number(textOf(value));
      },
    },
    '%Metadata': {
      get: (statement, process) =>
        process.objects.add(
          metadataObject(statement.prepared?.columns ?? [], statement.prepared?.parameters.length),
        ),
    },
  },
};

async function prepareAndExecute(
  process: IrisProcess,
  statement: StatementState,
  sql: string,
  values: readonly NativeValue[],
): Promise<ServerObject> {
  let prepared: PreparedSql;
  try {
    prepared = await process.sql.prepare(sql);
  } catch (error) {
    return failedResult(error, 0);
  }
  return execute(process, statement, prepared, values);
}

async function execute(
  process: IrisProcess,
  { selectMode }: StatementState,
  prepared: PreparedSql,
  values: readonly NativeValue[],
): Promise<ServerObject> {
  const statementType = STATEMENT_TYPE[process.instance.parse(prepared.sql).kind] ?? 0;
  try {
    const given = values.map((value, index) => parameterOfValue(value, prepared.parameters[index]?.typeCode));
    const outcome = await process.execute(prepared, given);
    return serverObject<ResultState>(resultClass, {
      columns: prepared.columns,
      rows: outcome.rows,
      position: -1,
      sqlcode: outcome.sqlcode,
      message: outcome.message ?? '',
      rowCount: outcome.rowCount,
      rowId: statementType === 2 ? process.sql.lastIdentity : '',
      statementType,
      selectMode,
    });
  } catch (error) {
    return failedResult(error, statementType);
  }
}

function failedResult(error: unknown, statementType: number): ServerObject {
  const { sqlcode, message } = sqlFailure(error);
  return serverObject<ResultState>(resultClass, {
    columns: [],
    rows: [],
    position: -1,
    sqlcode,
    message,
    rowCount: 0,
    rowId: '',
    statementType,
    selectMode: SELECT_MODE.logical,
  });
}

/** @throws what is no SQL error: that must not pass as one */
function sqlFailure(error: unknown): { sqlcode: number; message: string } {
  if (!isIrisError(error) || error.sqlcode === undefined) throw error;
  return { sqlcode: error.sqlcode, message: messageOf(error) };
}

function messageOf({ details, message }: IrisError): string {
  return typeof details.msg === 'string' ? details.msg : message;
}

function cell(result: ResultState, index: number): NativeValue {
  const value = result.rows[result.position]?.[index];
  const column = result.columns[index];
  return value === undefined || column === undefined ? '' : nativeValueOf(value, column, result.selectMode);
}

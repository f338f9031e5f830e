import { isIrisError } from '@iris-devtools/core';
import type { IrisError } from '@iris-devtools/core';
import { textOf } from '../../globals/native-value.js';
import { parameterOfValue } from '../../server/engine-parameters.js';
import { serverObject } from '../class-definition.js';
import { nativeError } from '../native-error.js';
import { errorStatus, STATUS_CODE, STATUS_OK } from '../status.js';
import type { CallArguments } from '../call-arguments.js';
import { classQuery, queryColumns } from './class-queries.js';
import { metadataObject } from './column-object.js';
import { SELECT_MODE } from './select-mode.js';
import { statementResult } from './statement-result.js';
import { CALL_TYPE, STATEMENT_TYPE } from './statement-types.js';
import type { PreparedSql } from '../../engine/engine.js';
import type { NativeValue } from '../../globals/native-value.js';
import type { IrisProcess } from '../../server/iris-process.js';
import type { ClassDefinition, ServerObject } from '../class-definition.js';
import type { ClassQuery } from './class-query.js';

interface StatementState {
  selectMode: number;
  prepared: PreparedSql | undefined;
  /** A query of a class, prepared instead of a text. */
  query: ClassQuery | undefined;
}

/** %SQL.Statement, the way to SQL for clients that have class methods only. */
export const sqlStatementClass: ClassDefinition<StatementState> = {
  name: '%SQL.Statement',
  classMethods: {
    '%New': (process, args) =>
      process.objects.add(
        serverObject(sqlStatementClass, {
          selectMode: args.integer(0, SELECT_MODE.logical),
          prepared: undefined,
          query: undefined,
        }),
      ),
    '%ExecDirect': async (process, args) => {
      const statement: StatementState = {
        selectMode: SELECT_MODE.logical,
        prepared: undefined,
        query: undefined,
      };
      args.assign(0, process.objects.add(serverObject(sqlStatementClass, statement)));
      return process.objects.add(await prepareAndExecute(process, statement, args.text(1), args.from(2)));
    },
  },
  methods: {
    '%Prepare': async (statement, process, args) => {
      try {
        statement.prepared = await process.sql.prepare(args.text(0));
        statement.query = undefined;
        return STATUS_OK;
      } catch (error) {
        const { sqlcode, message } = sqlFailure(error);
        // unverified on a live server: the wording inside the status of a failed %Prepare.
        return errorStatus(STATUS_CODE.sqlCode, `SQLCODE: ${sqlcode} ${message}`);
      }
    },
    '%PrepareClassQuery': (statement, process, args) => {
      const query = classQuery(process.namespace, args.text(0), args.text(1));
      // unverified on a live server: the wording inside this status.
      if (query === undefined)
        return errorStatus(STATUS_CODE.generalError, `Query ${args.text(0)}:${args.text(1)} does not exist`);
      statement.query = query;
      return STATUS_OK;
    },
    '%Execute': async (statement, process, args) => {
      if (statement.query !== undefined)
        return process.objects.add(await runQuery(process, statement.query, args));
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

/** unverified on a live server: that the type of such a statement is that of CALL. */
async function runQuery(process: IrisProcess, query: ClassQuery, args: CallArguments): Promise<ServerObject> {
  const rows = await query.rows(process, args);
  return statementResult({
    columns: queryColumns(query),
    rows: rows.map((row) => row.map((value) => (value === '' ? null : value))),
    sqlcode: 0,
    message: '',
    rowCount: rows.length,
    rowId: '',
    statementType: CALL_TYPE,
    selectMode: SELECT_MODE.logical,
  });
}

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
    return statementResult({
      columns: prepared.columns,
      rows: outcome.rows,
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
  return statementResult({
    columns: [],
    rows: [],
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

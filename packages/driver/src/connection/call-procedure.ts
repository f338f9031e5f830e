import type { Column, ObjectRow, QueryResult, SqlParameter, SqlValue } from '@iris-devtools/core';
import {
  decodeReply,
  NO_FEATURE,
  protocolError,
  STATUS,
  TYPE_CODE,
  typeName,
  type ListItem,
  type ProcedureDescription,
  type ProcedureResultReply,
  type WireColumn,
} from '@iris-devtools/protocol';
import { valueError } from '../errors.js';
import { procedureName } from '../sql/procedure-name.js';
import { itemRowReader } from '../values/item-rows.js';
import { askSuccessfully, failure, isSuccess } from './conversation.js';
import {
  encodeParameters,
  planOf,
  type ExecutionLimits,
  type Executor,
  type FetchKind,
  type OpenCursor,
} from './execute.js';
import type { AnyRow } from './result-plan.js';

/** Stands for an OUT parameter, or one that is to have its default. */
export const OUT = Symbol('OUT');

export type ProcedureArgument = SqlParameter | typeof OUT;

/** What a parameter holds afterwards; rows where the procedure gives a result set object (type -51). */
export type ProcedureOutput<Row = ObjectRow> = SqlValue | QueryResult<Row>;

/** What a stored procedure gave. */
export interface ProcedureResult<Row = ObjectRow> {
  /** `undefined` when the procedure has none. */
  readonly returnValue: ProcedureOutput<Row> | undefined;
  /** One for each parameter, in order. For IN parameters the server decides what it sends; the emulator sends them back. */
  readonly outputs: readonly ProcedureOutput<Row>[];
  /** The parameters as the server describes them, in the order of `outputs`; `name` may be empty. */
  readonly parameters: readonly Pick<Column, 'name' | 'type' | 'typeCode' | 'precision' | 'scale'>[];
  /** One per result set; an update count is a result without columns. */
  readonly results: readonly QueryResult<Row>[];
}

type ReadRows = (cursor: OpenCursor) => Promise<QueryResult<AnyRow>>;

/** A server that always has one more result would keep the client for ever. */
const MAX_RESULTS = 10_000;

/**
 * Runs a stored procedure: prepares its name (SP), then executes it as its description says (SQ, SU, MS with MR), with the bytes that the
 * official Python client (5.4.1) sends. unverified on a live server: that it answers as that client understands.
 * @throws IrisError IRIS_SQL, IRIS_PROTOCOL, IRIS_VALUE for text that is no call, or too many arguments
 */
export async function callProcedure(
  executor: Executor,
  text: string,
  args: readonly ProcedureArgument[],
  limits: ExecutionLimits,
  readRows: ReadRows,
): Promise<ProcedureResult<AnyRow>> {
  const { wire } = executor;
  const name = procedureName(text, args.length);
  const statementId = executor.newStatementId();
  const frame = await askSuccessfully(wire, { kind: 'PrepareProcedure', text: name }, statementId);
  const description = decodeReply('PrepareProcedure', frame, wire.codec);
  const values = await encodeArguments(executor, description, args);
  const call = { executor, statementId, description, values, limits, readRows };
  if (description.results === 'query') return executeQuery(call);
  return description.results === 'update' ? executeUpdate(call) : executeMultiple(call);
}

interface Call {
  readonly executor: Executor;
  readonly statementId: number;
  readonly description: ProcedureDescription;
  readonly values: readonly ListItem[];
  readonly limits: ExecutionLimits;
  readonly readRows: ReadRows;
}

/** Two replies: outputs, then the first page of rows. */
async function executeQuery(call: Call): Promise<ProcedureResult<AnyRow>> {
  const { executor, statementId, description, values, limits } = call;
  const { wire } = executor;
  const first = await wire.ask({ kind: 'ProcedureQuery', values, ...limits }, statementId);
  if (!isSuccess(first)) throw await failure(wire, first);
  const second = await wire.nextReply();
  wire.done();
  if (!isSuccess(second)) throw await failure(wire, second);
  const { items } = decodeReply('ProcedureQuery', first, wire.codec);
  const page = { page: second.payload, more: second.code === STATUS.OK };
  const rows = await call.readRows(
    await cursorOf(call, description.columns, page, { kind: 'FetchProcedure' }),
  );
  return result(call, items, [rows]);
}

/** One reply: outputs, then the number of rows affected. */
async function executeUpdate(call: Call): Promise<ProcedureResult<AnyRow>> {
  const { wire } = call.executor;
  const frame = await askSuccessfully(
    wire,
    { kind: 'ProcedureUpdate', values: call.values, ...call.limits },
    call.statementId,
  );
  const { items } = decodeReply('ProcedureUpdate', frame, wire.codec);
  const last = items.at(-1);
  const rowCount = last?.type === 'integer' ? Number(last.value) : -1;
  return result(call, items.slice(0, -1), [{ rows: [], columns: [], rowCount }]);
}

/** One reply with outputs and the first result; the other results one by one. */
async function executeMultiple(call: Call): Promise<ProcedureResult<AnyRow>> {
  const { executor, statementId, description, values, limits } = call;
  const { wire } = executor;
  const { timeoutSeconds } = limits;
  const frame = await askSuccessfully(
    wire,
    { kind: 'ProcedureMultiple', values, timeoutSeconds },
    statementId,
  );
  const outputCount = description.parameters.length;
  const first = decodeReply('ProcedureMultiple', frame, { ...wire.codec, outputCount });
  const results: QueryResult<AnyRow>[] = [];
  let next: ProcedureResultReply = first.result;
  let { code } = frame;
  while (next.type !== 'done') {
    if (results.length >= MAX_RESULTS)
      throw protocolError(`A procedure has more than ${MAX_RESULTS} results`, 0);
    results.push(await readResult(call, next, code === STATUS.OK));
    const reply = await askSuccessfully(wire, { kind: 'MoreResults' }, statementId);
    next = decodeReply('MoreResults', reply, wire.codec);
    code = reply.code;
  }
  return result(call, first.items, results);
}

async function readResult(
  call: Call,
  reply: Exclude<ProcedureResultReply, { readonly type: 'done' }>,
  more: boolean,
): Promise<QueryResult<AnyRow>> {
  if (reply.type === 'update') return { rows: [], columns: [], rowCount: reply.rowsAffected };
  return call.readRows(
    await cursorOf(call, reply.columns, { page: reply.rows, more }, { kind: 'FetchMultiple' }),
  );
}

async function cursorOf(
  { executor, statementId }: Call,
  columns: ProcedureDescription['columns'],
  page: Pick<OpenCursor, 'page' | 'more'>,
  fetch: FetchKind,
): Promise<OpenCursor> {
  const plan = await planOf(executor, statementId, { columns, feature: NO_FEATURE });
  return { plan, ...page, fetch, cacheKey: undefined };
}

async function result(
  call: Call,
  items: readonly ListItem[],
  results: readonly QueryResult<AnyRow>[],
): Promise<ProcedureResult<AnyRow>> {
  const { hasReturnValue, parameters } = call.description;
  const outputs = await readOutputs(call, items);
  const own = hasReturnValue ? parameters.slice(1) : parameters;
  return {
    returnValue: hasReturnValue ? outputs[0] : undefined,
    outputs: hasReturnValue ? outputs.slice(1) : outputs,
    parameters: own.map(({ name, typeCode, precision, scale }) => ({
      name,
      type: typeName(typeCode),
      typeCode,
      precision,
      scale,
    })),
    results,
  };
}

/** Outputs as the values of columns of their types; those of LOB types hold the value itself as far as is known. */
async function readOutputs(call: Call, items: readonly ListItem[]): Promise<ProcedureOutput<AnyRow>[]> {
  const columns = call.description.parameters.map(({ typeCode, ...rest }) => outputColumn(typeCode, rest));
  const values = itemRowReader(columns, call.executor.options)(items);
  const outputs: ProcedureOutput<AnyRow>[] = [];
  for (const [index, value] of values.entries()) {
    const item = items[index];
    const isObject = item?.type === 'oref' && columns[index]?.typeCode === TYPE_CODE.RESULT_SET;
    outputs.push(isObject ? await readObject(call, item.value) : value);
  }
  return outputs;
}

/** The rows of a result set object. */
async function readObject(call: Call, oref: string): Promise<QueryResult<AnyRow>> {
  const { executor, statementId } = call;
  const request = { kind: 'ResultSetObject', oref, more: false } as const;
  const frame = await askSuccessfully(executor.wire, request, statementId);
  const { columns, rows } = decodeReply('ResultSetObject', frame, executor.wire.codec);
  const page = { page: rows, more: frame.code === STATUS.OK };
  return call.readRows(await cursorOf(call, columns, page, { ...request, more: true }));
}

function outputColumn(
  typeCode: number,
  rest: Pick<WireColumn, 'name' | 'precision' | 'scale' | 'nullable'>,
): Column {
  return {
    ...rest,
    label: rest.name,
    type: typeName(typeCode),
    typeCode,
    table: '',
    schema: '',
    catalog: '',
    isAutoIncrement: false,
    isCaseSensitive: false,
    isReadOnly: false,
    isUnique: false,
    isAliased: false,
    isExpression: false,
    isHidden: false,
    isIdentity: false,
    isKey: false,
    isRowId: false,
  };
}

/** One item for each parameter: what is not given, OUT and NULL are undefined items, as from the official Python client. */
async function encodeArguments(
  { wire }: Executor,
  { parameters, hasReturnValue }: ProcedureDescription,
  args: readonly ProcedureArgument[],
): Promise<ListItem[]> {
  const count = parameters.length - (hasReturnValue ? 1 : 0);
  if (args.length > count)
    throw valueError(
      `The procedure has ${count} parameters, but ${args.length} arguments were given`,
      'Leave some out.',
    );
  const given = await encodeParameters(wire, args.map(toParameter));
  return Array.from({ length: count }, (_, index): ListItem => {
    const arg = args[index];
    const item = given[index];
    return arg === OUT || arg === null || item === undefined ? { type: 'undefined' } : item;
  });
}

function toParameter(arg: ProcedureArgument): SqlParameter {
  if (typeof arg !== 'symbol') return arg;
  if (arg === OUT) return null;
  throw valueError('An argument is an unknown symbol', 'OUT is the only one that is known.');
}

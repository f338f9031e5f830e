import type { ObjectRow, QueryResult, SqlParameter } from '@iris-devtools/core';
import {
  decodeReply,
  NO_FEATURE,
  STATUS,
  type ListItem,
  type ProcedureDescription,
} from '@iris-devtools/protocol';
import { valueError } from '../errors.js';
import { decodeNative, type NativeResult } from '../native/native-value.js';
import { askSuccessfully, failure, isSuccess } from './conversation.js';
import { encodeParameters, type ExecutionLimits, type Executor, type OpenCursor } from './execute.js';
import { makePlan, type AnyRow } from './result-plan.js';

/** Stands for an OUT parameter, or one that is to have its default. */
export const OUT = Symbol('OUT');

export type ProcedureArgument = SqlParameter | typeof OUT;

/** What a stored procedure gave. */
export interface ProcedureResult<Row = ObjectRow> {
  /** The return value first if there is one, then OUT and INOUT parameters in order, as the server sent them. */
  readonly outputs: readonly NativeResult[];
  readonly hasReturnValue: boolean;
  /** One per result set; an update count is a result without columns. */
  readonly results: readonly QueryResult<Row>[];
}

type ReadRows = (cursor: OpenCursor) => Promise<QueryResult<AnyRow>>;

/** A server that always has one more result would keep the client for ever. */
const MAX_RESULTS = 10_000;

/**
 * Runs a stored procedure: prepares it (SP), then executes it as its description says (SQ, SU, MS with MR).
 * The layouts come from the Python DB-API; unverified on a live server. @throws IrisError IRIS_SQL, IRIS_PROTOCOL
 */
export async function callProcedure(
  executor: Executor,
  text: string,
  args: readonly ProcedureArgument[],
  limits: ExecutionLimits,
  readRows: ReadRows,
): Promise<ProcedureResult<AnyRow>> {
  const { wire } = executor;
  const statementId = executor.newStatementId();
  const frame = await askSuccessfully(wire, { kind: 'PrepareProcedure', text }, statementId);
  const description = decodeReply('PrepareProcedure', frame, wire.codec);
  const values = await encodeArguments(executor, args);
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

/** Two replies: output parameters, then the first page of rows. */
async function executeQuery(call: Call): Promise<ProcedureResult<AnyRow>> {
  const { executor, statementId, description, values, limits } = call;
  const { wire } = executor;
  const first = await wire.ask({ kind: 'ProcedureQuery', values, ...limits }, statementId);
  if (!isSuccess(first)) throw await failure(wire, first);
  const second = await wire.nextReply();
  wire.done();
  if (!isSuccess(second)) throw await failure(wire, second);
  const { items } = decodeReply('ProcedureQuery', first, wire.codec);
  const cursor = cursorOf(call, description.columns, second.payload, second.code === STATUS.OK);
  return result(description, items, [await call.readRows(cursor)]);
}

/** One reply: output parameters, then the number of rows affected. */
async function executeUpdate({
  executor,
  statementId,
  description,
  values,
  limits,
}: Call): Promise<ProcedureResult<AnyRow>> {
  const { wire } = executor;
  const frame = await askSuccessfully(wire, { kind: 'ProcedureUpdate', values, ...limits }, statementId);
  const { items } = decodeReply('ProcedureUpdate', frame, wire.codec);
  const rowCount = Number(decodeNative(items.at(-1)) ?? -1);
  return result(description, items.slice(0, -1), [{ rows: [], columns: [], rowCount }]);
}

async function executeMultiple(call: Call): Promise<ProcedureResult<AnyRow>> {
  const { executor, statementId, description, values, limits } = call;
  const { wire } = executor;
  const { timeoutSeconds } = limits;
  const frame = await askSuccessfully(
    wire,
    { kind: 'ProcedureMultiple', values, timeoutSeconds },
    statementId,
  );
  const { items } = decodeReply('ProcedureMultiple', frame, wire.codec);
  const results: QueryResult<AnyRow>[] = [];
  while (results.length < MAX_RESULTS) {
    const next = await askSuccessfully(wire, { kind: 'MoreResults' }, statementId);
    const reply = decodeReply('MoreResults', next, wire.codec);
    if (reply.type === 'done') break;
    if (reply.type === 'update') results.push({ rows: [], columns: [], rowCount: reply.rowsAffected });
    else
      results.push(await call.readRows(cursorOf(call, reply.columns, reply.rows, next.code === STATUS.OK)));
  }
  return result(description, items, results);
}

function cursorOf(
  { executor, statementId }: Call,
  columns: ProcedureDescription['columns'],
  page: Buffer,
  more: boolean,
): OpenCursor {
  const plan = makePlan(statementId, { columns, feature: NO_FEATURE }, executor.options);
  return { plan, page, more, cacheKey: undefined };
}

function result(
  { hasReturnValue }: ProcedureDescription,
  items: readonly ListItem[],
  results: readonly QueryResult<AnyRow>[],
): ProcedureResult<AnyRow> {
  return { outputs: items.map(decodeNative), hasReturnValue, results };
}

async function encodeArguments({ wire }: Executor, args: readonly ProcedureArgument[]): Promise<ListItem[]> {
  const given = await encodeParameters(
    wire,
    args.map((arg) => (typeof arg === 'symbol' ? null : arg)),
  );
  return given.map((item, index) => {
    const arg = args[index];
    if (arg === OUT) return { type: 'undefined' };
    if (typeof arg === 'symbol')
      throw valueError('An argument is an unknown symbol', 'OUT is the only one that is known.');
    return item;
  });
}

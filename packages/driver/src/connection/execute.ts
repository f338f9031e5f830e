import type { LobHandle, SqlParameter } from '@iris-devtools/core';
import {
  decodeReply,
  REUSABLE_STATEMENT,
  sqlcodeOf,
  STATUS,
  USER_PARAMETER,
  type Frame,
  type ListItem,
  type ParameterInfo,
  type ParameterValues,
  type Request,
} from '@iris-devtools/protocol';
import type { Wire } from '../net/wire.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import type { Statement } from '../sql/statement.js';
import { encodeParameter } from '../values/encode-parameter.js';
import { askOnce, askSuccessfully, failure, isSuccess } from './conversation.js';
import { Lob } from './lob.js';
import { storeLob } from './store-lob.js';
import { makePlan, type Described, type ResultPlan } from './result-plan.js';
import type { CachedStatement, LruCache } from './statement-cache.js';
import type { VectorColumns } from './vector-columns.js';

/** What running statements on one connection needs. */
export interface Executor {
  readonly wire: Wire;
  readonly options: ResolvedOptions;
  /** By rewritten text. */
  readonly cache: LruCache<CachedStatement>;
  readonly newStatementId: () => number;
  /** Absent where vectors are to stay text. */
  readonly vectors: VectorColumns | undefined;
}

export interface ExecutionLimits {
  /** For the server; 0: none. */
  readonly timeoutSeconds: number;
  /** 0: all. */
  readonly maxRows: number;
}

/** Requests that give a further page: which one depends on what opened the cursor. */
export type FetchKind = Extract<
  Request,
  { readonly kind: 'Fetch' | 'FetchProcedure' | 'FetchMultiple' | 'ResultSetObject' }
>;

/** The first page of a result, and whether there are more. */
export interface OpenCursor {
  readonly plan: ResultPlan;
  readonly page: Buffer;
  readonly more: boolean;
  /** What asks for the next page; `Fetch` when absent. */
  readonly fetch?: FetchKind;
  /** The cache entry that the cursor lives in; a cursor that is left early takes it along. */
  readonly cacheKey: string | undefined;
}

/** IRIS: the statement was compiled again and its columns are different now. */
const RESULT_MISMATCH = -478;
/** Longer values go as streams, as the Python DB-API does. */
const MAX_INLINE_BYTES = 3 * 1024 * 1024;

/** Parameters as items; LOBs are read, and long values are stored as streams first. @throws IrisError IRIS_VALUE, IRIS_LIMIT */
export async function encodeParameters(wire: Wire, parameters: readonly SqlParameter[]): Promise<ListItem[]> {
  const items: ListItem[] = [];
  for (const parameter of parameters) {
    items.push(await storeIfLong(wire, encodeParameter(await contentOf(wire, parameter))));
  }
  return items;
}

/** What a parameter that is a LOB holds; any other one is itself. */
async function contentOf(wire: Wire, parameter: SqlParameter): Promise<Exclude<SqlParameter, LobHandle>> {
  if (!isLob(parameter)) return parameter;
  // One of this connection is read inside of this conversation: its own would have to wait for this one.
  if (parameter instanceof Lob && parameter.isOf(wire)) return parameter.contentNow();
  return parameter.kind === 'text' ? parameter.text() : parameter.bytes();
}

function isLob(parameter: SqlParameter): parameter is LobHandle {
  return typeof parameter === 'object' && parameter !== null && 'kind' in parameter && 'bytes' in parameter;
}

async function storeIfLong(wire: Wire, item: ListItem): Promise<ListItem> {
  if (item.type === 'string' && item.value.length * 2 > MAX_INLINE_BYTES)
    return { type: 'oref', value: await storeLob(wire, Buffer.from(item.value, 'utf8'), 'text') };
  if (item.type === 'bytes' && item.value.length > MAX_INLINE_BYTES)
    return { type: 'oref', value: await storeLob(wire, Buffer.from(item.value), 'binary') };
  return item;
}

/** Runs a query and gives its first page, by the id of a cached statement if there is one. @throws IrisError IRIS_SQL */
export async function openCursor(
  executor: Executor,
  statement: Statement,
  items: readonly ListItem[],
  limits: ExecutionLimits,
): Promise<OpenCursor> {
  const { cache } = executor;
  const key = statement.wireText;
  const values: ParameterValues = { count: items.length, sets: [items] };
  const cached = cache.get(key);
  if (cached?.type === 'query') {
    // While this cursor is open the entry is out of the cache: running the statement again would move the cursor.
    cache.delete(key);
    const opened = await reopenCursor(executor, cached.plan, values, limits);
    if (opened !== undefined) return { ...opened, cacheKey: key };
    executor.vectors?.forget();
  }
  return directQuery(executor, statement, values, limits);
}

/** Runs a statement by its id; `undefined` when the server wants the text again. */
export async function reopenCursor(
  { wire }: Pick<Executor, 'wire'>,
  plan: ResultPlan,
  values: ParameterValues,
  limits: ExecutionLimits,
): Promise<Omit<OpenCursor, 'cacheKey'> | undefined> {
  const frame = await askOnce(wire, { kind: 'PreparedQuery', values, ...limits }, plan.statementId);
  if (isStale(frame)) return undefined;
  if (!isSuccess(frame)) throw await failure(wire, frame);
  return { plan, page: frame.payload, more: frame.code === STATUS.OK };
}

function isStale(frame: Frame): boolean {
  return frame.code === STATUS.STATEMENT_UNKNOWN || sqlcodeOf(frame.code) === RESULT_MISMATCH;
}

async function directQuery(
  executor: Executor,
  statement: Statement,
  values: ParameterValues,
  limits: ExecutionLimits,
): Promise<OpenCursor> {
  const { wire } = executor;
  const statementId = executor.newStatementId();
  const first = await wire.ask(
    {
      kind: 'DirectQuery',
      text: statement.wireText,
      parameters: userParameters(values.count),
      values,
      ...limits,
    },
    statementId,
  );
  if (!isSuccess(first)) throw await failure(wire, first);
  const second = await wire.nextReply();
  wire.done();
  if (!isSuccess(second)) throw await failure(wire, second);
  const reply = decodeReply('DirectQuery', first, wire.codec);
  const reusable = (reply.statementFlag & REUSABLE_STATEMENT) !== 0;
  return {
    plan: await planOf(executor, statementId, reply),
    page: second.payload,
    more: second.code === STATUS.OK,
    cacheKey: reusable ? statement.wireText : undefined,
  };
}

/** How to read the pages of a statement that the server has just described; may ask the catalog first. */
export async function planOf(
  { vectors, options }: Executor,
  statementId: number,
  { columns, feature }: Described,
): Promise<ResultPlan> {
  const described = vectors === undefined ? columns : await vectors.describe(columns);
  return makePlan(statementId, { columns: described, feature }, options);
}

/** Call when definitions may have changed: what is known about statements and tables may be wrong. */
export function forgetDefinitions({ cache, vectors }: Executor): void {
  cache.clear();
  vectors?.forget();
}

/** The next page. Never call it after a page that was the last: a real server does not answer then. */
export async function fetchPage(
  { wire }: Pick<Executor, 'wire'>,
  { plan, fetch = { kind: 'Fetch' } }: OpenCursor,
): Promise<Pick<OpenCursor, 'page' | 'more'>> {
  const frame = await askSuccessfully(wire, fetch, plan.statementId);
  return { page: frame.payload, more: frame.code === STATUS.OK };
}

/** The cursor was read to its end: its statement may be used again. */
export function releaseCursor({ cache }: Pick<Executor, 'cache'>, cursor: OpenCursor): void {
  if (cursor.cacheKey !== undefined) cache.set(cursor.cacheKey, { type: 'query', plan: cursor.plan });
}

/** Runs a statement without rows once per parameter set. @returns rows affected, in total @throws IrisError IRIS_SQL */
export async function executeUpdate(
  executor: Executor,
  statement: Statement,
  sets: readonly (readonly ListItem[])[],
  timeoutSeconds: number,
): Promise<number> {
  const { wire, cache } = executor;
  const key = statement.wireText;
  const values: ParameterValues = { count: statement.parameterCount, sets };
  const cached = cache.get(key);
  if (cached?.type === 'update') {
    const rowCount = await preparedUpdate(executor, cached.statementId, values, timeoutSeconds);
    if (rowCount !== undefined) return rowCount;
    cache.delete(key);
  }
  const statementId = executor.newStatementId();
  const frame = await askSuccessfully(
    wire,
    {
      kind: 'DirectUpdate',
      text: statement.wireText,
      parameters: userParameters(values.count),
      generatedKeyColumn: undefined,
      timeoutSeconds,
      values,
    },
    statementId,
  );
  const reply = decodeReply('DirectUpdate', frame, wire.codec);
  if (statement.isDefinition) forgetDefinitions(executor);
  else if ((reply.statementFlag & REUSABLE_STATEMENT) !== 0) cache.set(key, { type: 'update', statementId });
  return total(reply.rowsAffected);
}

/** Runs a statement by its id. @returns rows affected, or `undefined` when the server wants the text again */
export async function preparedUpdate(
  { wire }: Pick<Executor, 'wire'>,
  statementId: number,
  values: ParameterValues,
  timeoutSeconds: number,
): Promise<number | undefined> {
  const frame = await askOnce(
    wire,
    { kind: 'PreparedUpdate', generatedKeyColumn: undefined, timeoutSeconds, values },
    statementId,
  );
  if (isStale(frame)) return undefined;
  if (!isSuccess(frame)) throw await failure(wire, frame);
  return total(decodeReply('PreparedUpdate', frame, wire.codec).rowsAffected);
}

export function userParameters(count: number): ParameterInfo[] {
  return Array.from({ length: count }, () => USER_PARAMETER);
}

/** -1, "not counted", stays -1. */
function total(counts: readonly number[]): number {
  if (counts.length === 0) return -1;
  return counts.every((count) => count < 0) ? -1 : counts.reduce((sum, count) => sum + Math.max(0, count), 0);
}

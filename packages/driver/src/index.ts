export { connect, createDriver } from './connect.js';
export { IrisConnection } from './connection/iris-connection.js';
export { OUT } from './connection/call-procedure.js';
export { Lob } from './connection/lob.js';
export { IrisRowStream } from './connection/row-stream.js';
export { OPTIONS } from './options/option-table.js';
export { parseUrl, resolveOptions } from './options/resolve-options.js';
export { NativeApi } from './native/native-api.js';
export { ByReference, Oref } from './native/native-value.js';
export { analyzeStatement } from './sql/statement.js';
export { FRAME_CHANNEL, QUERY_CHANNEL } from './tracing.js';
export { encodeParameter } from './values/encode-parameter.js';
export { itemRowReader } from './values/item-rows.js';
export { parseVector } from './values/vector.js';
export { decodeList, encodeList } from '@iris-devtools/protocol';

export type { CallControl } from './connection/iris-connection.js';
export type { ProcedureArgument, ProcedureOutput, ProcedureResult } from './connection/call-procedure.js';
export type { Parameters } from './connection/statement-runner.js';
export type { ServerInfo } from './connection/login.js';
export type { IsolationLevel, TransactionOptions } from './connection/transactions.js';
export type {
  BigintMode,
  IrisConnectionOptions,
  LobMode,
  OptionRow,
  TypeParser,
  TypeParsers,
} from './options/option-table.js';
export type { ResolvedOptions } from './options/resolve-options.js';
export type { LockOptions, OrderOptions } from './native/native-api.js';
export type { NativeArgument, NativeResult, NativeValue } from './native/native-value.js';
export type { Statement } from './sql/statement.js';
export type { QueryTrace } from './tracing.js';

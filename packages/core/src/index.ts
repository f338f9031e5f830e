export { ERROR_CODES, IrisError, isIrisError, sqlError, sqlstateOf } from './errors.js';
export { SQLCODES } from './sqlcodes.js';
export { Secret } from './secret.js';
export { STARTED_INSTANCE_VARIABLE } from './started-instance.js';
export { silentLogger, systemClock } from './ambient.js';
export { encodeJsonFrame, JsonFrameReader, MAX_JSON_FRAME_BYTES } from './json-frames.js';

export type { IrisErrorCode, IrisErrorOptions, Retry } from './errors.js';
export type { SqlCodeEntry } from './sqlcodes.js';
export type { Clock, Logger, LogLevel } from './ambient.js';
export type { CommandOptions, CommandResult, CommandRunner, DeployTarget } from './command-runner.js';
export type {
  ArrayRow,
  Column,
  Driver,
  LobHandle,
  ObjectRow,
  PreparedStatement,
  QueryOptions,
  QueryResult,
  RowStream,
  Session,
  SessionSource,
  SqlParameter,
  SqlTypeName,
  SqlValue,
} from './session.js';

export { DEFAULT_LIMITS } from './limits.js';
export { limitError, protocolError } from './errors.js';
export { decodeItems, decodeList, encodeItems, encodeList } from './list/list.js';
export { ListReader } from './list/list-reader.js';
export { ListWriter } from './list/list-writer.js';
export { BY_REFERENCE, ITEM_TYPE, UNDEFINED_ITEM } from './list/item-type.js';
export {
  canonicalDecimalText,
  decimalToText,
  fitsDecimalItem,
  normalizeDecimal,
  parseDecimal,
} from './values/decimal.js';
export {
  dateToHorolog,
  horologToDate,
  horologToTime,
  posixTimeToText,
  textToPosixTime,
  timeToHorolog,
} from './values/date-time.js';
export { normalizeTypeCode, TYPE_CODE, typeName } from './values/type-codes.js';
export { encodeFrame, HEADER_BYTES, NATIVE_OK, sqlcodeOf, STATUS, statusCode } from './frame/frame.js';
export { FrameDecoder, type StreamedFrameHeader } from './frame/frame-decoder.js';
export { FUNCTION_NAMES, functionCode, functionCodeName, functionCodeText } from './function-codes.js';
export { FEATURE } from './messages/codec.js';
export {
  decodeReply,
  decodeRequest,
  encodeReply,
  encodeRequest,
  encodeStatus,
  encodeTextReply,
  kindOfCode,
  MESSAGES,
} from './messages/registry.js';
export { decodeRefusal } from './messages/connect.js';
export { deobfuscateBytes, obfuscateBytes } from './messages/obfuscation.js';
export { MAX_STREAM_CHUNK_BYTES } from './messages/streams.js';
export { REUSABLE_STATEMENT } from './parts/parameter-metadata.js';
export { NO_VALUES, PARAMETER_KIND, USER_PARAMETER } from './parts/parameters.js';
export { NO_FEATURE } from './parts/statement-feature.js';
export { readRows, RowReader, RowWriter } from './parts/row-data.js';
export { chunkText, MAX_TEXT_CHUNK_BYTES } from './parts/sql-text.js';
export { FrameTracer } from './trace.js';

export type { ProtocolLimits } from './limits.js';
export type { ListItem, ListValue } from './list/list-item.js';
export type { ListInput } from './list/list.js';
export type { ListWriterOptions } from './list/list-writer.js';
export type { Decimal } from './values/decimal.js';
export type { Frame, FrameHeader } from './frame/frame.js';
export type { BodyCodec, Empty, MessageCodec, MessageContext } from './messages/codec.js';
export type { CodecOptions, MessageKind, ReplyOf, Request, RequestOf } from './messages/registry.js';
export type { WireColumn } from './parts/columns.js';
export type { GeneratedKeyColumn } from './parts/generated-key.js';
export type { ParameterMetadata, StatementParameters } from './parts/parameter-metadata.js';
export type { ParameterInfo, ParameterValues } from './parts/parameters.js';
export type { ProcedureDescription, ProcedureParameter } from './parts/procedure.js';
export type { ProcedureResultReply } from './parts/procedure-result.js';
export type { RowLayout } from './parts/row-data.js';
export type { StatementFeature } from './parts/statement-feature.js';

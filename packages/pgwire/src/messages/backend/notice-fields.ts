import type { ByteReader } from '../../wire/byte-reader.js';
import type { ByteWriter } from '../../wire/byte-writer.js';

/** Fields of ErrorResponse and NoticeResponse, by the names of "Error and Notice Message Fields". */
export interface NoticeFields {
  readonly severity: string;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** 1-based, in characters. */
  readonly position?: number | undefined;
  readonly where?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly dataType?: string | undefined;
  readonly constraint?: string | undefined;
}

const TEXT_FIELDS = [
  ['C', 'sqlstate'],
  ['M', 'message'],
  ['D', 'detail'],
  ['H', 'hint'],
  ['W', 'where'],
  ['s', 'schema'],
  ['t', 'table'],
  ['c', 'column'],
  ['d', 'dataType'],
  ['n', 'constraint'],
] as const;

export function writeNoticeFields(fields: NoticeFields, out: ByteWriter): void {
  // S may be translated by a server, V never is; we translate neither.
  out.utf8('S').cstring(fields.severity).utf8('V').cstring(fields.severity);
  for (const [code, name] of TEXT_FIELDS) {
    const value = fields[name];
    if (value !== undefined) out.utf8(code).cstring(value);
  }
  if (fields.position !== undefined) out.utf8('P').cstring(String(fields.position));
  out.uint8(0);
}

export function readNoticeFields(body: ByteReader): NoticeFields {
  const raw = new Map<string, string>();
  for (let code = body.uint8(); code !== 0; code = body.uint8()) {
    raw.set(String.fromCharCode(code), body.cstring());
  }
  const fields: { -readonly [Name in keyof NoticeFields]: NoticeFields[Name] } = {
    severity: raw.get('V') ?? raw.get('S') ?? '',
    sqlstate: '',
    message: '',
  };
  for (const [code, name] of TEXT_FIELDS) {
    const value = raw.get(code);
    if (value !== undefined) fields[name] = value;
  }
  const position = raw.get('P');
  if (position !== undefined) fields.position = Number(position);
  return fields;
}

import type { PgErrorFields } from '../pg-error.js';
import type { FieldDescription } from './oracle.js';

/** What PGlite answered to one batch of messages, in order of arrival and without the chatter. */
export interface Replies {
  readonly parameterOids: readonly number[] | undefined;
  readonly fields: readonly FieldDescription[] | null | undefined;
  readonly rows: readonly (readonly (Uint8Array | null)[])[];
  /** Of every command that ended well. */
  readonly commandTags: readonly string[];
  /** The portal had more rows than were asked for. */
  readonly suspended: boolean;
  readonly error: PgErrorFields | undefined;
  /** ReadyForQuery came as often as it had to. Anything else means that the instance is broken. */
  readonly readyCount: number;
}

class Reader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  int16(): number {
    this.#offset += 2;
    return this.#bytes.readInt16BE(this.#offset - 2);
  }

  int32(): number {
    this.#offset += 4;
    return this.#bytes.readInt32BE(this.#offset - 4);
  }

  uint32(): number {
    this.#offset += 4;
    return this.#bytes.readUInt32BE(this.#offset - 4);
  }

  byte(): number {
    this.#offset += 1;
    return this.#bytes.readUInt8(this.#offset - 1);
  }

  cstring(): string {
    const end = this.#bytes.indexOf(0, this.#offset);
    const text = this.#bytes.toString('utf8', this.#offset, end);
    this.#offset = end + 1;
    return text;
  }

  bytes(length: number): Buffer {
    if (length < 0 || this.#offset + length > this.#bytes.length) throw new RangeError('truncated reply');
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }
}

function readFields(body: Reader): FieldDescription[] {
  const count = body.int16();
  return Array.from({ length: count }, () => {
    const field = {
      name: body.cstring(),
      tableOid: body.uint32(),
      columnAttribute: body.int16(),
      typeOid: body.uint32(),
      typeSize: body.int16(),
      typeModifier: body.int32(),
    };
    body.int16();
    return field;
  });
}

function readRow(body: Reader): (Uint8Array | null)[] {
  const count = body.int16();
  return Array.from({ length: count }, () => {
    const length = body.int32();
    return length === -1 ? null : body.bytes(length);
  });
}

/** The error's source location and internal query are dropped: they are about PGlite, not about the client's statement. */
function readError(body: Reader): PgErrorFields {
  const fields = new Map<string, string>();
  for (let type = body.byte(); type !== 0; type = body.byte()) {
    fields.set(String.fromCharCode(type), body.cstring());
  }
  const position = fields.get('P');
  return {
    sqlstate: fields.get('C') ?? 'XX000',
    message: fields.get('M') ?? 'unknown error',
    detail: fields.get('D'),
    hint: fields.get('H'),
    position: position === undefined ? undefined : Number(position),
    schema: fields.get('s'),
    table: fields.get('t'),
    column: fields.get('c'),
    dataType: fields.get('d'),
    constraint: fields.get('n'),
  };
}

/** @throws RangeError when the bytes are not a whole number of messages */
export function readReplies(bytes: Buffer): Replies {
  const stream = new Reader(bytes);
  const rows: (Uint8Array | null)[][] = [];
  const commandTags: string[] = [];
  let parameterOids: number[] | undefined;
  let fields: FieldDescription[] | null | undefined;
  let error: PgErrorFields | undefined;
  let suspended = false;
  let readyCount = 0;
  while (!stream.done) {
    const type = String.fromCharCode(stream.byte());
    const body = new Reader(stream.bytes(stream.int32() - 4));
    if (type === 't') parameterOids = Array.from({ length: body.int16() }, () => body.uint32());
    else if (type === 'T') fields = readFields(body);
    else if (type === 'n') fields = null;
    else if (type === 'D') rows.push(readRow(body));
    else if (type === 'C') commandTags.push(body.cstring());
    else if (type === 's') suspended = true;
    else if (type === 'E') error ??= readError(body);
    else if (type === 'Z') readyCount += 1;
  }
  return { parameterOids, fields, rows, commandTags, suspended, error, readyCount };
}

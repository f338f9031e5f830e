/** Messages that the oracle sends to PGlite: always whole, always built here. Layouts: PostgreSQL manual, "Message Formats". */

const MAX_INT16 = 0xffff;

function message(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const length = 4 + parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.allocUnsafe(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(length, 1);
  return Buffer.concat([head, ...parts]);
}

function cstring(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf8');
}

function int16(value: number): Buffer {
  if (value > MAX_INT16) throw new RangeError(`${value} does not fit in the protocol's 16-bit count`);
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}

export function query(sql: string): Buffer {
  return message('Q', cstring(sql));
}

/** Into the unnamed statement: named ones would stay in PGlite's memory. */
export function parse(sql: string, parameterOids: readonly number[]): Buffer {
  return message('P', cstring(''), cstring(sql), int16(parameterOids.length), ...parameterOids.map(int32));
}

export function bind(
  parameters: readonly (Uint8Array | null)[],
  parameterFormats: readonly number[],
  resultFormats: readonly number[],
): Buffer {
  const values = parameters.flatMap((value) => (value === null ? [int32(-1)] : [int32(value.length), value]));
  return message(
    'B',
    cstring(''),
    cstring(''),
    int16(parameterFormats.length),
    ...parameterFormats.map(int16),
    int16(parameters.length),
    ...values,
    int16(resultFormats.length),
    ...resultFormats.map(int16),
  );
}

export function describe(kind: 'S' | 'P'): Buffer {
  return message('D', Buffer.from(kind, 'latin1'), cstring(''));
}

/** `maxRows` 0: all of them. */
export function execute(maxRows: number): Buffer {
  return message('E', cstring(''), int32(maxRows));
}

export function sync(): Buffer {
  return message('S');
}

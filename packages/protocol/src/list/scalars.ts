/** Number forms inside $LIST items. All are little-endian with redundant bytes left out. */

const scratch = new DataView(new ArrayBuffer(8));

/**
 * Integer data of types 04 (zero-extended) and 05 (extended with FF). Eight bytes are a signed int64;
 * of more than eight bytes only the low eight count, as the official addon reads them.
 */
export function readIntegerData(
  bytes: Buffer,
  start: number,
  end: number,
  negative: boolean,
): number | bigint {
  const length = end - start;
  if (length <= 6) {
    if (length === 0) return negative ? -1 : 0;
    const unsigned = bytes.readUIntLE(start, length);
    return negative ? unsigned - 2 ** (8 * length) : unsigned;
  }
  const wide = readInt64Data(bytes, start, end, negative);
  return wide >= BigInt(Number.MIN_SAFE_INTEGER) && wide <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(wide)
    : wide;
}

/** As {@link readIntegerData}, always as bigint. */
export function readInt64Data(bytes: Buffer, start: number, end: number, negative: boolean): bigint {
  const last = Math.min(end, start + 8);
  if (last - start === 8) return bytes.readBigInt64LE(start);
  let value = negative ? -1n : 0n;
  for (let at = last - 1; at >= start; at--) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return value;
}

/** Type 08: eight bytes are a double; fewer are the most significant bytes of a float32. */
export function readDoubleData(bytes: Buffer, start: number, end: number): number {
  if (end - start === 8) return bytes.readDoubleLE(start);
  scratch.setUint32(0, 0);
  // Five to seven bytes are not canonical; the official addon takes the top four as a float32, so do we.
  const kept = Math.min(4, end - start);
  for (let i = 0; i < kept; i++) scratch.setUint8(3 - i, bytes[end - 1 - i] ?? 0);
  return scratch.getFloat32(0, true);
}

/** Type 09: the most significant bytes of a double. */
export function readCompactDoubleData(bytes: Buffer, start: number, end: number): number {
  if (end - start === 8) return bytes.readDoubleLE(start);
  scratch.setBigUint64(0, 0n);
  for (let i = 0; i < end - start; i++) scratch.setUint8(7 - i, bytes[end - 1 - i] ?? 0);
  return scratch.getFloat64(0, true);
}

/** Number of data bytes of an integer in minimal form: 0 for 0 and for -1. */
export function integerDataLength(value: bigint): number {
  let rest = value < 0n ? ~value : value;
  let length = 0;
  while (rest > 0n) {
    rest >>= 8n;
    length++;
  }
  return length;
}

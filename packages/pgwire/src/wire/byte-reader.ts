import { PgError } from '../pg-error.js';
import { protocolViolation } from './protocol-violation.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads the body of one frame in network byte order; every read is checked against what the frame holds. */
export class ByteReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remainingBytes(): number {
    return this.#bytes.length - this.#offset;
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#advance(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#advance(2));
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#advance(4));
  }

  /** A count of things of at least `bytesEach` bytes: refused before anything is allocated when they cannot be there. */
  count16(bytesEach: number): number {
    const count = this.uint16();
    if (count * bytesEach > this.remainingBytes) throw insufficientData();
    return count;
  }

  /** A view, not a copy: valid as long as the frame is. */
  bytes(lengthBytes: number): Uint8Array {
    if (lengthBytes < 0) throw protocolViolation('invalid length in message');
    const start = this.#advance(lengthBytes);
    return this.#bytes.subarray(start, start + lengthBytes);
  }

  rest(): Uint8Array {
    return this.bytes(this.remainingBytes);
  }

  /** A zero-terminated string. @throws PgError 22021 when it is not UTF-8 */
  cstring(): string {
    const end = this.#bytes.indexOf(0, this.#offset);
    if (end === -1) throw protocolViolation('invalid string in message');
    const text = decodeUtf8(this.#bytes.subarray(this.#offset, end));
    this.#offset = end + 1;
    return text;
  }

  /** One of the single-byte codes that the field allows. */
  oneOf<const Code extends string>(...codes: readonly Code[]): Code {
    const code = String.fromCharCode(this.uint8());
    const found = codes.find((candidate) => candidate === code);
    if (found === undefined) throw protocolViolation(`invalid code ${JSON.stringify(code)} in message`);
    return found;
  }

  end(): void {
    if (this.remainingBytes > 0) throw protocolViolation('invalid message format', 'bytes are left over');
  }

  #advance(byteCount: number): number {
    const start = this.#offset;
    if (byteCount > this.remainingBytes) throw insufficientData();
    this.#offset = start + byteCount;
    return start;
  }
}

/** @throws PgError 22021, which ends the statement and not the connection: the frame itself is whole */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new PgError({ sqlstate: '22021', message: 'invalid byte sequence for encoding "UTF8"' }, cause);
  }
}

function insufficientData(): PgError {
  return protocolViolation('insufficient data left in message');
}

import type { ByteReader } from '../../wire/byte-reader.js';
import type { ByteWriter } from '../../wire/byte-writer.js';
import { PgError } from '../../pg-error.js';

export interface StartupMessage {
  readonly kind: 'StartupMessage';
  readonly majorVersion: number;
  readonly minorVersion: number;
  /** `user`, `database`, settings, and protocol options whose names begin with `_pq_.`. */
  readonly options: ReadonlyMap<string, string>;
}

export function encodeStartupMessage(message: StartupMessage, out: ByteWriter): void {
  out.uint16(message.majorVersion).uint16(message.minorVersion);
  for (const [name, value] of message.options) out.cstring(name).cstring(value);
  out.uint8(0);
}

/** The part after the version. */
export function decodeStartupOptions(body: ByteReader): Map<string, string> {
  const options = new Map<string, string>();
  for (;;) {
    const name = body.cstring();
    if (name === '') break;
    options.set(name, body.cstring());
  }
  if (body.remainingBytes > 0) {
    throw new PgError({
      severity: 'FATAL',
      sqlstate: '08P01',
      message: 'invalid startup packet layout: expected terminator as last byte',
    });
  }
  return options;
}

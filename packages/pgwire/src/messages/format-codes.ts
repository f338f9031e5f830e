import type { ByteReader } from '../wire/byte-reader.js';
import type { ByteWriter } from '../wire/byte-writer.js';
import { PgError } from '../pg-error.js';

/** 0: text, 1: binary. */
export type FormatCode = 0 | 1;

export function readFormatCodes(body: ByteReader): FormatCode[] {
  return Array.from({ length: body.count16(2) }, () => readFormatCode(body));
}

export function writeFormatCodes(codes: readonly FormatCode[], out: ByteWriter): void {
  out.uint16(codes.length);
  for (const code of codes) out.int16(code);
}

function readFormatCode(body: ByteReader): FormatCode {
  const code = body.int16();
  if (code === 0 || code === 1) return code;
  throw new PgError({ sqlstate: '22023', message: `unsupported format code: ${code}` });
}

import type { Oracle, OracleRequest } from '../oracle/oracle.js';
import { PgError, notSupported } from '../pg-error.js';
import { parseArray, readArray } from './array.js';
import { readUtf8 } from './codec.js';
import type { PgValue } from './encode.js';
import { ARRAY_ELEMENT_OID } from './oids.js';
import { codecOf } from './registry.js';

/** Whose setting and names decide how a text is read. */
export type DecodeContext = Pick<OracleRequest, 'settings' | 'user' | 'database'>;

/**
 * Reads a parameter or a field of COPY, without asking anybody.
 * @returns `undefined` when the text is not one of the common spellings of its type, or none at all
 * @throws PgError 22021 bad UTF-8, 22P03 bad binary data, 0A000 a type without codec in binary
 */
export function tryDecode(
  bytes: Uint8Array | null,
  typeOid: number,
  format: 0 | 1,
): { value: PgValue } | undefined {
  if (bytes === null) return { value: null };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elementOid = ARRAY_ELEMENT_OID.get(typeOid);
  const codec = codecOf(elementOid ?? typeOid);
  if (codec === undefined) {
    if (format === 0) return { value: readUtf8(buffer) };
    throw notSupported(`a parameter of type ${typeOid} in binary`, { hint: 'Send it as text.' });
  }
  if (elementOid === undefined) {
    return format === 1 ? { value: codec.decodeBinary(buffer) } : codec.decodeText(readUtf8(buffer));
  }
  const array =
    format === 1 ? readArray(buffer, elementOid, codec) : parseArray(readUtf8(buffer), elementOid, codec);
  return array === undefined ? undefined : { value: array };
}

/**
 * Reads a parameter as PostgreSQL does, whatever its spelling: what {@link tryDecode} does not know is read, or refused
 * with PostgreSQL's own error, by the oracle.
 * @throws PgError 22P02, 22007, 22008, 22003, ... in PostgreSQL's words; 22021 and 22P03 as `tryDecode`
 */
export async function decode(
  bytes: Uint8Array | null,
  typeOid: number,
  format: 0 | 1,
  oracle: Pick<Oracle, 'run'>,
  context: DecodeContext,
): Promise<PgValue> {
  const known = tryDecode(bytes, typeOid, format);
  if (known !== undefined) return known.value;
  const { settings, user, database } = context;
  const { rows } = await oracle.run({
    sql: 'select $1',
    parameterOids: [typeOid],
    parameters: [bytes],
    parameterFormats: [format],
    resultFormats: [1],
    settings,
    user,
    database,
  });
  const read = tryDecode(rows[0]?.[0] ?? null, typeOid, 1);
  if (read === undefined)
    throw new PgError({ sqlstate: 'XX000', message: `cannot read a value of type ${typeOid}` });
  return read.value;
}

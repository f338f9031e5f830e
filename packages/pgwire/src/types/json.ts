import { normalizeJsonb } from './jsonb-text.js';
import { PgError } from '../pg-error.js';
import { badBinary, codec, readUtf8, unexpectedValue, type IrisValue } from './codec.js';

const JSONB_VERSION = 1;

function fromIris(name: string): (value: IrisValue) => string {
  return (value) => {
    if (typeof value === 'string') return value;
    // A JSON number or boolean that IRIS typed as such.
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
      return String(value);
    throw unexpectedValue(name, value);
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function invalidJson(): PgError {
  return new PgError({ sqlstate: '22P02', message: 'invalid input syntax for type json' });
}

/** Kept as the client wrote it. */
export const json = codec<string>({
  name: 'json',
  fromIris: fromIris('json'),
  toIris: (datum) => datum,
  fromText: (text) => (isJson(text) ? text : undefined),
  toText: (datum) => datum,
  fromBinary: (bytes) => {
    const text = readUtf8(bytes);
    if (!isJson(text)) throw invalidJson();
    return text;
  },
  toBinary: (datum) => Buffer.from(datum, 'utf8'),
});

/** Literals reach IRIS as the client wrote them, so the normal form is made again on the way out. */
function normalFromIris(value: IrisValue): string {
  const text = fromIris('jsonb')(value);
  const normal = normalizeJsonb(text);
  if (normal === undefined) throw unexpectedValue('jsonb', value);
  return normal;
}

/** Kept in PostgreSQL's normal form: sorted keys, no duplicates, one blank after `:` and `,`. */
export const jsonb = codec<string>({
  name: 'jsonb',
  fromIris: normalFromIris,
  toIris: (datum) => datum,
  fromText: normalizeJsonb,
  toText: (datum) => datum,
  fromBinary: (bytes) => {
    if (bytes[0] !== JSONB_VERSION) throw badBinary('jsonb');
    const normal = normalizeJsonb(readUtf8(bytes.subarray(1)));
    if (normal === undefined) throw invalidJson();
    return normal;
  },
  toBinary: (datum) => Buffer.concat([Uint8Array.of(JSONB_VERSION), Buffer.from(datum, 'utf8')]),
});

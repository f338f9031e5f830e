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

/** Kept as the client wrote it. */
export const json = codec<string>({
  name: 'json',
  fromIris: fromIris('json'),
  toIris: (datum) => datum,
  fromText: (text) => (isJson(text) ? text : undefined),
  toText: (datum) => datum,
  fromBinary: readUtf8,
  toBinary: (datum) => Buffer.from(datum, 'utf8'),
});

/** Kept in PostgreSQL's normal form, which only PostgreSQL itself gives: hence no spelling is read here. */
export const jsonb = codec<string>({
  name: 'jsonb',
  fromIris: fromIris('jsonb'),
  toIris: (datum) => datum,
  fromText: () => undefined,
  toText: (datum) => datum,
  fromBinary: (bytes) => {
    if (bytes[0] !== JSONB_VERSION) throw badBinary('jsonb');
    return readUtf8(bytes.subarray(1));
  },
  toBinary: (datum) => Buffer.concat([Uint8Array.of(JSONB_VERSION), Buffer.from(datum, 'utf8')]),
});

import { badBinary, codec, outOfRange, unexpectedValue, type Codec, type IrisValue } from './codec.js';

interface IntegerShape {
  readonly name: string;
  readonly bytes: 2 | 4 | 8;
  readonly signed: boolean;
}

const INTEGER_TEXT = /^[ \t\n\v\f\r]*([+-]?)(\d+)[ \t\n\v\f\r]*$/;
/** IRIS sends NUMERIC results of integer expressions, `3` or `3.0`. */
const WHOLE_DECIMAL = /^[+-]?\d+(?:\.0*)?$/;

function integer({ name, bytes, signed }: IntegerShape): Codec {
  const bits = BigInt(bytes * 8);
  const max = signed ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n;
  const min = signed ? -(1n << (bits - 1n)) : 0n;
  const checked = (value: bigint): bigint => {
    if (value < min || value > max) throw outOfRange(name, String(value));
    return value;
  };

  const fromIris = (value: IrisValue): bigint => {
    if (typeof value === 'bigint') return checked(value);
    if (typeof value === 'boolean') return value ? 1n : 0n;
    if (typeof value === 'number' && Number.isInteger(value)) return checked(BigInt(value));
    if (typeof value === 'string' && WHOLE_DECIMAL.test(value))
      return checked(BigInt(value.split('.')[0] ?? ''));
    throw unexpectedValue(name, value);
  };

  return codec<bigint>({
    name,
    fromIris,
    toIris: (datum) => (bytes === 8 ? datum : Number(datum)),
    fromText: (text) => {
      const [, sign, digits] = INTEGER_TEXT.exec(text) ?? [];
      if (digits === undefined) return undefined;
      const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
      return value < min || value > max ? undefined : value;
    },
    toText: String,
    fromBinary: (buffer) => {
      if (buffer.length !== bytes) throw badBinary(name);
      if (bytes === 8) return buffer.readBigInt64BE();
      return BigInt(signed ? buffer.readIntBE(0, bytes) : buffer.readUIntBE(0, bytes));
    },
    toBinary: (datum) => {
      const buffer = Buffer.allocUnsafe(bytes);
      if (bytes === 8) buffer.writeBigInt64BE(datum);
      else if (signed) buffer.writeIntBE(Number(datum), 0, bytes);
      else buffer.writeUIntBE(Number(datum), 0, bytes);
      return buffer;
    },
  });
}

export const int2 = integer({ name: 'smallint', bytes: 2, signed: true });
export const int4 = integer({ name: 'integer', bytes: 4, signed: true });
export const int8 = integer({ name: 'bigint', bytes: 8, signed: true });
export const oid = integer({ name: 'oid', bytes: 4, signed: false });

import { boolean } from './boolean.js';
import { bytea } from './bytea.js';
import type { Codec } from './codec.js';
import { date } from './date.js';
import { float4, float8 } from './float.js';
import { int2, int4, int8, oid } from './integer.js';
import { interval } from './interval.js';
import { json, jsonb } from './json.js';
import { numeric } from './numeric.js';
import { OID } from './oids.js';
import { bpchar, char, name, text, unknown, varchar } from './text.js';
import { time, timetz } from './time.js';
import { timestamp, timestamptz } from './timestamp.js';
import { uuid } from './uuid.js';
import { vector } from './vector.js';

const CODECS: ReadonlyMap<number, Codec> = new Map([
  [OID.bool, boolean],
  [OID.bytea, bytea],
  [OID.char, char],
  [OID.name, name],
  [OID.int8, int8],
  [OID.int2, int2],
  [OID.int4, int4],
  [OID.text, text],
  [OID.oid, oid],
  [OID.json, json],
  [OID.float4, float4],
  [OID.float8, float8],
  [OID.unknown, unknown],
  [OID.bpchar, bpchar],
  [OID.varchar, varchar],
  [OID.date, date],
  [OID.time, time],
  [OID.timestamp, timestamp],
  [OID.timestamptz, timestamptz],
  [OID.interval, interval],
  [OID.timetz, timetz],
  [OID.numeric, numeric],
  [OID.uuid, uuid],
  [OID.jsonb, jsonb],
  [OID.vector, vector],
]);

/** `undefined` for arrays and for types that IRIS's values never have. */
export function codecOf(typeOid: number): Codec | undefined {
  return CODECS.get(typeOid);
}

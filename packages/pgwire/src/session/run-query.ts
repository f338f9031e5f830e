import type { SqlParameter } from '@iris-devtools/core';
import type { FormatCode } from '../messages/format-codes.js';
import type { OracleRows } from '../oracle/oracle.js';
import { PgError } from '../pg-error.js';
import { isPgArray } from '../types/array.js';
import { decode, tryDecode } from '../types/decode.js';
import { encode } from '../types/encode.js';
import { textStyle } from '../types/text-style.js';
import type { PlanResult } from '../sql/plan.js';
import type {
  IrisStatement,
  OracleStatement,
  SetConfigArgument,
  SetConfigCall,
} from '../statement/statement.js';
import type { Cancellation } from './cancellation.js';
import type { Client } from './client.js';
import { rowsOf } from './execution.js';
import type { Execution, Row } from './execution.js';
import { leaseIris } from './lease-iris.js';
import type { Lease } from './transaction.js';
import { assignSetting } from './commands/assign-setting.js';
import { runSleep } from './sleep.js';

/** Parameters as Bind gave them, one format for each. */
export interface BoundParameters {
  readonly values: readonly (Uint8Array | null)[];
  readonly formats: readonly FormatCode[];
}

export const NO_PARAMETERS: BoundParameters = { values: [], formats: [] };

/** Lets PostgreSQL itself answer. The rows come encoded in the formats asked for here. */
export async function runOnOracle(
  client: Client,
  statement: OracleStatement,
  bound: BoundParameters,
  resultFormats: readonly FormatCode[],
  cancellation: Cancellation,
): Promise<Execution> {
  const run = (sql: string): Promise<OracleRows> =>
    cancellation.race(
      client.services.oracle.run({
        sql,
        parameterOids: statement.description.parameterOids,
        settings: client.settings.effective,
        user: client.user,
        database: client.database,
        parameters: bound.values,
        parameterFormats: bound.formats,
        resultFormats,
        transactionTime: client.transaction.startedAt,
      }),
    );
  if (statement.sleep !== undefined) return runSleep(client, statement.sleep, bound, cancellation);
  const { mirror, source } = client.services;
  if (statement.readsCatalog) await cancellation.race(mirror.freshen(source));
  const { setConfig } = statement;
  const isRead = setConfig !== undefined && setConfig !== 'reported';
  let answer = await run(isRead ? setConfig.readingSql : statement.sql);
  if (isRead && answer.rows.length > 0) {
    for (const call of setConfig.calls) await callSetConfig(client, call, bound);
    answer = await run(setConfig.readingSql);
  }
  for (const { name, value, isLocal } of answer.changedSettings) {
    await assignSetting(client, name, value, isLocal ? 'local' : 'session');
  }
  const verb = answer.commandTag.replace(/ \d+$/, '');
  return rowsOf(answer.rows, (rowCount) => (verb === 'SELECT' ? `SELECT ${rowCount}` : answer.commandTag));
}

const TRUE_TEXTS: ReadonlySet<string | null> = new Set(['t', 'true', 'on', 'yes', '1']);

async function callSetConfig(client: Client, call: SetConfigCall, bound: BoundParameters): Promise<void> {
  const name = argumentText(call.name, bound);
  const value = argumentText(call.value, bound);
  const isLocal = argumentText(call.isLocal, bound);
  if (name === null) throw new PgError({ sqlstate: '22004', message: 'SET requires parameter name' });
  const scope = TRUE_TEXTS.has(isLocal) ? 'local' : 'session';
  if (value === null) client.settings.reset(name, scope);
  else await assignSetting(client, name, value, scope);
}

function argumentText(argument: SetConfigArgument, bound: BoundParameters): string | null {
  if ('constant' in argument) return argument.constant;
  const bytes = bound.values[argument.parameter - 1];
  if (bytes === null || bytes === undefined) return null;
  // A binary boolean is one byte; text has the same bytes in both formats.
  if (bytes.length === 1 && (bytes[0] === 0 || bytes[0] === 1)) return bytes[0] === 1 ? 't' : 'f';
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

/** @throws PgError 22P02 and its kin, with the number of the parameter as context */
export async function decodeParameters(
  client: Client,
  statement: IrisStatement,
  bound: BoundParameters,
): Promise<SqlParameter[]> {
  const { parameterOids } = statement.description;
  const decoded: SqlParameter[] = [];
  for (const [index, bytes] of bound.values.entries()) {
    try {
      decoded.push(
        await decodeParameter(client, bytes, parameterOids[index] ?? 0, bound.formats[index] ?? 0),
      );
    } catch (error) {
      if (!(error instanceof PgError)) throw error;
      throw new PgError({ ...error.fields, where: `unnamed portal parameter $${index + 1}` }, error);
    }
  }
  return decoded;
}

/** A parameter, or a field of COPY, as a plan takes it. */
export async function decodeParameter(
  client: Client,
  bytes: Uint8Array | null,
  typeOid: number,
  format: FormatCode,
): Promise<SqlParameter> {
  const { services, user, database, settings } = client;
  const known = tryDecode(bytes, typeOid, format);
  const value =
    known === undefined
      ? await decode(bytes, typeOid, format, services.oracle, {
          settings: settings.effective,
          user,
          database,
        })
      : known.value;
  if (!isPgArray(value)) return value;
  // Plans take arrays in PostgreSQL's text form.
  const text = encode(value, typeOid, -1, 0, CANONICAL_STYLE);
  return text === null ? null : Buffer.from(text).toString('utf8');
}

const CANONICAL_STYLE = textStyle(new Map());

/** Starts a translated statement on IRIS; its session is held until the rows are used up or left. */
export async function runOnIris(
  client: Client,
  statement: IrisStatement,
  parameters: readonly SqlParameter[],
  cancellation: Cancellation,
): Promise<Execution> {
  const { plan } = statement;
  if (statement.writes && client.transaction.modes.readOnly) {
    throw new PgError({
      sqlstate: '25006',
      message: `cannot execute ${plan.tag.replace(/ 0$/, '')} in a read-only transaction`,
    });
  }
  const { signal } = cancellation;
  const lease = await leaseIris(client, cancellation);
  try {
    signal.throwIfAborted();
    const result = await plan.run({
      session: lease.session,
      parameters,
      transactionTime: client.transaction.startedAt,
      signal,
    });
    if (plan.changesCatalog) {
      client.catalogTouched = client.transaction.open;
      await client.services.mirror.refresh(lease.session);
    }
    return irisExecution(client, statement, result, lease);
  } catch (error) {
    await lease.release();
    throw error;
  }
}

function irisExecution(
  client: Client,
  statement: IrisStatement,
  result: PlanResult,
  lease: Lease,
): Execution {
  const { plan, description } = statement;
  const fields = description.fields ?? [];
  const style = textStyle(client.settings.effective);
  const iterator: Iterator<Row> | AsyncIterator<Row> =
    Symbol.asyncIterator in result.rows
      ? result.rows[Symbol.asyncIterator]()
      : result.rows[Symbol.iterator]();
  let closed = false;
  return {
    next: () => iterator.next(),
    encode: (row, formats) =>
      fields.map((field, column) =>
        encode(row[column] ?? null, field.typeOid, field.typeModifier, formats[column] ?? 0, style),
      ),
    tag(rowCount) {
      if (!plan.tagHasCount) return plan.tag;
      // CREATE TABLE .. AS is tagged SELECT too, but gives no rows: its plan counts.
      const counted = plan.tag === 'SELECT' && description.fields !== null;
      return `${plan.tag} ${counted ? rowCount : result.rowCount()}`;
    },
    async close() {
      if (closed) return;
      closed = true;
      try {
        await iterator.return?.();
      } finally {
        await lease.release();
      }
    },
  };
}

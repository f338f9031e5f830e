import type { ListReader } from '../list/list-reader.js';
import type { ListWriter } from '../list/list-writer.js';
import { protocolError } from '../errors.js';
import { readColumns, writeColumns, type WireColumn } from '../parts/columns.js';
import {
  readStatementFeature,
  writeStatementFeature,
  type StatementFeature,
} from '../parts/statement-feature.js';
import type { BodyCodec, MessageCodec } from './codec.js';

/**
 * What JDBC's DatabaseMetaData asks. The arguments travel as one set of parameter values: patterns of LIKE with `\` as their
 * escape, `%` where the caller gave null, and the empty string of SQL for "none". A request and its order of arguments are as the
 * official JDBC driver (3.10.3) sends them; the reply is one that it reads: columns, then a page of rows with the same sequence
 * number. unverified on a live server: the reply.
 */
export type CatalogRequest<Kind extends string, Argument extends string> = Readonly<
  Record<Argument, string> & { kind: Kind }
>;

export interface CatalogReply {
  readonly feature: StatementFeature;
  readonly columns: readonly WireColumn[];
}

const replyBody: BodyCodec<CatalogReply> = {
  encode(reply, out, context) {
    writeStatementFeature(out, reply.feature, context);
    writeColumns(out, reply.columns, reply.feature);
  },
  decode(body, context) {
    const feature = readStatementFeature(body, context);
    const columns = readColumns(body, feature);
    body.expectEnd();
    return { feature, columns };
  },
};

function catalogRequest<const Kind extends string, const Argument extends string>(
  kind: Kind,
  code: string,
  names: readonly Argument[],
): MessageCodec<CatalogRequest<Kind, Argument>, CatalogReply> {
  return {
    kind,
    code,
    family: 'sql',
    request: {
      encode(message, out) {
        writeArguments(
          out,
          names.map((name): string => message[name]),
        );
      },
      decode(body) {
        const values = readArguments(body, names.length);
        const named = Object.fromEntries(names.map((name, index) => [name, values[index]]));
        return { ...(named as Record<Argument, string>), kind };
      },
    },
    reply: replyBody,
  };
}

function writeArguments(out: ListWriter, values: readonly string[]): void {
  out.integer(1).integer(values.length);
  for (const value of values) out.sqlText(value);
}

function readArguments(body: ListReader, count: number): string[] {
  const at = body.offset;
  if (body.readInteger('The number of argument sets') !== 1)
    throw protocolError('One set of arguments is expected', at);
  const sent = body.readCount('The number of arguments', count);
  if (sent !== count) throw protocolError(`${count} arguments are expected, not ${sent}`, at);
  const values: string[] = [];
  for (let i = 0; i < count; i++) {
    const text = body.readText();
    values.push(text === '\0' ? '' : text);
  }
  body.expectEnd();
  return values;
}

/** `types`: names with commas between them. */
export const CatalogTables = catalogRequest('CatalogTables', 'TA', ['table', 'types', 'schema']);
export const CatalogColumns = catalogRequest('CatalogColumns', 'CO', ['table', 'column', 'schema']);
export const CatalogPrimaryKeys = catalogRequest('CatalogPrimaryKeys', 'PK', ['table', 'schema']);
export const CatalogImportedKeys = catalogRequest('CatalogImportedKeys', 'IK', ['table', 'schema']);
export const CatalogExportedKeys = catalogRequest('CatalogExportedKeys', 'EK', ['table', 'schema']);
export const CatalogCrossReference = catalogRequest('CatalogCrossReference', 'CR', [
  'parentTable',
  'foreignTable',
  'parentSchema',
  'foreignSchema',
]);
/** `nonUnique`: `1` for all indexes, `0` for the unique ones. */
export const CatalogIndexes = catalogRequest('CatalogIndexes', 'II', ['table', 'schema', 'nonUnique']);
export const CatalogTypes = catalogRequest('CatalogTypes', 'TI', []);
export const CatalogSchemas = catalogRequest('CatalogSchemas', 'SC', ['schema']);
export const CatalogNamespaces = catalogRequest('CatalogNamespaces', 'CA', []);
export const CatalogTableTypes = catalogRequest('CatalogTableTypes', 'TT', []);
export const CatalogBestRowId = catalogRequest('CatalogBestRowId', 'BR', ['table', 'schema']);
export const CatalogVersionColumns = catalogRequest('CatalogVersionColumns', 'VC', ['table', 'schema']);
export const CatalogTablePrivileges = catalogRequest('CatalogTablePrivileges', 'TP', ['table', 'schema']);
export const CatalogColumnPrivileges = catalogRequest('CatalogColumnPrivileges', 'CP', [
  'table',
  'column',
  'schema',
]);
export const CatalogProcedures = catalogRequest('CatalogProcedures', 'PR', ['procedure', 'schema']);
export const CatalogProcedureColumns = catalogRequest('CatalogProcedureColumns', 'PC', [
  'procedure',
  'column',
  'schema',
]);
export const CatalogFunctions = catalogRequest('CatalogFunctions', 'FN', ['procedure', 'schema']);
export const CatalogFunctionColumns = catalogRequest('CatalogFunctionColumns', 'FC', [
  'procedure',
  'column',
  'schema',
]);

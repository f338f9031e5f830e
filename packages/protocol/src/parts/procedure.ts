import { protocolError } from '../errors.js';
import type { ListItem } from '../list/list-item.js';
import type { ListReader } from '../list/list-reader.js';
import type { ListWriter } from '../list/list-writer.js';
import { normalizeTypeCode } from '../values/type-codes.js';
import { nullableCode, nullableOf, readColumns, writeColumns, type WireColumn } from './columns.js';
import type { ParameterMetadata } from './parameter-metadata.js';
import { NO_FEATURE } from './statement-feature.js';

/**
 * What the procedure messages look like was learned from the official Python client (5.4.1): what it sends, and which replies it
 * understands. That a real server sends those is unverified on a live server.
 */
export interface ProcedureParameter extends ParameterMetadata {
  readonly name: string;
}

/** What a procedure call gives. */
export interface ProcedureDescription {
  /** `query`: one result set; `update`: none; `multiple`: any number, fetched with `MoreResults`. */
  readonly results: 'query' | 'update' | 'multiple';
  readonly hasReturnValue: boolean;
  /** Empty unless `results` is `query`. */
  readonly columns: readonly WireColumn[];
  /** The return value first, if there is one. */
  readonly parameters: readonly ProcedureParameter[];
}

/** The official Python client (5.4.1) runs 1 and 3 as queries (SQ), 0 and 2 as updates (SU). */
const QUERY_BIT = 1;

export function writeProcedureDescription(out: ListWriter, description: ProcedureDescription): void {
  const { results, hasReturnValue, columns, parameters } = description;
  if (results === 'multiple') out.integer(hasReturnValue ? -2 : -1);
  else out.integer((results === 'query' ? QUERY_BIT : 0) + (hasReturnValue ? 2 : 0));
  if (results === 'query') writeColumns(out, columns, NO_FEATURE);
  out.integer(parameters.length);
  for (const parameter of parameters) {
    out.integer(parameter.typeCode).integer(parameter.precision).integer(parameter.scale);
    // The official Python client (5.4.1) behaves the same whatever the last item is. unverified on a live server: its meaning.
    // A name is never NULL: the JDBC driver (3.10.3) fails on one.
    out.integer(nullableCode(parameter.nullable)).sqlText(parameter.name).integer(0);
  }
}

export function readProcedureDescription(body: ListReader): ProcedureDescription {
  const type = body.readInteger('A procedure statement type');
  const results = type < 0 ? 'multiple' : (type & 1) === QUERY_BIT ? 'query' : 'update';
  const columns = results === 'query' ? readColumns(body, NO_FEATURE) : [];
  const count = body.readCount('The number of procedure parameters', body.limits.maxParameters);
  const parameters: ProcedureParameter[] = [];
  for (let i = 0; i < count; i++) {
    parameters.push({
      typeCode: normalizeTypeCode(body.readInteger('A parameter type')),
      precision: body.readInteger('A parameter precision'),
      scale: body.readInteger('A parameter scale'),
      nullable: nullableOf(body.readInteger('A parameter nullability')),
      name: readSqlText(body),
    });
    body.skip();
  }
  body.expectEnd();
  return { results, hasReturnValue: type < -1 || type > 1, columns, parameters };
}

function readSqlText(body: ListReader): string {
  const text = body.readText();
  return text === '\0' ? '' : text;
}

/** One set; the return value is not counted. NULL, OUT and default arguments are undefined items. */
export function writeProcedureValues(out: ListWriter, values: readonly ListItem[]): void {
  out.integer(1).integer(values.length).items(values);
}

export function readProcedureValues(body: ListReader): ListItem[] {
  const at = body.offset;
  const sets = body.readInteger('The number of parameter sets');
  if (sets !== 1) throw protocolError(`A procedure call has ${sets} parameter sets`, at);
  return body.readItems(body.readCount('The number of arguments', body.limits.maxParameters));
}

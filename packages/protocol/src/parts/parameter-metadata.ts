import type { ListReader } from '../list/list-reader.js';
import type { ListWriter } from '../list/list-writer.js';
import { normalizeTypeCode } from '../values/type-codes.js';
import { nullableCode, nullableOf } from './columns.js';

/** What the server says about one parameter. */
export interface ParameterMetadata {
  readonly typeCode: number;
  readonly precision: number;
  readonly scale: number;
  /** `undefined`: the server does not know. */
  readonly nullable: boolean | undefined;
}

/** Parameters and the statement flag after them. */
export interface StatementParameters {
  readonly parameters: readonly ParameterMetadata[];
  /** Bit 0: the statement may be cached and executed again by its id. */
  readonly statementFlag: number;
}

export const REUSABLE_STATEMENT = 1;

export function writeStatementParameters(
  out: ListWriter,
  { parameters, statementFlag }: StatementParameters,
): void {
  out.integer(parameters.length);
  for (const parameter of parameters) {
    out.integer(parameter.typeCode).integer(parameter.precision).integer(parameter.scale);
    out.integer(nullableCode(parameter.nullable));
  }
  out.integer(statementFlag);
}

/** Fast insert adds more per parameter in a form that is not settled, so it is never negotiated here. */
export function readStatementParameters(body: ListReader): StatementParameters {
  const count = body.readCount('The number of parameters', body.limits.maxParameters);
  const parameters: ParameterMetadata[] = [];
  for (let i = 0; i < count; i++) {
    parameters.push({
      typeCode: normalizeTypeCode(body.readInteger('A parameter type')),
      precision: body.readInteger('A parameter precision'),
      scale: body.readInteger('A parameter scale'),
      nullable: nullableOf(body.readInteger('A parameter nullability')),
    });
  }
  return { parameters, statementFlag: body.readInteger('A statement flag') };
}

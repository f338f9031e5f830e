import { sqlError } from '@iris-devtools/core';
import type { SampleCondition } from '../sql/ast.js';
import { asNumber, asText } from './coerce.js';
import { compileExpression } from './expression.js';
import type { Frame } from './scope.js';
import { quote } from './typed.js';

const SCALE = 1_000_000;

/**
 * `%ID %FIND %SQL.SAMPLE('table', percent, seed)`: each row with that probability. IRIS samples blocks of storage, of
 * which there are none here; with a seed the rows are the same each time, as there.
 *
 * @throws IrisError -1 unless the table is named by a string
 */
export function compileSample(condition: SampleCondition, frame: Frame): string {
  if (condition.table.kind !== 'string')
    throw sqlError(-1, ' %SQL.SAMPLE takes the name of a table as a string');
  const { context } = frame;
  const row = asText(compileExpression(condition.operand, frame), context).sql;
  const percent = asNumber(compileExpression(condition.percent, frame), context).sql;
  const seed =
    condition.seed === undefined ? quote('') : asText(compileExpression(condition.seed, frame), context).sql;
  const hashed = `abs(hashtextextended(${row} || ${seed}, 0) % ${SCALE})::float8 / ${SCALE}`;
  return `((CASE WHEN ${seed} = '' THEN random() ELSE ${hashed} END) * 100 < ${percent})`;
}

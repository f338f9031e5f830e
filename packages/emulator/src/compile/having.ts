import type { Condition, SelectCore } from '../sql/ast.js';
import { compileCondition } from './condition.js';
import { contentsOf } from './fingerprint.js';
import type { Frame } from './scope.js';

export interface Having {
  /** Tests of whole groups, or of rows where rows are not grouped. */
  readonly conditions: readonly string[];
  /** What %AFTERHAVING counts: the rows of a group that meet the tests of rows. */
  readonly rowFilter?: string;
}

/**
 * HAVING. Next to GROUP BY a test of columns that are no group keys is one of rows: a group stays when one of its rows
 * meets all tests of this kind.
 */
export function compileHaving(core: SelectCore, frame: Frame): Having {
  if (core.having === undefined) return { conditions: [] };
  const grouped: Frame = { ...frame, clause: 'having' };
  const { grouping } = frame.scope;
  if (grouping.kind !== 'grouped' || grouping.keys.length === 0) {
    return { conditions: [compileCondition(core.having, grouped)] };
  }
  const conditions: string[] = [];
  const ofRows: string[] = [];
  for (const test of conjuncts(core.having)) {
    const text = compileCondition(test, grouped);
    if (text.includes('any_value(') && contentsOf([test]).aggregates.length === 0) {
      ofRows.push(compileCondition(test, { ...grouped, inAggregate: true }));
    } else conditions.push(text);
  }
  if (ofRows.length === 0) return { conditions };
  const rowFilter = ofRows.join(' AND ');
  return { conditions: [...conditions, `bool_or(${rowFilter})`], rowFilter };
}

function conjuncts(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? condition.operands.flatMap(conjuncts) : [condition];
}

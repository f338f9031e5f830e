import type { ArrayRow } from '@iris-devtools/core';
import type { Context } from '../context.js';
import type { Plan, PlanResult, PlanRun } from '../plan.js';
import type { ResultQuery } from '../query/top-level.js';
import type { Finish } from './output.js';
import { executionOf, Statement, type Execution } from './statement.js';

/** A plan that reads. */
export function queryPlan(query: ResultQuery, context: Context): Plan {
  const statement = new Statement(query.sql, context);
  return {
    tag: 'SELECT',
    tagHasCount: true,
    changesCatalog: false,
    irisSql: [statement.text],
    // A plan answers with a promise, also where the first row is still to come.
    run: (run: PlanRun): Promise<PlanResult> => {
      const counter = { rows: 0 };
      const execution = executionOf(run);
      return Promise.resolve({
        rows: resultRows(statement, query, execution, counter),
        rowCount: () => counter.rows,
      });
    },
  };
}

async function* resultRows(
  statement: Statement,
  query: ResultQuery,
  execution: Execution,
  counter: { rows: number },
): AsyncGenerator<ArrayRow, void, undefined> {
  let toSkip = query.skip?.(execution.values) ?? 0;
  for await (const row of statement.stream(execution)) {
    if (toSkip > 0) {
      toSkip--;
      continue;
    }
    counter.rows++;
    yield finishRow(row, query.finish);
  }
}

export function finishRow(row: ArrayRow, finish: readonly Finish[]): ArrayRow {
  return finish.map((each) => each(row));
}

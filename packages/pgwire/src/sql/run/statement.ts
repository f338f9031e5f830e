import type { ArrayRow, Session, SqlParameter } from '@iris-devtools/core';
import { toPgError } from '../errors.js';
import type { Context, Guard } from '../context.js';
import { render, type RenderedSql, type RunValues, type Sql } from '../fragment.js';
import type { PlanRun } from '../plan.js';

/** One execution: the caller's limits, and what bindings are computed from. */
export interface Execution {
  readonly session: Session;
  readonly values: RunValues;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export function executionOf(run: PlanRun): Execution {
  return {
    session: run.session,
    values: { parameters: run.parameters, now: run.transactionTime ?? new Date(), inputs: [] },
    ...(run.timeoutMs === undefined ? {} : { timeoutMs: run.timeoutMs }),
    ...(run.signal === undefined ? {} : { signal: run.signal }),
  };
}

export function withInputs(execution: Execution, inputs: readonly SqlParameter[]): Execution {
  return { ...execution, values: { ...execution.values, inputs } };
}

/** An IRIS statement of a plan: rendered once, executed many times; its errors are PostgreSQL's. */
export class Statement {
  readonly fragment: Sql;
  private readonly guards: ReadonlySet<Guard>;
  private readonly rendered: RenderedSql;

  constructor(fragment: Sql, context: Context) {
    this.fragment = fragment;
    this.guards = context.guards;
    this.rendered = render(fragment);
  }

  get text(): string {
    return this.rendered.text;
  }

  /** Rows changed. */
  async execute(execution: Execution): Promise<number> {
    const { text, parameters } = this.call(execution);
    try {
      const { rowCount } = await execution.session.query(text, parameters, options(execution));
      return rowCount;
    } catch (error) {
      throw this.translated(error);
    }
  }

  /** Once for each set of the client's parameters; rows changed in all. */
  async executeMany(execution: Execution, sets: readonly (readonly SqlParameter[])[]): Promise<number> {
    const { session, values } = execution;
    if (session.executeMany === undefined || this.fragment.isDynamic) {
      let count = 0;
      for (const parameters of sets)
        count += await this.execute({ ...execution, values: { ...values, parameters } });
      return count;
    }
    const { text, bindings } = this.rendered;
    try {
      const bound = sets.map((parameters) => bindings.map((binding) => binding({ ...values, parameters })));
      return await session.executeMany(text, bound, options(execution));
    } catch (error) {
      throw this.translated(error);
    }
  }

  async rows(execution: Execution): Promise<ArrayRow[]> {
    const { text, parameters } = this.call(execution);
    try {
      const result = await execution.session.query(text, parameters, {
        ...options(execution),
        rowMode: 'array',
      });
      return result.rows;
    } catch (error) {
      throw this.translated(error);
    }
  }

  async *stream(execution: Execution): AsyncGenerator<ArrayRow, void, undefined> {
    const { text, parameters } = this.call(execution);
    try {
      yield* execution.session.stream(text, parameters, { ...options(execution), rowMode: 'array' });
    } catch (error) {
      throw this.translated(error);
    }
  }

  private call(execution: Execution): { readonly text: string; readonly parameters: SqlParameter[] } {
    const rendered = this.fragment.isDynamic ? render(this.fragment, execution.values) : this.rendered;
    return { text: rendered.text, parameters: rendered.bindings.map((binding) => binding(execution.values)) };
  }

  private translated(error: unknown): unknown {
    return toPgError(error, { guards: this.guards });
  }
}

function options(execution: Execution): { readonly timeoutMs?: number; readonly signal?: AbortSignal } {
  const { timeoutMs, signal } = execution;
  return { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(signal === undefined ? {} : { signal }) };
}

import type { AggregateCall, Expression, WindowCall } from '../sql/ast.js';

/** Equal for expressions that mean the same: positions, the case of names and parentheses do not count. */
export function fingerprint(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) => {
    if (key === 'position' || key === 'delimited') return undefined;
    if (isNode(value) && value.kind === 'parenthesized') return value.expression;
    return key === 'name' && typeof value === 'string' ? value.toUpperCase() : value;
  });
}

interface AnyNode {
  readonly kind: string;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as { kind?: unknown }).kind === 'string';

export interface Contents {
  readonly aggregates: readonly AggregateCall[];
  readonly windows: readonly WindowCall[];
  /** A column stands outside of every aggregate. */
  readonly hasPlainColumn: boolean;
}

/** What stands in an expression or condition, not looking into subqueries. */
export function contentsOf(roots: readonly unknown[]): Contents {
  const aggregates: AggregateCall[] = [];
  const windows: WindowCall[] = [];
  let hasPlainColumn = false;
  const visit = (value: unknown, inAggregate: boolean): void => {
    if (Array.isArray(value)) {
      for (const item of value as readonly unknown[]) visit(item, inAggregate);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    if (isNode(value)) {
      if (value.kind === 'query') return;
      if (value.kind === 'aggregate') {
        aggregates.push(value as unknown as AggregateCall);
        visit(Object.values(value), true);
        return;
      }
      if (value.kind === 'window') windows.push(value as unknown as WindowCall);
      if (
        (value.kind === 'column' || value.kind === 'pseudo-column' || value.kind === 'star') &&
        !inAggregate
      ) {
        hasPlainColumn = true;
      }
    }
    for (const child of Object.values(value)) visit(child, inAggregate);
  };
  visit(roots, false);
  return { aggregates, windows, hasPlainColumn };
}

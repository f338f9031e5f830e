import type { Env } from '../context.js';
import { value, type Expr } from '../expr.js';
import { bind, raw, sql, textLiteral, type Sql } from '../fragment.js';
import { categoryOf, FLOAT8, INT4, VECTOR } from '../pg-types.js';
import { bindingFor, vectorText } from './binding.js';
import { cast } from './cast.js';

interface Computed {
  readonly fragment: Sql;
  readonly similarity?: Sql;
  readonly sortKey?: Sql;
}

type Distance = (left: Sql, right: Sql) => Computed;

const cosine: Distance = (left, right) => {
  const similarity = sql`VECTOR_COSINE(${left}, ${right})`;
  return { fragment: sql`(1 - ${similarity})`, similarity };
};

const negativeInner: Distance = (left, right) => {
  const similarity = sql`VECTOR_DOT_PRODUCT(${left}, ${right})`;
  return { fragment: sql`(- ${similarity})`, similarity };
};

/** IRIS has no Euclidean distance: |a-b| = sqrt(a.a - 2 a.b + b.b), where rounding may leave a tiny negative number. */
const euclidean: Distance = (left, right) => {
  const dot = (a: Sql, b: Sql): Sql => sql`VECTOR_DOT_PRODUCT(${a}, ${b})`;
  const square = sql`(${dot(left, left)} - 2 * ${dot(left, right)} + ${dot(right, right)})`;
  return { fragment: sql`SQRT(GREATEST(${square}, 0))`, sortKey: square };
};

/** pgvector's operators; `<+>`, `<~>` and `<%>` have no counterpart in IRIS. */
export const DISTANCES: Readonly<Record<string, Distance | undefined>> = {
  '<=>': cosine,
  '<#>': negativeInner,
  '<->': euclidean,
  '<+>': undefined,
  '<~>': undefined,
  '<%>': undefined,
};

/** A distance of two vectors, as `a <=> b` or as `cosine_distance(a, b)`. */
export function distance(operator: string, left: Expr, right: Expr, env: Env, location?: number): Expr {
  const rule = DISTANCES[operator];
  if (rule === undefined) {
    throw env.refuse(`the vector operator ${operator}`, location, 'IRIS computes <=>, <#> and <->.');
  }
  const [l, r] = pair(left, right, env, location);
  const { fragment, ...keys } = rule(l, r);
  // A parameter that is NULL makes all rows alike, so the probe need not look at it.
  const [column, ...others] = [left, right].filter((each) => each.nullable && each.parameter === undefined);
  const probe = column === undefined || others.length > 0 ? {} : { nullProbe: column.sql };
  return value(fragment, FLOAT8, { nullable: left.nullable || right.nullable, ...probe, ...keys });
}

/** Both operands as vectors of the same element type, which IRIS demands. */
function pair(left: Expr, right: Expr, env: Env, location?: number): [Sql, Sql] {
  const vectors = [left, right].map((each) =>
    categoryOf(each.type) === 'vector' ? each : cast(each, VECTOR, env, location),
  );
  const elementType = vectors.map((each) => each.vectorType).find((each) => each !== undefined) ?? 'DOUBLE';
  const clash = vectors.find((each) => each.vectorType !== undefined && each.vectorType !== elementType);
  if (clash !== undefined) {
    throw env.refuse(`a distance between ${elementType} and ${clash.vectorType ?? ''} vectors`, location);
  }
  const [l, r] = vectors.map((each) => retyped(each, elementType, env, location));
  return [l ?? left.sql, r ?? right.sql];
}

/** A constant or parameter as a vector of the column's element type; others are DOUBLE already. */
function retyped(expr: Expr, elementType: string, env: Env, location?: number): Sql {
  if (expr.vectorType !== undefined || elementType === 'DOUBLE') return expr.sql;
  if (expr.parameter !== undefined) {
    return sql`TO_VECTOR(${bind(bindingFor(expr.parameter - 1, VECTOR))}, ${raw(elementType)})`;
  }
  if (expr.constant?.kind !== 'string')
    throw env.refuse(`this vector beside one of ${elementType}`, location);
  return sql`TO_VECTOR(${textLiteral(vectorText(expr.constant.text))}, ${raw(elementType)})`;
}

/** Functions of pgvector, by name and number of arguments. */
export const VECTOR_FUNCTIONS: Readonly<
  Record<string, ((args: readonly Expr[], env: Env, location?: number) => Expr) | undefined>
> = {
  cosine_distance: ([a, b], env, location) => distance('<=>', need(a), need(b), env, location),
  l2_distance: ([a, b], env, location) => distance('<->', need(a), need(b), env, location),
  inner_product: ([a, b], env, location) => {
    const [l, r] = pair(need(a), need(b), env, location);
    return value(sql`VECTOR_DOT_PRODUCT(${l}, ${r})`, FLOAT8);
  },
  vector_negative_inner_product: ([a, b], env, location) => distance('<#>', need(a), need(b), env, location),
  vector_norm: ([a], env, location) => {
    const [l] = pair(need(a), need(a), env, location);
    return value(sql`SQRT(VECTOR_DOT_PRODUCT(${l}, ${l}))`, FLOAT8);
  },
  vector_dims: ([a], env, location) => {
    const vector = need(a);
    if (vector.type.modifier <= 0) {
      throw env.refuse('vector_dims of a vector without declared dimensions', location);
    }
    return value(
      sql`CASE WHEN ${vector.sql} IS NOT NULL THEN ${raw(String(vector.type.modifier))} END`,
      INT4,
    );
  },
};

/** PostgreSQL has checked the number of arguments when it described the statement. */
function need(expr: Expr | undefined): Expr {
  if (expr === undefined) throw new RangeError('missing argument');
  return expr;
}

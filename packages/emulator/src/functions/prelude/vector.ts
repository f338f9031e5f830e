/**
 * Vector similarity over arrays. Both arrays are read once, by the fastest way that PostgreSQL has for it: rows made
 * in the select list. The squares of the second vector are an argument of their own, so that the planner computes them
 * once when that vector is a constant of the statement.
 */
const similarity = (array: string): string => String.raw`
CREATE OR REPLACE FUNCTION iris.check_vectors(a ${array}, b ${array}) RETURNS void LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF cardinality(a) <> cardinality(b) THEN
    RAISE EXCEPTION USING ERRCODE = 'IR257',
      MESSAGE = format('Cannot perform vector operation on vectors of different lengths (%s and %s)', cardinality(a), cardinality(b));
  END IF;
END $$;

CREATE OR REPLACE FUNCTION iris.vector_dot(a ${array}, b ${array}) RETURNS float8 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF cardinality(a) <> cardinality(b) THEN PERFORM iris.check_vectors(a, b); END IF;
  RETURN (SELECT sum(x::float8 * y::float8) FROM (SELECT unnest(a) AS x, unnest(b) AS y) AS u);
END $$;

CREATE OR REPLACE FUNCTION iris.vector_squares(a ${array}) RETURNS float8 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN (SELECT sum(x::float8 * x::float8) FROM (SELECT unnest(a) AS x) AS u);
END $$;

-- A zero vector has no direction. unverified on a live server: what IRIS gives for one
CREATE OR REPLACE FUNCTION iris.vector_cosine(a ${array}, b ${array}, b_squares float8) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  dot float8;
  a_squares float8;
BEGIN
  IF cardinality(a) <> cardinality(b) THEN PERFORM iris.check_vectors(a, b); END IF;
  SELECT sum(x::float8 * y::float8), sum(x::float8 * x::float8) INTO dot, a_squares FROM (SELECT unnest(a) AS x, unnest(b) AS y) AS u;
  IF a_squares = 0 OR b_squares = 0 THEN RETURN NULL; END IF;
  RETURN greatest(-1, least(1, dot / sqrt(a_squares * b_squares)));
END $$;
`;

export const VECTOR_FUNCTIONS = ['float8[]', 'numeric[]', 'int8[]'].map(similarity).join('');

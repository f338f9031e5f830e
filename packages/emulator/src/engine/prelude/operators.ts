/**
 * Operators and conversions that the compiler writes itself. SQLSTATE IRnnn stands for SQLCODE -nnn.
 * SQL functions that are one expression are inlined by PostgreSQL, so an index on `iris_sys.sqlupper(c)` serves `=`.
 */
export const OPERATOR_FUNCTIONS = String.raw`
-- Volatile: a constant call must not be computed while planning.
CREATE OR REPLACE FUNCTION iris_sys.fail(code text, message text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message; END $$;

-- %SQLUPPER without its leading blank, which changes no comparison of strings with strings.
CREATE OR REPLACE FUNCTION iris_sys.sqlupper(x text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN upper(rtrim(x, E' \t\n\r\f\v'));

-- %ALPHAUP and %STRING: capitals without punctuation and white space, but for the characters kept.
CREATE OR REPLACE FUNCTION iris_sys.alphaup(x text, kept text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN upper(regexp_replace(x, '(?![' || kept || '])[[:punct:][:space:]]', '', 'g'));

-- %MVR: numbers inside a text sort as numbers, so they are brought to one length.
CREATE OR REPLACE FUNCTION iris_sys.mvr(x text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(CASE WHEN run[1] ~ '^[0-9]' THEN lpad(run[1], greatest(20, length(run[1])), '0') ELSE run[1] END, '' ORDER BY n), '')
  FROM regexp_matches(rtrim(x, E' \t\n\r\f\v'), '[0-9]+|[^0-9]+', 'g') WITH ORDINALITY AS r(run, n)
$$;

-- Canonical form of a number: no leading or trailing zeros.
CREATE OR REPLACE FUNCTION iris_sys.num_text(x numeric) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN regexp_replace(trim_scale(x)::text, '^(-?)0\.', '\1.');

CREATE OR REPLACE FUNCTION iris_sys.num_text(x float8) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN x = 'NaN' THEN 'NAN' WHEN x = 'Infinity' THEN 'INF' WHEN x = '-Infinity' THEN '-INF'
    ELSE regexp_replace(trim_scale(x::text::numeric)::text, '^(-?)0\.', '\1.') END;

CREATE OR REPLACE FUNCTION iris_sys.num_text(x int8) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN x::text;

-- The number that a string begins with, else 0.
CREATE OR REPLACE FUNCTION iris_sys.to_num(x text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  part text[] := regexp_match(x, '^([+-]*)(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,3}))?');
  found numeric;
BEGIN
  IF part IS NULL THEN RETURN 0; END IF;
  found := (part[2] || 'e' || coalesce(part[3], '0'))::numeric;
  IF length(replace(part[1], '+', '')) % 2 = 1 THEN RETURN -found; END IF;
  RETURN found;
END $$;

-- The number that the whole string is, else NULL.
CREATE OR REPLACE FUNCTION iris_sys.whole_num(x text) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN x ~ '^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$' THEN x::numeric END;

-- EXACT order puts canonical numbers before other strings.
CREATE OR REPLACE FUNCTION iris_sys.canonical_num(x text) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN x ~ '^(0|-?[1-9]\d{0,17}|-?([1-9]\d{0,17})?\.\d{0,17}[1-9])$' THEN x::numeric END;

-- Numbers of IRIS are signed 64-bit integers times a power of ten: 19 digits, or 18 when 19 do not fit.
CREATE OR REPLACE FUNCTION iris_sys.decimal_of(q numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  places int4;
  rounded numeric;
BEGIN
  IF q = 0 THEN RETURN 0; END IF;
  places := 18 - floor(log(abs(q)))::int4;
  rounded := round(q, places);
  IF abs(rounded) * power(10::numeric, places) > 9223372036854775807 THEN rounded := round(q, places - 1); END IF;
  RETURN trim_scale(rounded);
END $$;

CREATE OR REPLACE FUNCTION iris_sys.divide(a numeric, b numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF b = 0 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<DIVIDE>'; END IF;
  RETURN iris_sys.decimal_of((a * 1.000000000000000000000000000000) / b);
END $$;

CREATE OR REPLACE FUNCTION iris_sys.divide(a float8, b float8) RETURNS float8 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF b = 0 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<DIVIDE>'; END IF;
  RETURN a / b;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.int_divide(a numeric, b numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF b = 0 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<DIVIDE>'; END IF;
  RETURN div(a, b);
END $$;

-- The sign is that of the divisor.
CREATE OR REPLACE FUNCTION iris_sys.modulo(a numeric, b numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF b = 0 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<DIVIDE>'; END IF;
  RETURN mod(mod(a, b) + b, b);
END $$;

-- ODBC texts to logical values. NULL is no date.
CREATE OR REPLACE FUNCTION iris_sys.date_of(x text) RETURNS int4 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE part text[] := regexp_match(x, '^(\d{4})-(\d{1,2})-(\d{1,2})$');
BEGIN
  IF part IS NULL THEN RETURN NULL; END IF;
  RETURN make_date(part[1]::int, part[2]::int, part[3]::int) - DATE '1840-12-31';
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.time_of(x text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE part text[] := regexp_match(x, '^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d{1,9})?)?$');
BEGIN
  IF part IS NULL OR part[1]::int > 23 OR part[2]::int > 59 OR coalesce(part[3], '0')::int > 59 THEN RETURN NULL; END IF;
  RETURN trim_scale(part[1]::int * 3600 + part[2]::int * 60 + coalesce(part[3], '0')::int + coalesce('0' || part[4], '0')::numeric);
END $$;

-- Canonical text of a timestamp; a date alone is midnight.
CREATE OR REPLACE FUNCTION iris_sys.timestamp_of(x text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  part text[] := regexp_match(x, '^(\d{4}-\d{1,2}-\d{1,2})(?:[ T](\d{1,2}:\d{1,2}(?::\d{1,2})?)(?:(\.\d{1,9})\d*)?)?$');
  day int4;
  seconds numeric;
BEGIN
  IF part IS NULL THEN RETURN NULL; END IF;
  day := iris_sys.date_of(part[1]);
  seconds := iris_sys.time_of(coalesce(part[2], '00:00:00'));
  IF day IS NULL OR seconds IS NULL THEN RETURN NULL; END IF;
  RETURN iris_sys.date_text(day) || ' ' || iris_sys.time_text(seconds) || coalesce(rtrim(rtrim(part[3], '0'), '.'), '');
END $$;

CREATE OR REPLACE FUNCTION iris_sys.date_text(x int4) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN to_char(DATE '1840-12-31' + x, 'YYYY-MM-DD');

CREATE OR REPLACE FUNCTION iris_sys.time_text(x numeric) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN lpad((trunc(x)::int / 3600)::text, 2, '0') || ':' || lpad((trunc(x)::int / 60 % 60)::text, 2, '0') || ':' ||
    lpad((trunc(x)::int % 60)::text, 2, '0');

-- The same for a value that is compared with a typed column: IRIS refuses what it cannot convert.
CREATE OR REPLACE FUNCTION iris_sys.odbc_date(x text) RETURNS int4 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE found int4 := iris_sys.date_of(x);
BEGIN
  IF x = '' THEN RETURN NULL; END IF;
  -- A logical value is understood, too.
  IF x ~ '^\d{1,7}$' AND x::int4 <= 2980013 THEN RETURN x::int4; END IF;
  IF found IS NULL OR found < 0 THEN RAISE EXCEPTION USING ERRCODE = 'IR146', MESSAGE = format('Error: ''%s'' is an invalid ODBC Date value', x); END IF;
  RETURN found;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.odbc_time(x text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE found numeric := iris_sys.time_of(x);
BEGIN
  IF x = '' THEN RETURN NULL; END IF;
  IF x ~ '^\d{1,5}$' AND x::int4 < 86400 THEN RETURN x::numeric; END IF;
  IF found IS NULL THEN RAISE EXCEPTION USING ERRCODE = 'IR147', MESSAGE = format('Error: ''%s'' is an invalid ODBC Time value', x); END IF;
  RETURN found;
END $$;

-- A text that is no timestamp stays as it is: compared, it matches nothing; stored, it fails validation.
CREATE OR REPLACE FUNCTION iris_sys.odbc_timestamp(x text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN coalesce(iris_sys.timestamp_of(x), x);

-- LIKE patterns of IRIS have no default escape character.
CREATE OR REPLACE FUNCTION iris_sys.like_pattern(pattern text, escape text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result text := '';
  escaped boolean := false;
  letter text;
BEGIN
  IF length(escape) > 1 THEN RAISE EXCEPTION USING ERRCODE = 'IR063', MESSAGE = 'Invalid escape character'; END IF;
  FOREACH letter IN ARRAY coalesce(string_to_array(pattern, NULL), ARRAY[]::text[]) LOOP
    IF escaped THEN
      -- Any character behind the escape character means itself.
      result := result || '\' || letter;
      escaped := false;
    ELSIF letter = escape THEN escaped := true;
    ELSIF letter = '\' THEN result := result || '\\';
    ELSE result := result || letter;
    END IF;
  END LOOP;
  IF escaped THEN RAISE EXCEPTION USING ERRCODE = 'IR063', MESSAGE = 'Invalid escape character'; END IF;
  RETURN result;
END $$;
`;

/** What single functions and predicates need. */
export const VALUE_FUNCTIONS = String.raw`
-- EXACT order: canonical numbers by value, then other texts by code point.
CREATE OR REPLACE FUNCTION iris_sys.exact_order(a text, b text) RETURNS int4 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  x numeric := iris_sys.canonical_num(a);
  y numeric := iris_sys.canonical_num(b);
BEGIN
  IF x IS NOT NULL AND y IS NOT NULL THEN RETURN sign(x - y)::int4; END IF;
  IF x IS NOT NULL THEN RETURN -1; END IF;
  IF y IS NOT NULL THEN RETURN 1; END IF;
  RETURN CASE WHEN a < b THEN -1 WHEN a > b THEN 1 ELSE 0 END;
END $$;

-- %MATCHES: ? one character, * any, [a-c] [^a-c] sets, and a character that escapes.
CREATE OR REPLACE FUNCTION iris_sys.matches(x text, pattern text, escape text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  letter text;
  regex text := '';
  in_set boolean := false;
  escaped boolean := false;
BEGIN
  FOREACH letter IN ARRAY coalesce(string_to_array(pattern, NULL), ARRAY[]::text[]) LOOP
    IF escaped THEN
      regex := regex || regexp_replace(letter, '([][\\^$.|?*+(){}-])', '\\\1');
      escaped := false;
    ELSIF letter = escape THEN escaped := true;
    ELSIF in_set THEN
      in_set := letter <> ']';
      regex := regex || letter;
    ELSIF letter = '[' THEN
      in_set := true;
      regex := regex || letter;
    ELSIF letter = '?' THEN regex := regex || '.';
    ELSIF letter = '*' THEN regex := regex || '.*';
    ELSE regex := regex || regexp_replace(letter, '([][\\^$.|?*+(){}-])', '\\\1');
    END IF;
  END LOOP;
  RETURN x ~ ('^' || regex || '$');
END $$;

-- %PATTERN: ObjectScript patterns of counts with classes (A C E L N P U) or quoted texts, and alternation in parentheses.
CREATE OR REPLACE FUNCTION iris_sys.pattern(x text, pattern text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  rest text := pattern;
  part text[];
  regex text := '';
  atom text;
BEGIN
  WHILE rest <> '' LOOP
    IF left(rest, 1) IN (')', ',') THEN
      regex := regex || CASE left(rest, 1) WHEN ')' THEN ')' ELSE '|' END;
      rest := substr(rest, 2);
      CONTINUE;
    END IF;
    part := regexp_match(rest, '^(\d*)(\.?)(\d*)(\(|"(?:[^"]|"")*"|[ACELNPUacelnpu]+)');
    IF part IS NULL OR part[1] || part[2] = '' THEN
      RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = format('<SYNTAX> in pattern ''%s''', pattern);
    END IF;
    rest := substr(rest, length(array_to_string(part, '')) + 1);
    IF part[4] = '(' THEN
      -- The count stands before the alternation: it is repeated as one atom.
      atom := NULL;
    ELSIF left(part[4], 1) = '"' THEN
      atom := '(?:' || regexp_replace(replace(substr(part[4], 2, length(part[4]) - 2), '""', '"'), '([][\\^$.|?*+(){}-])', '\\\1', 'g') || ')';
    ELSE
      atom := '[' || replace(replace(replace(replace(replace(replace(replace(upper(part[4]),
        'E', '#'), 'A', '[:alpha:]'), 'C', '[:cntrl:]'), 'L', '@'), 'N', '0-9'), 'P', '[:punct:] '), 'U', '[:upper:]') || ']';
      atom := replace(replace(atom, '@', '[:lower:]'), '[#]', '.');
    END IF;
    IF atom IS NULL THEN
      IF part[1] <> '1' OR part[2] <> '' THEN
        RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = format('<SYNTAX> in pattern ''%s''', pattern);
      END IF;
      regex := regex || '(?:';
    ELSE
      regex := regex || atom || CASE
        WHEN part[2] = '' THEN format('{%s}', part[1])
        ELSE format('{%s,%s}', coalesce(nullif(part[1], ''), '0'), part[3]) END;
    END IF;
  END LOOP;
  RETURN x ~ ('^(?:' || regex || ')$');
END $$;

CREATE OR REPLACE FUNCTION iris_sys.bytes_of(x text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN x ~ '^[\u0001-\u00ff]*$' THEN iris.latin1_bytes(x) ELSE convert_to(x, 'UTF8') END;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.xml_escape(x text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN replace(replace(replace(replace(replace(x, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&apos;');

CREATE OR REPLACE FUNCTION iris_sys.refuse_vector(x text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'IR001', MESSAGE = format('Elements of vector ''%s'' are not all numbers', left(x, 60));
END $$;

-- '1,2,3' or '[1,2,3]'. One parse of the whole text is many times faster than one of each element.
CREATE OR REPLACE FUNCTION iris_sys.float_vector(x text) RETURNS float8[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN ('{' || btrim(x, ' []') || '}')::float8[];
EXCEPTION WHEN data_exception THEN RETURN iris_sys.refuse_vector(x)::float8[];
END $$;

CREATE OR REPLACE FUNCTION iris_sys.numeric_vector(x text) RETURNS numeric[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN ('{' || btrim(x, ' []') || '}')::numeric[];
EXCEPTION WHEN data_exception THEN RETURN iris_sys.refuse_vector(x)::numeric[];
END $$;

CREATE OR REPLACE FUNCTION iris_sys.truncated(x numeric[]) RETURNS int8[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
  $$ SELECT array_agg(trunc(e)::int8 ORDER BY n) FROM unnest(x) WITH ORDINALITY AS u(e, n) $$;

CREATE OR REPLACE FUNCTION iris_sys.text_vector(x text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN string_to_array(btrim(x, ' []'), ',');

CREATE OR REPLACE FUNCTION iris_sys.resized_texts(x text[], size int4) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (x || array_fill(''::text, ARRAY[greatest(0, size - cardinality(x))]))[1:size];

CREATE OR REPLACE FUNCTION iris_sys.resized(x anyarray, size int4) RETURNS anyarray LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
  $$ SELECT (x || array_fill((x)[1] - (x)[1], ARRAY[greatest(0, size - cardinality(x))]))[1:size] $$;

-- JSON nested by the ten thousands overruns PostgreSQL's stack, which here is fatal.
CREATE OR REPLACE FUNCTION iris_sys.shallow_json(x text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE brackets text;
BEGIN
  IF length(x) < 2000 OR length(x) - length(translate(x, '[{', '')) < 1000 THEN RETURN x; END IF;
  brackets := regexp_replace(regexp_replace(x, '"([^"\\]|\\.)*"', '', 'g'), '[^][{}]', '', 'g');
  FOR level IN 1..1000 LOOP
    IF brackets = '' THEN RETURN x; END IF;
    brackets := replace(replace(brackets, '[]', ''), '{}', '');
  END LOOP;
  RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = 'JSON is nested too deeply';
END $$;

-- Items of a path; an array as the whole document stands for its elements.
CREATE OR REPLACE FUNCTION iris_sys.json_items(document text, path jsonpath) RETURNS SETOF jsonb LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  parsed jsonb;
  found jsonb;
BEGIN
  BEGIN
    parsed := iris_sys.shallow_json(document)::jsonb;
  EXCEPTION WHEN OTHERS THEN
    RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = 'Invalid JSON in JSON_TABLE';
  END;
  FOR found IN SELECT jsonb_path_query(parsed, path, '{}', true) LOOP
    IF jsonb_typeof(found) = 'array' THEN RETURN QUERY SELECT jsonb_array_elements(found);
    ELSE RETURN NEXT found;
    END IF;
  END LOOP;
END $$;

-- PostgreSQL puts blanks after colons and commas, IRIS does not.
CREATE OR REPLACE FUNCTION iris_sys.compact_json(item jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT regexp_replace(item::text, '("(?:[^"\\]|\\.)*")|([:,]) ', '\1\2', 'g')
$$;

CREATE OR REPLACE FUNCTION iris_sys.json_text(item jsonb, path jsonpath) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE jsonb_typeof(v) WHEN 'number' THEN iris_sys.num_text((v #>> '{}')::numeric) WHEN 'boolean' THEN CASE WHEN v::boolean THEN '1' ELSE '0' END WHEN 'string' THEN v #>> '{}' WHEN 'null' THEN NULL ELSE iris_sys.compact_json(v) END
  FROM jsonb_path_query_first(item, path, '{}', true) AS v
$$;
`;

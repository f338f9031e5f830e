/**
 * Numeric functions. Results of NUMERIC arguments have at most 18 decimals, as on IRIS.
 * Source: InterSystems SQL Reference, the pages of the functions.
 */
export const NUMERIC_FUNCTIONS = String.raw`
-- A double in the digits that it was written with.
CREATE OR REPLACE FUNCTION iris.exact(x float8) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x IN ('Infinity', '-Infinity', 'NaN') THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<MAXNUMBER>'; END IF;
  RETURN trim_scale(round(x::text::numeric, 18));
END $$;

-- flag 0 rounds half away from zero, any other truncates.
CREATE OR REPLACE FUNCTION iris.round(x numeric, places numeric, flag numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE digits int4 := round(least(greatest(places, -1000), 1000))::int4;
BEGIN
  IF flag = 0 THEN RETURN trim_scale(round(x, digits)); END IF;
  RETURN trim_scale(trunc(x, digits));
END $$;

CREATE OR REPLACE FUNCTION iris.mod(a numeric, b numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF b = 0 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<DIVIDE>'; END IF;
  RETURN trim_scale(mod(a, b));
END $$;

-- More digits in than asked for make PostgreSQL compute with enough of them.
CREATE OR REPLACE FUNCTION iris.sqrt(x numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x < 0 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  RETURN trim_scale(round(sqrt(x + 0.00000000000000000000), 18));
END $$;

CREATE OR REPLACE FUNCTION iris.power(x numeric, y numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x = 0 AND y < 0 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  IF x < 0 AND y <> trunc(y) THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  IF x <> 0 AND abs(y * ln(abs(x))) > 709 THEN
    IF y * ln(abs(x)) < 0 THEN RETURN 0; END IF;
    RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<MAXNUMBER>';
  END IF;
  RETURN trim_scale(round(power(x + 0.00000000000000000000, y), 18));
END $$;

CREATE OR REPLACE FUNCTION iris.exp(x numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x > 334 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<MAXNUMBER>'; END IF;
  IF x < -334 THEN RETURN 0; END IF;
  RETURN trim_scale(round(exp(x + 0.00000000000000000000), 18));
END $$;

CREATE OR REPLACE FUNCTION iris.log(x numeric, base10 boolean) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x <= 0 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  IF base10 THEN RETURN trim_scale(round(log(10.00000000000000000000, x + 0.00000000000000000000), 18)); END IF;
  RETURN trim_scale(round(ln(x + 0.00000000000000000000), 18));
END $$;

CREATE OR REPLACE FUNCTION iris.arc(name text, x numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF abs(x) > 1 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  RETURN iris.exact(CASE name WHEN 'cos' THEN acos(x::float8) ELSE asin(x::float8) END);
END $$;

CREATE OR REPLACE FUNCTION iris.cot(x numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x = 0 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  RETURN iris.exact(cot(x::float8));
END $$;

CREATE OR REPLACE FUNCTION iris.degrees(x numeric) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN trim_scale(round(x * 180 / 3.14159265358979323846264338327950288, 18));

CREATE OR REPLACE FUNCTION iris.radians(x numeric) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN trim_scale(round(x * 3.14159265358979323846264338327950288 / 180, 18));

-- A text is a number as it stands: one sign, no blanks, an exponent up to 145.
CREATE OR REPLACE FUNCTION iris.isnumeric(x text) RETURNS int4 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE part text[] := regexp_match(x, '^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,9}))?$');
BEGIN
  IF part IS NULL THEN RETURN 0; END IF;
  RETURN CASE WHEN coalesce(part[1], '0')::int4 > 145 THEN 0 ELSE 1 END;
END $$;

-- STR: right-aligned in length characters, cut after the decimals; asterisks when it does not fit.
CREATE OR REPLACE FUNCTION iris.str(x text, length int4, decimals int4) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  digits int4 := least(greatest(decimals, 0), 1000);
  written text;
BEGIN
  IF x = '' THEN RETURN ''; END IF;
  PERFORM iris.check_length(length);
  written := regexp_replace(trunc(iris_sys.to_num(x), digits)::text, '^(-?)0\.', '\1.');
  IF char_length(written) > length THEN RETURN repeat('*', length); END IF;
  RETURN lpad(written, length);
END $$;

-- $JUSTIFY never cuts. With decimals the text is a number first, rounded or padded to them.
CREATE OR REPLACE FUNCTION iris.justify(x text, width int4) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  PERFORM iris.check_length(coalesce(width, 0));
  RETURN lpad(x, greatest(char_length(x), coalesce(width, 0)));
END $$;

CREATE OR REPLACE FUNCTION iris.justify(x text, width int4, decimals int4) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN iris.justify(round(coalesce(iris_sys.to_num(x), 0), least(greatest(coalesce(decimals, 0), 0), 1000))::text, width);
END $$;
`;

/**
 * What a value must pass before it is stored; \`field\` is the name for %msg, \`code\` IR104 in INSERT and IR105 in UPDATE.
 * The converted value is returned.
 */
export const VALIDATION_FUNCTIONS = String.raw`
CREATE OR REPLACE FUNCTION iris_sys.refuse(x text, field text, code text, why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = code,
    MESSAGE = format('Field ''%s'' (value %s) failed validation%s', field, quote_literal(left(x, 200)), coalesce(', ' || why, ''));
END $$;

CREATE OR REPLACE FUNCTION iris_sys.store_text(x text, max_length int4, field text, code text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF length(x) > max_length THEN
    PERFORM iris_sys.refuse(x, field, code, format('length longer than MAXLEN allowed of %s', max_length));
  END IF;
  RETURN x;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.store_listed(x text, listed text[], field text, code text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF x IS NOT NULL AND x <> ALL (listed) THEN PERFORM iris_sys.refuse(x, field, code, 'not a value of VALUELIST'); END IF;
  RETURN x;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.store_bytes(x bytea, max_length int4, field text, code text) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF length(x) > max_length THEN
    PERFORM iris_sys.refuse(encode(x, 'hex'), field, code, format('length longer than MAXLEN allowed of %s', max_length));
  END IF;
  RETURN x;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.store_number(x numeric, low numeric, high numeric, scale int4, field text, code text) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
BEGIN
  x := CASE WHEN scale IS NULL THEN x ELSE round(x, scale) END;
  IF x < low THEN PERFORM iris_sys.refuse(iris_sys.num_text(x), field, code, format('value less than MINVAL allowed of %s', low)); END IF;
  IF x > high THEN PERFORM iris_sys.refuse(iris_sys.num_text(x), field, code, format('value greater than MAXVAL allowed of %s', high)); END IF;
  RETURN x;
END $$;

-- A string for a numeric column must be a number as a whole.
CREATE OR REPLACE FUNCTION iris_sys.store_number_text(x text, field text, code text) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
DECLARE found numeric := iris_sys.whole_num(x);
BEGIN
  IF found IS NULL AND x IS NOT NULL THEN PERFORM iris_sys.refuse(x, field, code, 'not a valid number'); END IF;
  RETURN found;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.store_bit(x numeric, field text, code text) RETURNS int2 LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF x NOT IN (0, 1) THEN PERFORM iris_sys.refuse(iris_sys.num_text(x), field, code, 'not a valid Boolean'); END IF;
  RETURN x::int2;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.store_date(x int4, low int4, field text, code text) RETURNS int4 LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF x < low THEN PERFORM iris_sys.refuse(x::text, field, code, format('value less than MINVAL allowed of %s', low)); END IF;
  IF x > 2980013 THEN PERFORM iris_sys.refuse(x::text, field, code, 'value greater than MAXVAL allowed of 2980013'); END IF;
  RETURN x;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.store_time(x numeric, field text, code text) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF x < 0 OR x >= 86400 THEN PERFORM iris_sys.refuse(iris_sys.num_text(x), field, code, 'not a valid time'); END IF;
  RETURN x;
END $$;

-- A fraction is cut to its digits.
CREATE OR REPLACE FUNCTION iris_sys.store_moment(x text, low text, high text, digits int4, field text, code text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE found text := iris_sys.timestamp_of(x);
BEGIN
  IF x IS NULL OR x = '' THEN RETURN NULL; END IF;
  IF found IS NULL OR found < low OR found > high THEN PERFORM iris_sys.refuse(x, field, code, 'not a valid timestamp'); END IF;
  RETURN CASE WHEN length(found) > 20 + digits THEN rtrim(rtrim(left(found, 20 + digits), '0'), '.') ELSE found END;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.store_guid(x text, field text, code text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF x !~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' THEN
    PERFORM iris_sys.refuse(x, field, code, 'not a valid GUID');
  END IF;
  RETURN x;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.store_vector(x anyarray, dimension int4, field text, code text) RETURNS anyarray LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF cardinality(x) <> dimension THEN
    PERFORM iris_sys.refuse(left(x::text, 60), field, code, format('vector length %s is not %s', cardinality(x), dimension));
  END IF;
  RETURN x;
END $$;

-- SERIAL: a positive value is kept and moves the counter when it is larger; everything else takes the next number.
CREATE OR REPLACE FUNCTION iris_sys.next_serial(counter regclass, given numeric) RETURNS int8 LANGUAGE plpgsql VOLATILE AS $$
DECLARE current int8;
BEGIN
  IF given IS NULL OR given <= 0 THEN RETURN nextval(counter); END IF;
  current := coalesce(pg_sequence_last_value(counter), 0);
  IF given::int8 > current THEN PERFORM setval(counter, given::int8); END IF;
  RETURN given::int8;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.keep_serial(old int8, given numeric, field text) RETURNS int8 LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF given IS NULL OR given = 0 OR given = old OR old IS NULL OR old = 0 THEN RETURN coalesce(nullif(old, 0), given::int8); END IF;
  PERFORM iris_sys.refuse(given::text, field, 'IR105', 'a SERIAL value cannot be changed');
END $$;
`;

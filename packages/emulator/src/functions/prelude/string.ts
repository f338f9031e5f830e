/**
 * String functions whose NULLs, empty strings or positions are not PostgreSQL's.
 * Source: InterSystems SQL Reference, the pages of the functions.
 */
export const STRING_FUNCTIONS = String.raw`
CREATE OR REPLACE FUNCTION iris.fail(message text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = message; END $$;

-- The leading number of a text, NULL when it begins with none: CEILING, FLOOR, SIGN and REPEAT want to know.
CREATE OR REPLACE FUNCTION iris.number_or_null(x text) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN x ~ '^[+-]*(\d|\.\d)' THEN iris_sys.to_num(x) END;

-- No string of IRIS is longer than this.
CREATE OR REPLACE FUNCTION iris.check_length(length numeric) RETURNS void LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF length > 3641144 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<MAXSTRING>'; END IF;
END $$;

CREATE OR REPLACE FUNCTION iris.ascii(x text) RETURNS int4 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN starts_with(x, U&'\+10FFFF') THEN 0 WHEN x <> '' THEN ascii(x) END;

-- One character by its code. Half of a surrogate pair is no character of PostgreSQL's; U+FFFD stands for it.
CREATE OR REPLACE FUNCTION iris.character(code numeric) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN trunc(code) <= 0 THEN '' WHEN code BETWEEN 55296 AND 57343 THEN U&'\FFFD' ELSE chr(trunc(code)::int4) END;

-- What a collation that forces strings makes of its key: U+10FFFF stands for $CHAR(0), which PostgreSQL cannot hold.
CREATE OR REPLACE FUNCTION iris.prefixed(key text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN key = '' THEN U&' \+10FFFF' ELSE ' ' || coalesce(key, '') END;

-- CHAR: '' for a text that is no number, NULL out of range.
CREATE OR REPLACE FUNCTION iris.char(x text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN iris.number_or_null(x) IS NULL THEN ''
    WHEN iris.number_or_null(x) BETWEEN 0 AND 65535 THEN iris.character(iris.number_or_null(x)) END;

-- $CHAR(n, ...): codes out of range give nothing. $CHAR(0) alone is the empty string; inside of a text U+10FFFF stands for it.
CREATE OR REPLACE FUNCTION iris.chars(VARIADIC codes numeric[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT string_agg(CASE WHEN trunc(c) = 0 AND cardinality(codes) > 1 THEN U&'\+10FFFF'
      WHEN c BETWEEN 0 AND 1114111 THEN iris.character(c) ELSE '' END, '' ORDER BY n)
    FROM unnest(codes) WITH ORDINALITY AS u(c, n));

-- Position of the needle at or after start, 0 if there is none. The empty string is found only in itself.
CREATE OR REPLACE FUNCTION iris.find_from(haystack text, needle text, start int4) RETURNS int4
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE
    WHEN needle = '' THEN CASE WHEN haystack = '' AND start <= 1 THEN 1 ELSE 0 END
    WHEN strpos(substr(haystack, greatest(start, 1)), needle) = 0 THEN 0
    ELSE strpos(substr(haystack, greatest(start, 1)), needle) + greatest(start, 1) - 1 END;

CREATE OR REPLACE FUNCTION iris.charindex(needle text, haystack text, start int4) RETURNS int4 LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN iris.find_from(haystack, needle, coalesce(start, 0));

-- $FIND: the position after the match.
CREATE OR REPLACE FUNCTION iris.find(haystack text, needle text, start int4) RETURNS int4 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE iris.find_from(haystack, needle, start) WHEN 0 THEN 0
    ELSE iris.find_from(haystack, needle, start) + length(needle) END;

CREATE OR REPLACE FUNCTION iris.instr(haystack text, needle text, start int4, occurrence int4) RETURNS int4
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE at int4 := 0;
BEGIN
  IF haystack IS NULL OR needle IS NULL OR start < 0 THEN RETURN NULL; END IF;
  IF coalesce(start, 0) = 0 OR coalesce(occurrence, 0) < 1 THEN RETURN 0; END IF;
  FOR n IN 1..occurrence LOOP
    at := iris.find_from(haystack, needle, CASE n WHEN 1 THEN start ELSE at + 1 END);
    EXIT WHEN at = 0;
  END LOOP;
  RETURN at;
END $$;

-- SUBSTRING: a start below 1 takes characters off the length; length 0 is NULL.
CREATE OR REPLACE FUNCTION iris.substring(x text, start int4, length int4) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF length < 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'IR140', MESSAGE = 'Invalid length parameter passed to the SUBSTRING function';
  END IF;
  IF length = 0 THEN RETURN NULL; END IF;
  RETURN pg_catalog.substr(x, start, length);
END $$;

CREATE OR REPLACE FUNCTION iris.left(x text, count int4) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN pg_catalog.left(x, greatest(count, 0));

CREATE OR REPLACE FUNCTION iris.right(x text, count int4) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN pg_catalog.right(x, greatest(count, 0));

-- SUBSTR: a negative start counts from the end; nothing to return is NULL.
CREATE OR REPLACE FUNCTION iris.substr(x text, start int4, length int4) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN length >= 1 THEN
    nullif(pg_catalog.substr(x, CASE WHEN start < 0 THEN greatest(char_length(x) + start + 1, 1) ELSE greatest(start, 1) END, length), '') END;

-- $EXTRACT
CREATE OR REPLACE FUNCTION iris.extract(x text, start int4, stop int4) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN stop >= 1 AND stop >= greatest(start, 1)
    THEN nullif(pg_catalog.substr(x, greatest(start, 1), stop - greatest(start, 1) + 1), '') END;

CREATE OR REPLACE FUNCTION iris.extract(x text, at int4) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN at >= 1 THEN nullif(pg_catalog.substr(x, at, 1), '') END;

-- $PIECE: an empty piece and a piece that does not exist are both NULL.
CREATE OR REPLACE FUNCTION iris.piece(x text, delimiter text, start int4, stop int4) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE pieces text[];
BEGIN
  pieces := CASE WHEN delimiter = '' THEN ARRAY[x] ELSE string_to_array(x, delimiter) END;
  RETURN nullif(array_to_string(pieces[greatest(start, 1):stop], delimiter), '');
END $$;

-- $LENGTH counts NULL as nothing, and the empty string is a delimiter of itself alone.
CREATE OR REPLACE FUNCTION iris.pieces(x text, delimiter text) RETURNS int4 LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN delimiter IS NULL THEN 0
    WHEN delimiter = '' THEN CASE WHEN x = '' THEN 2 ELSE 1 END
    WHEN x IS NULL OR x = '' THEN 1
    ELSE (length(x) - length(replace(x, delimiter, ''))) / length(delimiter) + 1 END;

CREATE OR REPLACE FUNCTION iris.repeat(x text, times numeric) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF times < 0 THEN RETURN NULL; END IF;
  PERFORM iris.check_length(char_length(x) * trunc(times));
  RETURN pg_catalog.repeat(x, CASE WHEN x = '' THEN 1 ELSE trunc(times)::int4 END);
END $$;

CREATE OR REPLACE FUNCTION iris.space(count numeric) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN iris.repeat(' ', greatest(count, 0));

CREATE OR REPLACE FUNCTION iris.pad(x text, length int4, padding text, left_side boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  PERFORM iris.check_length(length);
  RETURN CASE WHEN left_side THEN lpad(x, length, padding) ELSE rpad(x, length, padding) END;
END $$;

CREATE OR REPLACE FUNCTION iris.replace(x text, old text, new text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF old = '' THEN RETURN CASE x WHEN '' THEN new ELSE x END; END IF;
  PERFORM iris.check_length(char_length(x) + (char_length(x) / char_length(old))::numeric * (char_length(new) - char_length(old)));
  RETURN pg_catalog.replace(x, old, new);
END $$;

-- STUFF: start 0 puts the new text in front. A start outside of the text gives NULL.
-- unverified on a live server: a negative length
CREATE OR REPLACE FUNCTION iris.stuff(x text, start int4, length int4, new text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN start BETWEEN 0 AND char_length(x) THEN
    overlay(x PLACING new FROM greatest(start, 1) FOR CASE start WHEN 0 THEN greatest(length - 1, 0) ELSE greatest(length, 0) END) END;

-- STRING leaves NULLs out; only NULLs give NULL.
CREATE OR REPLACE FUNCTION iris.string(VARIADIC parts text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN num_nonnulls(VARIADIC parts) > 0 THEN array_to_string(parts, '') END;
`;

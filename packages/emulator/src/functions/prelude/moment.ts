/**
 * Dates and times in all the forms that IRIS's date functions accept, as timestamps of PostgreSQL. They count in
 * microseconds: of nine digits of a fraction the last three are lost.
 * Source: InterSystems SQL Reference, DATEADD, DATEPART, HOUR, DAYOFMONTH and their like.
 */
export const MOMENT_FUNCTIONS = String.raw`
CREATE OR REPLACE FUNCTION iris.day_moment(day numeric) RETURNS timestamp LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN day BETWEEN -672045 AND 2980013 THEN (DATE '1840-12-31' + trunc(day)::int4)::timestamp END;

-- A time without a date is on 1900-01-01.
CREATE OR REPLACE FUNCTION iris.time_moment(seconds numeric) RETURNS timestamp LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN TIMESTAMP '1900-01-01' + make_interval(secs => seconds::float8);

CREATE OR REPLACE FUNCTION iris.moment_text(m timestamp) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN rtrim(rtrim(to_char(m, 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.');

-- Years of two digits: from 1901 to 1999 when window is 0, else those below it are of the next century.
CREATE OR REPLACE FUNCTION iris.make_day(year text, month int4, day text, window_end int4) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE full_year int4 := year::int4;
BEGIN
  IF length(year) = 2 THEN
    full_year := CASE WHEN window_end > 0 THEN full_year + CASE WHEN full_year < window_end THEN 2000 ELSE 1900 END
      ELSE nullif(full_year, 0) + 1900 END;
  END IF;
  RETURN make_date(nullif(full_year, 0), month, day::int4);
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format OR null_value_not_allowed THEN RETURN NULL;
END $$;

-- At least three letters, all of which must be right.
CREATE OR REPLACE FUNCTION iris.month_number(name text) RETURNS int4 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN length(name) >= 3 THEN (SELECT n::int4 FROM unnest(ARRAY['january', 'february', 'march', 'april', 'may', 'june',
    'july', 'august', 'september', 'october', 'november', 'december']) WITH ORDINALITY AS m(full_name, n)
    WHERE starts_with(full_name, lower(name))) END;

-- YYYY-MM-DD, MM/DD/YYYY with / - or . between them, and month names in several orders.
CREATE OR REPLACE FUNCTION iris.parse_day(x text, window_end int4) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE p text[];
BEGIN
  p := regexp_match(x, '^(\d{4})-(\d{1,2})-(\d{1,2})$');
  IF p IS NOT NULL THEN RETURN iris.make_day(p[1], p[2]::int4, p[3], window_end); END IF;
  p := regexp_match(x, '^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$');
  IF p IS NOT NULL THEN RETURN iris.make_day(p[4], p[1]::int4, p[3], window_end); END IF;
  p := regexp_match(x, '^([A-Za-z]{3,}) +(\d{1,2}),? +(\d{4}|\d{2})$');
  IF p IS NOT NULL THEN RETURN iris.make_day(p[3], iris.month_number(p[1]), p[2], window_end); END IF;
  p := regexp_match(x, '^(\d{1,2}) +([A-Za-z]{3,}),? +(\d{4}|\d{2})$');
  IF p IS NOT NULL THEN RETURN iris.make_day(p[3], iris.month_number(p[2]), p[1], window_end); END IF;
  p := regexp_match(x, '^(\d{4}) +([A-Za-z]{3,}) +(\d{1,2})$');
  IF p IS NOT NULL THEN RETURN iris.make_day(p[1], iris.month_number(p[2]), p[3], window_end); END IF;
  p := regexp_match(x, '^(\d{4}) +(\d{1,2}) +([A-Za-z]{3,})$');
  IF p IS NOT NULL THEN RETURN iris.make_day(p[1], iris.month_number(p[3]), p[2], window_end); END IF;
  RETURN NULL;
END $$;

-- Seconds since midnight of HH:, HH:MM, HH:MM:SS, with .f or :fff and AM or PM; NULL when it is no time.
-- What is left out between the colons is zero.
CREATE OR REPLACE FUNCTION iris.parse_clock(x text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  p text[] := regexp_match(x, '^(\d{1,2}|(?=:))(?::(\d{0,2}))?(?::(\d{0,2}))?(?:([.:])(\d{1,9}))?\s*(?:([AaPp])\.?[Mm]\.?)?$');
  hour int4;
  minute int4;
  second int4;
BEGIN
  IF p IS NULL THEN RETURN NULL; END IF;
  hour := coalesce(nullif(p[1], '')::int4, 0);
  minute := coalesce(nullif(p[2], '')::int4, 0);
  second := coalesce(nullif(p[3], '')::int4, 0);
  IF p[6] IS NOT NULL THEN
    IF hour NOT BETWEEN 1 AND 12 THEN RETURN NULL; END IF;
    hour := hour % 12 + CASE WHEN lower(p[6]) = 'p' THEN 12 ELSE 0 END;
  END IF;
  IF hour > 23 OR minute > 59 OR second > 59 THEN RETURN NULL; END IF;
  RETURN hour * 3600 + minute * 60 + second + CASE p[4]
    WHEN '.' THEN ('0.' || p[5])::numeric WHEN ':' THEN p[5]::numeric / 1000 ELSE 0 END;
END $$;

-- Any date, time or both; a day number, or day and seconds as in $HOROLOG. NULL when it is none of them.
-- A time alone is on the day given.
CREATE OR REPLACE FUNCTION iris.moment(given text, day date, window_end int4) RETURNS timestamp LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  x text := btrim(given);
  clock_form constant text := '\d{1,2}:[\d:.]*\s*(?:[AaPp]\.?[Mm]\.?)?|\d{1,2}\s*[AaPp][Mm]';
  p text[] := regexp_match(x, '^([+-]?\d{1,9})(?:,(\d{1,6}(?:\.\d*)?))?$');
  seconds numeric := 0;
BEGIN
  IF p IS NOT NULL THEN
    RETURN iris.day_moment(p[1]::numeric) + make_interval(secs => trunc(coalesce(p[2], '0')::numeric, 6)::float8);
  END IF;
  p := regexp_match(x, '^(' || clock_form || '|:[\d:.]*)$');
  IF p IS NOT NULL THEN
    seconds := iris.parse_clock(p[1]);
  ELSE
    p := regexp_match(x, '^(.*[^ T])[ T]+(' || clock_form || ')$');
    IF p IS NULL THEN
      p := regexp_match(x, '^(' || clock_form || ') +(.+)$');
      p := CASE WHEN p IS NULL THEN ARRAY[x, '0:'] ELSE ARRAY[p[2], p[1]] END;
    END IF;
    day := iris.parse_day(p[1], window_end);
    seconds := iris.parse_clock(p[2]);
  END IF;
  RETURN day::timestamp + make_interval(secs => trunc(seconds, 6)::float8);
END $$;

CREATE OR REPLACE FUNCTION iris.moment(given text) RETURNS timestamp LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN iris.moment(given, DATE '1900-01-01', 0);

CREATE OR REPLACE FUNCTION iris.moment_or_fail(x text, message text) RETURNS timestamp LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE found timestamp := iris.moment(x);
BEGIN
  IF found IS NULL THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = message; END IF;
  RETURN found;
END $$;

-- TIMESTAMPADD and TIMESTAMPDIFF take only whole dates of four digits a year, and hours of two digits; the rest of a
-- time may be left out.
CREATE OR REPLACE FUNCTION iris.odbc_timestamp_or_fail(given text, code text) RETURNS timestamp LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  x text := regexp_replace(btrim(given), '([ T]\d\d)$', '\1:');
  found timestamp;
BEGIN
  IF x ~ '^(\d{4}-\d{1,2}-\d{1,2})?([ T]*\d{2}:[\d:.]*)?$' OR x ~ '^[+-]?\d+(,[\d.]*)?$' THEN found := iris.moment(x); END IF;
  IF found IS NULL THEN RAISE EXCEPTION USING ERRCODE = code, MESSAGE = '<ILLEGAL VALUE>'; END IF;
  RETURN found;
END $$;

-- Digits 7 to 9 of a fraction at the end of a text.
CREATE OR REPLACE FUNCTION iris.nanos(x text) RETURNS int4 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN coalesce(rpad(substring(x FROM '\.\d{6}(\d{1,3})\d*\s*$'), 3, '0'), '0')::int4;

-- For the functions that take only day numbers, $HOROLOG and ODBC texts.
CREATE OR REPLACE FUNCTION iris.odbc_day(x text) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE p text[] := regexp_match(btrim(x), '^([+-]?\d{1,9})(?:,[\d.]*)?$');
BEGIN
  IF p IS NOT NULL THEN RETURN iris.day_moment(p[1]::numeric)::date; END IF;
  p := regexp_match(btrim(x), '^(\d{1,4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?$');
  IF p IS NULL THEN RETURN NULL; END IF;
  RETURN iris.make_day(lpad(p[1], 4, '0'), p[2]::int4, p[3], 0);
END $$;

-- The same where a time that follows the date must be one.
CREATE OR REPLACE FUNCTION iris.odbc_moment_or_fail(x text) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE p text[] := regexp_match(btrim(x), '^[^ T]*-[^ T]*[ T]+(.+)$');
BEGIN
  IF p IS NOT NULL AND iris.parse_clock(p[1]) IS NULL THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  RETURN iris.odbc_day_or_fail(x);
END $$;

CREATE OR REPLACE FUNCTION iris.odbc_day_or_fail(x text) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE found date := iris.odbc_day(x);
BEGIN
  IF found IS NULL THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  RETURN found;
END $$;

-- DAYOFMONTH takes the third piece of a text as it is, without looking at the rest.
CREATE OR REPLACE FUNCTION iris.day_of_month(x text) RETURNS int4 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE p text[] := regexp_match(split_part(btrim(x), ' ', 1), '^[^-]*-[^-]*-(\d{1,9})');
BEGIN
  IF p IS NOT NULL THEN RETURN nullif(p[1]::int4, 0); END IF;
  IF btrim(x) !~ '^[+-]?\d+(,[\d.]*)?$' THEN RETURN NULL; END IF;
  RETURN extract(day FROM iris.odbc_day(x))::int4;
END $$;

-- HOUR, MINUTE, SECOND: seconds since midnight of a number, of $HOROLOG, or of what follows the date.
CREATE OR REPLACE FUNCTION iris.clock_seconds(x text) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  p text[] := regexp_match(btrim(x), '^(?:[+-]?\d+,)?(\d{1,9}(?:\.\d*)?)$');
  clock text := split_part(replace(btrim(x), 'T', ' '), ' ', 2);
  found numeric;
BEGIN
  IF p IS NOT NULL THEN RETURN p[1]::numeric; END IF;
  IF clock = '' THEN RETURN 0; END IF;
  found := iris.parse_clock(clock);
  IF found IS NULL THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  RETURN found;
END $$;
`;

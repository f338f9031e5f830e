/** What is computed from dates. Source: InterSystems SQL Reference, the pages of the functions. */
export const DATE_FUNCTIONS = String.raw`
-- The full name of a date part, NULL for a word that is none.
CREATE OR REPLACE FUNCTION iris.part_name(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE lower(word)
    WHEN 'yyyy' THEN 'year' WHEN 'yy' THEN 'year' WHEN 'year' THEN 'year'
    WHEN 'qq' THEN 'quarter' WHEN 'q' THEN 'quarter' WHEN 'quarter' THEN 'quarter'
    WHEN 'mm' THEN 'month' WHEN 'm' THEN 'month' WHEN 'month' THEN 'month'
    WHEN 'wk' THEN 'week' WHEN 'ww' THEN 'week' WHEN 'week' THEN 'week'
    WHEN 'dw' THEN 'weekday' WHEN 'w' THEN 'weekday' WHEN 'weekday' THEN 'weekday'
    WHEN 'dd' THEN 'day' WHEN 'd' THEN 'day' WHEN 'day' THEN 'day'
    WHEN 'dy' THEN 'dayofyear' WHEN 'y' THEN 'dayofyear' WHEN 'dayofyear' THEN 'dayofyear'
    WHEN 'hh' THEN 'hour' WHEN 'h' THEN 'hour' WHEN 'hour' THEN 'hour'
    WHEN 'mi' THEN 'minute' WHEN 'n' THEN 'minute' WHEN 'minute' THEN 'minute'
    WHEN 'ss' THEN 'second' WHEN 's' THEN 'second' WHEN 'second' THEN 'second'
    WHEN 'ms' THEN 'millisecond' WHEN 'millisecond' THEN 'millisecond'
    WHEN 'mcs' THEN 'microsecond' WHEN 'microsecond' THEN 'microsecond'
    WHEN 'ns' THEN 'nanosecond' WHEN 'nanosecond' THEN 'nanosecond'
    WHEN 'sts' THEN 'sqltimestamp' WHEN 'sqltimestamp' THEN 'sqltimestamp' END;

-- Weeks begin on Sunday; the first one is what is left of it in January.
CREATE OR REPLACE FUNCTION iris.week(day date) RETURNS int4 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN ((extract(doy FROM day)::int4 - 1 + extract(dow FROM date_trunc('year', day))::int4) / 7 + 1);

CREATE OR REPLACE FUNCTION iris.fraction(m timestamp) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN extract(second FROM m) - trunc(extract(second FROM m));

CREATE OR REPLACE FUNCTION iris.datepart(part text, m timestamp) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE part
    WHEN 'year' THEN extract(year FROM m) WHEN 'quarter' THEN extract(quarter FROM m) WHEN 'month' THEN extract(month FROM m)
    WHEN 'week' THEN iris.week(m::date) WHEN 'weekday' THEN extract(dow FROM m) + 1 WHEN 'day' THEN extract(day FROM m)
    WHEN 'dayofyear' THEN extract(doy FROM m) WHEN 'hour' THEN extract(hour FROM m) WHEN 'minute' THEN extract(minute FROM m)
    WHEN 'second' THEN trim_scale(extract(second FROM m))
    WHEN 'millisecond' THEN trunc(iris.fraction(m) * 1000) WHEN 'microsecond' THEN trunc(iris.fraction(m) * 1000000)
    WHEN 'nanosecond' THEN trunc(iris.fraction(m) * 1000000000) END;

CREATE OR REPLACE FUNCTION iris.datename(part text, m timestamp) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE part
    WHEN 'month' THEN to_char(m, 'FMMonth') WHEN 'weekday' THEN to_char(m, 'FMDay')
    WHEN 'year' THEN to_char(m, 'YYYY')
    ELSE iris_sys.num_text(iris.datepart(part, m)) END;

CREATE OR REPLACE FUNCTION iris.dateadd(part text, units numeric, m timestamp) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  n float8 := trunc(units)::float8;
  result timestamp;
BEGIN
  IF abs(n) > 1e18 THEN RETURN NULL; END IF;
  result := m + CASE part
    WHEN 'year' THEN make_interval(years => n::int4) WHEN 'quarter' THEN make_interval(months => (3 * n)::int4)
    WHEN 'month' THEN make_interval(months => n::int4) WHEN 'week' THEN make_interval(days => (7 * n)::int4)
    WHEN 'weekday' THEN make_interval(days => n::int4) WHEN 'day' THEN make_interval(days => n::int4)
    WHEN 'dayofyear' THEN make_interval(days => n::int4) WHEN 'hour' THEN make_interval(hours => n::int4)
    WHEN 'minute' THEN make_interval(mins => n::int4) WHEN 'second' THEN make_interval(secs => n)
    WHEN 'millisecond' THEN make_interval(secs => n / 1000) WHEN 'microsecond' THEN make_interval(secs => n / 1000000)
    WHEN 'nanosecond' THEN make_interval(secs => n / 1000000000) END;
  RETURN CASE WHEN extract(year FROM result) BETWEEN 1 AND 9999 THEN iris.moment_text(result) END;
EXCEPTION WHEN datetime_field_overflow OR numeric_value_out_of_range OR interval_field_overflow THEN RETURN NULL;
END $$;

-- The same for a moment with so many nanoseconds beyond its microseconds.
CREATE OR REPLACE FUNCTION iris.dateadd(part text, units numeric, m timestamp, nanos int4) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  total numeric := nanos + CASE WHEN part = 'nanosecond' AND abs(units) <= 1e18 THEN trunc(units) ELSE 0 END;
  rest int4 := total - floor(total / 1000) * 1000;
  result text;
BEGIN
  IF part = 'nanosecond' THEN result := iris.dateadd('microsecond', floor(total / 1000), m);
  ELSE result := iris.dateadd(part, units, m);
  END IF;
  IF rest = 0 THEN RETURN result; END IF;
  RETURN rpad(result || CASE WHEN strpos(result, '.') > 0 THEN '' ELSE '.' END, 26, '0') || rtrim(lpad(rest::text, 3, '0'), '0');
END $$;

-- Boundaries crossed from a to b.
CREATE OR REPLACE FUNCTION iris.datediff(part text, a timestamp, b timestamp) RETURNS int8 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE part
    WHEN 'year' THEN extract(year FROM b) - extract(year FROM a)
    WHEN 'quarter' THEN 4 * (extract(year FROM b) - extract(year FROM a)) + extract(quarter FROM b) - extract(quarter FROM a)
    WHEN 'month' THEN 12 * (extract(year FROM b) - extract(year FROM a)) + extract(month FROM b) - extract(month FROM a)
    WHEN 'week' THEN floor((b::date - DATE '1899-12-31') / 7.0) - floor((a::date - DATE '1899-12-31') / 7.0)
    WHEN 'day' THEN b::date - a::date WHEN 'weekday' THEN b::date - a::date WHEN 'dayofyear' THEN b::date - a::date
    WHEN 'hour' THEN floor(extract(epoch FROM b) / 3600) - floor(extract(epoch FROM a) / 3600)
    WHEN 'minute' THEN floor(extract(epoch FROM b) / 60) - floor(extract(epoch FROM a) / 60)
    WHEN 'second' THEN floor(extract(epoch FROM b)) - floor(extract(epoch FROM a))
    WHEN 'millisecond' THEN floor(extract(epoch FROM b) * 1000) - floor(extract(epoch FROM a) * 1000)
    WHEN 'microsecond' THEN floor(extract(epoch FROM b) * 1000000) - floor(extract(epoch FROM a) * 1000000)
    WHEN 'nanosecond' THEN (floor(extract(epoch FROM b) * 1000000) - floor(extract(epoch FROM a) * 1000000)) * 1000 END::int8;

-- unverified on a live server: on which day a week begins here
CREATE OR REPLACE FUNCTION iris.date_trunc(part text, m timestamp) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN iris.moment_text(CASE part
    WHEN 'week' THEN date_trunc('day', m) - make_interval(days => extract(dow FROM m)::int4)
    WHEN 'weekday' THEN date_trunc('day', m) WHEN 'dayofyear' THEN date_trunc('day', m)
    WHEN 'millisecond' THEN date_trunc('milliseconds', m) WHEN 'microsecond' THEN m WHEN 'nanosecond' THEN m
    ELSE date_trunc(part, m) END);

CREATE OR REPLACE FUNCTION iris.last_day(day date) RETURNS int4 LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce((date_trunc('month', day) + INTERVAL '1 month - 1 day')::date - DATE '1840-12-31', 0);

-- DATE(text): what is no ODBC timestamp is day 0.
CREATE OR REPLACE FUNCTION iris.date(x text) RETURNS int4 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN x ~ '^\d{1,4}-\d{1,2}-\d{1,2}([ T]\d{1,2}(:\d{0,2}(:\d{0,2}(\.\d*)?)?)?)?$'
    AND (split_part(x, ' ', 2) = '' OR iris.parse_clock(rtrim(split_part(x, ' ', 2), '.')) IS NOT NULL)
    THEN coalesce(iris.odbc_day(x) - DATE '1840-12-31', 0) ELSE 0 END;

-- The clock: one reading for a whole statement, cut to the digits asked for.
CREATE OR REPLACE FUNCTION iris.now_text(digits int4, utc boolean) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN CASE WHEN digits BETWEEN 0 AND 9
    THEN rtrim(rtrim(left(to_char(CASE WHEN utc THEN now() AT TIME ZONE 'UTC' ELSE localtimestamp END,
      'YYYY-MM-DD HH24:MI:SS.US'), 20 + digits), '0'), '.') ELSE iris.fail('<ILLEGAL VALUE>') END;

CREATE OR REPLACE FUNCTION iris.now_day(utc boolean) RETURNS int4 LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (CASE WHEN utc THEN (now() AT TIME ZONE 'UTC')::date ELSE localtimestamp::date END) - DATE '1840-12-31';

CREATE OR REPLACE FUNCTION iris.now_seconds(digits int4, utc boolean) RETURNS numeric LANGUAGE sql STABLE PARALLEL SAFE
  RETURN CASE WHEN digits BETWEEN 0 AND 9 THEN trim_scale(trunc(extract(epoch FROM
    (CASE WHEN utc THEN now() AT TIME ZONE 'UTC' ELSE localtimestamp END)::time), digits)) ELSE iris.fail('<ILLEGAL VALUE>')::numeric END;
`;

/**
 * What CAST and CONVERT make of texts, and the format codes of CONVERT.
 * Source: InterSystems SQL Reference, CAST and CONVERT.
 */
export const CONVERT_FUNCTIONS = String.raw`
CREATE OR REPLACE FUNCTION iris_sys.slash_iso(x text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN regexp_replace(x, '^(\d{1,2})/(\d{1,2})/(\d{4})', '\3-\1-\2');

CREATE OR REPLACE FUNCTION iris_sys.cast_date(x text) RETURNS int4 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN coalesce(iris_sys.date_of(split_part(iris_sys.slash_iso(trim(x)), ' ', 1)), 0);

CREATE OR REPLACE FUNCTION iris_sys.cast_time(x text) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN coalesce(iris_sys.time_of(regexp_replace(trim(x), '^\S+-\S+ ', '')), 0);

-- The two-digit years of CAST and CONVERT are those from 1950 to 2049; a time alone is on day 1.
CREATE OR REPLACE FUNCTION iris_sys.cast_timestamp(x text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE found text := iris_sys.timestamp_of(iris_sys.slash_iso(trim(x)));
BEGIN
  IF found IS NOT NULL OR trim(x) = '' THEN RETURN coalesce(found, ''); END IF;
  found := iris.moment_text(iris.moment(x, DATE '1841-01-01', 50));
  -- unverified on a live server: that a text which is no timestamp fails; the manual says so of dates that are none
  IF found IS NULL THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  RETURN found;
END $$;

-- What DATETIME columns take: any form of a date or time.
CREATE OR REPLACE FUNCTION iris_sys.imprecise_timestamp(x text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN coalesce(iris_sys.timestamp_of(x), iris.moment_text(iris.moment(x)), x);

-- A time on a day, with its fraction.
CREATE OR REPLACE FUNCTION iris_sys.time_on(day int4, seconds numeric) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN iris_sys.date_text(day) || ' ' || iris_sys.time_text(seconds) ||
    CASE WHEN seconds = trunc(seconds) THEN '' ELSE substr(trim_scale(seconds - trunc(seconds))::text, 2) END;

-- {d '...'}: a date, or the date of a timestamp that is valid as a whole.
CREATE OR REPLACE FUNCTION iris_sys.date_literal(x text) RETURNS int4 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN iris_sys.odbc_date(coalesce(left(iris_sys.timestamp_of(x), 10), x));

-- {ts '...'}: ODBC and locale forms, or a day number. A date that is written in full but is none stays as it is.
CREATE OR REPLACE FUNCTION iris_sys.timestamp_literal(x text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN coalesce(
    iris_sys.timestamp_of(iris_sys.slash_iso(x)),
    CASE WHEN x ~ '^-?(0|[1-9]\d{0,6})$' AND x::int4 BETWEEN -672045 AND 2980013 THEN iris_sys.date_text(x::int4) || ' 00:00:00'
      WHEN x ~ '^(\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4})$' THEN x || ' 00:00:00' END,
    'error');

-- CAST: 1 for a number that is not 0 and for the word true.
CREATE OR REPLACE FUNCTION iris_sys.cast_bit(x text) RETURNS int2 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (CASE WHEN lower(x) = 'true' OR iris_sys.to_num(x) <> 0 THEN 1 ELSE 0 END)::int2;

CREATE OR REPLACE FUNCTION iris_sys.refuse_convert(x text) RETURNS void LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'IR141', MESSAGE = format('Invalid input ''%s'' for CONVERT', x);
END $$;

CREATE OR REPLACE FUNCTION iris_sys.convert_bit(x text) RETURNS int2 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF coalesce(iris_sys.whole_num(x), 2) NOT IN (0, 1) THEN PERFORM iris_sys.refuse_convert(x); END IF;
  RETURN x::numeric::int2;
END $$;

-- A text without a format code, in whichever form it is.
CREATE OR REPLACE FUNCTION iris_sys.convert_moment(x text) RETURNS timestamp LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE found timestamp := iris.moment(x, DATE '1900-01-01', 50);
BEGIN
  IF found IS NULL THEN PERFORM iris_sys.refuse_convert(x); END IF;
  RETURN found;
END $$;

-- How the date of a format code is written; '' for those of times alone.
CREATE OR REPLACE FUNCTION iris_sys.style_order(style int4) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN style IN (0, 100, 9, 109) THEN 'b d y'
    WHEN style IN (1, 101) THEN 'm/d/y'
    WHEN style IN (2, 102) THEN 'y.m.d'
    WHEN style IN (3, 103, 131) THEN 'd/m/y'
    WHEN style IN (4, 104) THEN 'd.m.y'
    WHEN style IN (5, 105) THEN 'd-m-y'
    WHEN style IN (6, 106, 13, 113, 130) THEN 'd b y'
    WHEN style IN (7, 107) THEN 'b d, y'
    WHEN style IN (10, 110) THEN 'm-d-y'
    WHEN style IN (11, 111) THEN 'y/m/d'
    WHEN style IN (12, 112) THEN 'ymd'
    WHEN style IN (20, 120, 21, 121, 126) THEN 'y-m-d'
    WHEN style IN (8, 108, 14, 114) THEN '' END;

-- The date of a text of a format code, NULL when it is not in its form.
CREATE OR REPLACE FUNCTION iris_sys.style_day(x text, form text) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  pattern text := CASE form WHEN 'ymd' THEN '(\d{4}|\d{2})(\d{2})(\d{2})'
    ELSE replace(replace(regexp_replace(replace(replace(form, ' ', ' +'), '.', '\.'), '[md]', '(\d{1,2})', 'g'),
      'y', '(\d{4}|\d{2})'), 'b', '([A-Za-z]{3,})') END;
  part text[];
  letters text := regexp_replace(form, '[^mdyb]', '', 'g');
  month int4;
BEGIN
  part := regexp_match(x, '^' || pattern || '$');
  IF part IS NULL THEN RETURN NULL; END IF;
  month := CASE WHEN strpos(letters, 'b') > 0 THEN iris.month_number(part[strpos(letters, 'b')])
    ELSE part[strpos(letters, 'm')]::int4 END;
  RETURN iris.make_day(part[strpos(letters, 'y')], month, part[strpos(letters, 'd')], 50);
END $$;

-- A text by its format code, with or without a time. A code that does not exist gives 1900-01-01.
CREATE OR REPLACE FUNCTION iris_sys.parse_styled(x text, style int4) RETURNS timestamp LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  form text := iris_sys.style_order(style);
  part text[] := regexp_match(btrim(x), '^(.*?)(?:(?:^|[ T]+)(\d{1,2}:[\d:.]*\s*(?:[AaPp][Mm])?))?$');
  day date := DATE '1900-01-01';
  seconds numeric := 0;
BEGIN
  IF form IS NULL THEN RETURN TIMESTAMP '1900-01-01'; END IF;
  IF form = '' AND part[2] IS NULL THEN PERFORM iris_sys.refuse_convert(x); END IF;
  IF part[1] <> '' OR form <> '' THEN day := iris_sys.style_day(btrim(part[1]), CASE form WHEN '' THEN 'y-m-d' ELSE form END); END IF;
  IF part[2] IS NOT NULL THEN seconds := iris.parse_clock(part[2]); END IF;
  IF day IS NULL OR seconds IS NULL THEN PERFORM iris_sys.refuse_convert(x); END IF;
  RETURN day::timestamp + make_interval(secs => seconds::float8);
END $$;

-- Half of the codes write two digits of the year, the others four; the rest of the text is the same.
CREATE OR REPLACE FUNCTION iris_sys.styled(x timestamp, style int4) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN to_char(x, CASE
    WHEN style IN (0, 100) THEN 'Mon DD YYYY HH12:MIAM'
    WHEN style = 1 THEN 'MM/DD/YY' WHEN style = 101 THEN 'MM/DD/YYYY'
    WHEN style = 2 THEN 'YY.MM.DD' WHEN style = 102 THEN 'YYYY.MM.DD'
    WHEN style = 3 THEN 'DD/MM/YY' WHEN style = 103 THEN 'DD/MM/YYYY'
    WHEN style = 4 THEN 'DD.MM.YY' WHEN style = 104 THEN 'DD.MM.YYYY'
    WHEN style = 5 THEN 'DD-MM-YY' WHEN style = 105 THEN 'DD-MM-YYYY'
    WHEN style = 6 THEN 'DD Mon YY' WHEN style = 106 THEN 'DD Mon YYYY'
    WHEN style = 7 THEN 'Mon FMDD, YY' WHEN style = 107 THEN 'Mon FMDD, YYYY'
    WHEN style IN (8, 108) THEN 'HH24:MI:SS'
    WHEN style IN (9, 109) THEN 'Mon DD YYYY HH12:MI:SS:MSAM'
    WHEN style = 10 THEN 'MM-DD-YY' WHEN style = 110 THEN 'MM-DD-YYYY'
    WHEN style = 11 THEN 'YY/MM/DD' WHEN style = 111 THEN 'YYYY/MM/DD'
    WHEN style = 12 THEN 'YYMMDD' WHEN style = 112 THEN 'YYYYMMDD'
    WHEN style IN (13, 113) THEN 'DD Mon YYYY HH24:MI:SS:MS'
    WHEN style IN (14, 114) THEN 'HH24:MI:SS.MS'
    WHEN style IN (20, 120) THEN 'YYYY-MM-DD HH24:MI:SS'
    WHEN style IN (21, 121) THEN 'YYYY-MM-DD HH24:MI:SS.MS'
    -- Documented with a point before the fraction, but shown with a colon.
    WHEN style = 126 THEN 'YYYY-MM-DD"T"HH24:MI:SS:MS'
    WHEN style = 130 THEN 'DD Mon YYYY HH12:MI:SS:MSAM'
    WHEN style = 131 THEN 'DD/MM/YYYY HH12:MI:SS:MSAM'
    ELSE '"1900-01-01 00:00:00"' END);
`;

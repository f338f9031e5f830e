/**
 * TO_DATE, TO_TIMESTAMP and TO_POSIXTIME: texts read by the codes of a format.
 * Source: InterSystems SQL Reference, the pages of the functions.
 */
export const PARSE_FORMAT_FUNCTIONS = String.raw`
-- Two digits of a year: 19xx, or with RR the century that is nearer.
CREATE OR REPLACE FUNCTION iris.full_year(digits text, code text) RETURNS int4 LANGUAGE sql STABLE STRICT PARALLEL SAFE
  RETURN CASE
    WHEN length(digits) > 2 THEN digits::int4
    WHEN code NOT LIKE 'RR%' THEN 1900 + digits::int4
    WHEN extract(year FROM localtimestamp)::int4 % 100 < 50 AND digits::int4 >= 50
      THEN extract(year FROM localtimestamp)::int4 / 100 * 100 - 100 + digits::int4
    ELSE extract(year FROM localtimestamp)::int4 / 100 * 100 + digits::int4 END;

-- The month that a name means: of a date its first three letters count, of a timestamp as many as there are, but all of them.
CREATE OR REPLACE FUNCTION iris.named_month(name text, as_date boolean) RETURNS int4 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (SELECT min(n)::int4 FROM unnest(ARRAY['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august',
    'september', 'october', 'november', 'december']) WITH ORDINALITY AS u(full_name, n)
    WHERE CASE WHEN as_date THEN starts_with(full_name, left(lower(name), 3))
      ELSE starts_with(full_name, lower(name)) OR starts_with(lower(name), full_name) END);

-- Reads x by the format: the moment, and the digits of its fraction as they stand.
-- Without a month a date takes the current one, a timestamp January.
CREATE OR REPLACE FUNCTION iris.read_format(x text, format text, as_date boolean, OUT moment timestamp, OUT fraction text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  rest text := btrim(regexp_replace(x, '([AaPp])\.[Mm]\.', '\1M', 'g'));
  part text;
  code text;
  piece text;
  has_time boolean := false;
  year int4;
  month int4;
  day int4;
  day_of_year int4;
  clock numeric := 0;
  hour int4;
  meridian text;
BEGIN
  -- A format without a code reads nothing.
  IF rest = '' OR NOT EXISTS (SELECT FROM unnest(iris.format_parts(btrim(format))) AS p WHERE p LIKE 'c%') THEN
    RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>';
  END IF;
  FOREACH part IN ARRAY iris.format_parts(btrim(format)) LOOP
    EXIT WHEN rest = '';
    code := substr(part, 2);
    IF part LIKE 'l%' THEN
      CONTINUE WHEN code ~ '^[[:alnum:]]' OR rest ~ '^\s*[AaPp][Mm]\s*$';
      piece := coalesce(substring(rest FROM '^[^[:alnum:]]+'), '');
      IF regexp_replace(piece, '\s', '', 'g') <> regexp_replace(code, '\s', '', 'g') THEN
        RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>';
      END IF;
      rest := substr(rest, length(piece) + 1);
      CONTINUE;
    END IF;
    IF code IN ('AM', 'PM') THEN
      meridian := lower(substring(rest FROM '^\s*([AaPp])[Mm]'));
      rest := regexp_replace(rest, '^\s*[AaPp][Mm]', '');
      CONTINUE;
    END IF;
    -- What the text leaves out before AM or PM is zero.
    CONTINUE WHEN code IN ('MI', 'SS', 'FF') AND rest ~ '^\s*[AaPp][Mm]\s*$';
    piece := CASE
      WHEN code IN ('MON', 'MONTH', 'DY', 'DAY') THEN substring(rest FROM '^[[:alpha:]]+')
      WHEN code IN ('YYYY', 'RRRR') THEN substring(rest FROM '^\d{1,4}')
      WHEN code IN ('DDD', 'YYY') THEN substring(rest FROM '^\d{1,3}')
      WHEN code = 'J' THEN substring(rest FROM '^\d{1,7}') WHEN code = 'SSSSS' THEN substring(rest FROM '^\d{1,5}')
      WHEN code = 'FF' THEN substring(rest FROM '^\d{1,18}')
      WHEN code IN ('D', 'Y') THEN substring(rest FROM '^\d') ELSE substring(rest FROM '^\d{1,2}') END;
    IF piece IS NULL THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
    rest := substr(rest, length(piece) + 1);
    has_time := has_time OR code IN ('HH', 'HH12', 'HH24', 'MI', 'SS', 'SSSSS', 'FF');
    CASE
      WHEN code IN ('YYYY', 'YYY', 'YY', 'RRRR', 'RR', 'Y') THEN year := iris.full_year(piece, code);
      WHEN code IN ('MON', 'MONTH') THEN
        month := iris.named_month(piece, as_date);
        IF month IS NULL THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
      WHEN code IN ('MM', 'M') THEN month := piece::int4;
      WHEN code = 'DD' THEN day := piece::int4;
      WHEN code = 'DDD' THEN day_of_year := piece::int4;
      WHEN code IN ('HH', 'HH12', 'HH24') THEN hour := piece::int4;
      WHEN code = 'MI' THEN clock := clock + 60 * piece::int4;
      WHEN code = 'SS' THEN clock := clock + piece::int4;
      WHEN code = 'SSSSS' THEN clock := piece::int4;
      WHEN code = 'FF' THEN fraction := piece;
      WHEN code = 'J' THEN
        moment := iris.day_of_julian(piece::int4)::timestamp;
        RETURN;
      ELSE NULL;
    END CASE;
    IF (code IN ('MI', 'SS') AND piece::int4 > 59) THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  END LOOP;
  meridian := coalesce(meridian, lower(substring(rest FROM '^\s*([AaPp])[Mm]\s*$')));
  -- A time after all that the format names still counts for a timestamp.
  IF NOT has_time AND NOT as_date THEN clock := coalesce(iris.parse_clock(btrim(rest)), 0); END IF;
  IF meridian IS NOT NULL AND hour IS NOT NULL THEN
    IF hour NOT BETWEEN 1 AND 12 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
    hour := hour % 12 + CASE meridian WHEN 'p' THEN 12 ELSE 0 END;
  END IF;
  IF hour > 23 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  clock := clock + 3600 * coalesce(hour, 0);
  moment := iris.assemble(year, month, day, day_of_year, as_date) + make_interval(secs => clock::float8);
END $$;

CREATE OR REPLACE FUNCTION iris.assemble(year int4, month int4, day int4, day_of_year int4, as_date boolean) RETURNS timestamp
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  full_year int4 := coalesce(year, extract(year FROM localtimestamp)::int4);
  this_month int4 := CASE WHEN as_date THEN extract(month FROM localtimestamp)::int4 ELSE 1 END;
  last_day int4;
BEGIN
  IF day_of_year IS NULL THEN RETURN make_date(full_year, coalesce(month, this_month), coalesce(day, 1))::timestamp; END IF;
  last_day := make_date(full_year, 12, 31) - make_date(full_year, 1, 1) + 1;
  IF day_of_year NOT BETWEEN 1 AND last_day THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  RETURN (make_date(full_year, 1, 1) + day_of_year - 1)::timestamp;
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
  RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>';
END $$;

CREATE OR REPLACE FUNCTION iris.to_date(x text, format text) RETURNS int4 LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE day int4;
BEGIN
  day := (iris.read_format(x, format, true)).moment::date - DATE '1840-12-31';
  IF day < 0 AND upper(btrim(format)) <> 'J' THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  RETURN day;
END $$;

CREATE OR REPLACE FUNCTION iris.to_date(x text) RETURNS int4 LANGUAGE sql STABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN x ~ '^-?\d{1,7}$' THEN x::int4 ELSE iris.to_date(x, 'DD MON YYYY') END;

-- A timestamp keeps the fraction as it is written.
CREATE OR REPLACE FUNCTION iris.to_timestamp(x text, format text) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE found record := iris.read_format(x, format, false);
BEGIN
  RETURN iris.moment_text(found.moment) || coalesce('.' || found.fraction, '');
END $$;

-- Six digits, and no zeros at the end.
CREATE OR REPLACE FUNCTION iris.to_posixtime(x text, format text) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  found record := iris.read_format(x, format, false);
  digits text := rtrim(left(found.fraction, 6), '0');
BEGIN
  RETURN iris.moment_text(found.moment) || CASE WHEN digits <> '' THEN '.' || digits ELSE '' END;
END $$;
`;

/**
 * TO_CHAR: format codes in the manner of Oracle, but only whole words of a format are codes.
 * Source: InterSystems SQL Reference, the pages of the functions.
 */
export const FORMAT_FUNCTIONS = String.raw`
-- A format in pieces: c and a code, or l and literal text. Codes without separators, as in YYYYMMDD, are taken apart.
CREATE OR REPLACE FUNCTION iris.format_parts(format text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  rest text := regexp_replace(format, '([AaPp])\.[Mm]\.', '\1M', 'g');
  parts text[] := ARRAY[]::text[];
  word text;
BEGIN
  WHILE rest <> '' LOOP
    word := coalesce(substring(rest FROM '^[[:alnum:]]+'), substring(rest FROM '^[^[:alnum:]]+'));
    rest := substr(rest, length(word) + 1);
    IF upper(word) IN ('D', 'DD', 'DDD', 'DY', 'DAY', 'M', 'MM', 'MON', 'MONTH', 'Y', 'YY', 'YYY', 'YYYY', 'RR', 'RRRR', 'J',
        'HH', 'HH12', 'HH24', 'MI', 'SS', 'SSSSS', 'FF', 'AM', 'PM') THEN
      parts := parts || ('c' || upper(word));
    ELSIF upper(word) ~ '^(YYYY|MM|DD|HH|MI|SS){2,}$' THEN
      parts := parts || ARRAY(SELECT 'c' || code[1] FROM regexp_matches(upper(word), 'YYYY|MM|DD|HH|MI|SS', 'g') AS r(code));
    ELSE
      parts := parts || ('l' || word);
    END IF;
  END LOOP;
  RETURN parts;
END $$;

-- The Julian day: days before 1582-10-15 are of the Julian calendar.
CREATE OR REPLACE FUNCTION iris.julian_day(day date) RETURNS int4 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN day >= DATE '1582-10-15' THEN to_char(day, 'J')::int4
    ELSE extract(day FROM day)::int4 + (153 * ((extract(month FROM day)::int4 + 9) % 12) + 2) / 5
      + 365 * (extract(year FROM day)::int4 + 4800 - (14 - extract(month FROM day)::int4) / 12)
      + (extract(year FROM day)::int4 + 4800 - (14 - extract(month FROM day)::int4) / 12) / 4 - 32083 END;

-- The same of a year before 1, whose count goes on backwards without a break: year 0 comes before year 1.
CREATE OR REPLACE FUNCTION iris.julian_of_text(x text) RETURNS int4 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  p text[] := regexp_match(btrim(x), '^(-\d{1,4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?$');
  y int4;
  m int4;
  found int4;
BEGIN
  IF p IS NULL THEN RETURN NULL; END IF;
  m := p[2]::int4;
  IF m NOT BETWEEN 1 AND 12 OR p[3]::int4 NOT BETWEEN 1 AND 31 THEN RETURN NULL; END IF;
  y := p[1]::int4 + 4800 - (14 - m) / 12;
  found := p[3]::int4 + (153 * ((m + 9) % 12) + 2) / 5 + 365 * y + y / 4 - 32083;
  RETURN CASE WHEN found >= 0 THEN found END;
END $$;

-- Years before 1 are those of PostgreSQL, whose year 1 BC is IRIS's year 0.
CREATE OR REPLACE FUNCTION iris.day_of_julian(j int4) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  c int4 := j + 32082;
  d int4 := (4 * c + 3) / 1461;
  e int4 := c - 1461 * d / 4;
  m int4 := (5 * e + 2) / 153;
  year int4 := d - 4800 + m / 10;
BEGIN
  IF j NOT BETWEEN 1 AND 5373484 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>'; END IF;
  IF j >= 2299161 THEN RETURN DATE '1840-12-31' + (j - 2393471); END IF;
  RETURN make_date(CASE WHEN year <= 0 THEN year - 1 ELSE year END, m + 3 - 12 * (m / 10), e - (153 * m + 2) / 5 + 1);
END $$;

CREATE OR REPLACE FUNCTION iris.format_code(code text, m timestamp) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE code
    WHEN 'D' THEN (extract(dow FROM m) + 1)::text WHEN 'DD' THEN to_char(m, 'DD') WHEN 'DDD' THEN extract(doy FROM m)::text
    WHEN 'DY' THEN to_char(m, 'Dy') WHEN 'DAY' THEN to_char(m, 'FMDay')
    WHEN 'MM' THEN to_char(m, 'MM') WHEN 'MON' THEN to_char(m, 'Mon') WHEN 'MONTH' THEN to_char(m, 'FMMonth')
    WHEN 'YYYY' THEN to_char(m, 'YYYY') WHEN 'RRRR' THEN to_char(m, 'YYYY') WHEN 'YYY' THEN right(to_char(m, 'YYYY'), 3)
    WHEN 'YY' THEN right(to_char(m, 'YYYY'), 2) WHEN 'RR' THEN right(to_char(m, 'YYYY'), 2) WHEN 'Y' THEN right(to_char(m, 'YYYY'), 1)
    WHEN 'J' THEN lpad(iris.julian_day(m::date)::text, 7, '0')
    WHEN 'HH' THEN to_char(m, 'HH12') WHEN 'HH12' THEN to_char(m, 'HH12') WHEN 'HH24' THEN to_char(m, 'HH24')
    WHEN 'MI' THEN to_char(m, 'MI') WHEN 'SS' THEN to_char(m, 'SS')
    WHEN 'SSSSS' THEN trunc(extract(epoch FROM m::time))::text
    WHEN 'AM' THEN to_char(m, 'AM') WHEN 'PM' THEN to_char(m, 'AM') ELSE code END;

-- What a TO_CHAR format is applied to: a time for formats of time codes alone, else a date.
CREATE OR REPLACE FUNCTION iris.format_moment(x text, only_time boolean, julian boolean) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE found timestamp;
BEGIN
  IF only_time AND x ~ '^\d+(\.\d+)?$' AND x::numeric < 86400 THEN RETURN iris.time_moment(trunc(x::numeric)); END IF;
  IF only_time THEN RETURN iris.moment_or_fail(x, '<ILLEGAL VALUE>'); END IF;
  IF x ~ '^\d{1,4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:[\d:.]*)?$' OR x ~ '^\d+,\d+' THEN
    RETURN iris.moment_or_fail(x, '<ILLEGAL VALUE>');
  END IF;
  -- Anything else is a day number up to the first character that is no digit.
  found := iris.day_moment(trunc(iris_sys.to_num(x)));
  IF found IS NULL OR (NOT julian AND found < TIMESTAMP '1840-12-31') THEN
    RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<ILLEGAL VALUE>';
  END IF;
  RETURN found;
END $$;

CREATE OR REPLACE FUNCTION iris.to_char(x text, format text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  parts text[];
  codes text[];
  m timestamp;
  -- A month and a day of a timestamp that are written without a zero come back without it.
  bare text[] := regexp_match(btrim(x), '^\d{1,4}-(\d{1,2})-(\d{1,2})[ T]');
BEGIN
  IF format ~* '^(FM)?[09$BSGD.,]*[09][09$BSGD.,]*$' THEN RETURN iris.number_format(iris_sys.to_num(x), format); END IF;
  IF upper(btrim(format)) = 'J' AND iris.julian_of_text(x) IS NOT NULL THEN
    RETURN lpad(iris.julian_of_text(x)::text, 7, '0');
  END IF;
  parts := iris.format_parts(format);
  codes := ARRAY(SELECT substr(p, 2) FROM unnest(parts) AS p WHERE p LIKE 'c%');
  IF cardinality(codes) = 0 THEN RETURN CASE WHEN x ~ '^\d\d' THEN repeat('#', length(x)) END; END IF;
  m := iris.format_moment(x, codes <@ ARRAY['HH', 'HH12', 'HH24', 'MI', 'SS', 'SSSSS', 'AM', 'PM'], 'J' = ANY (codes));
  RETURN (SELECT string_agg(CASE WHEN p = 'cMM' AND length(bare[1]) = 1 THEN bare[1] WHEN p = 'cDD' AND length(bare[2]) = 1 THEN bare[2]
      WHEN p LIKE 'c%' THEN iris.format_code(substr(p, 2), m) ELSE substr(p, 2) END, '' ORDER BY n)
    FROM unnest(parts) WITH ORDINALITY AS u(p, n));
END $$;

-- Digits for the places of a format, from the right: 9 is blank and 0 is zero where the number has none.
CREATE OR REPLACE FUNCTION iris.fill_places(places text, digits text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result text := '';
  place text;
  used int4 := 0;
BEGIN
  FOR i IN REVERSE length(places)..1 LOOP
    place := substr(places, i, 1);
    IF place IN (',', 'G') THEN
      result := CASE WHEN used < length(digits) OR strpos(left(places, i - 1), '0') > 0 THEN ',' ELSE ' ' END || result;
    ELSE
      used := used + 1;
      result := CASE
        WHEN used <= length(digits) THEN substr(digits, length(digits) - used + 1, 1)
        WHEN strpos(left(places, i), '0') > 0 THEN '0' ELSE ' ' END || result;
    END IF;
  END LOOP;
  RETURN result;
END $$;

CREATE OR REPLACE FUNCTION iris.number_format(x numeric, format text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  body text := regexp_replace(upper(format), '^FM', '');
  places text := translate(body, 'S$BD', '.');
  whole text;
  decimals text;
  value numeric;
  digits text;
  filled text;
  sign text;
  result text;
BEGIN
  places := translate(replace(body, 'D', '.'), 'S$B', '');
  whole := split_part(places, '.', 1);
  decimals := split_part(places, '.', 2);
  value := round(abs(x), length(decimals));
  digits := CASE
    WHEN trunc(value) > 0 THEN trunc(value)::text
    WHEN strpos(body, 'B') > 0 OR (value > 0 AND decimals <> '') THEN '' ELSE '0' END;
  IF length(digits) > length(translate(whole, 'G,', '')) AND digits <> '0' THEN RETURN repeat('#', length(format) + 1); END IF;
  filled := iris.fill_places(whole, digits);
  sign := CASE WHEN x < 0 AND value <> 0 THEN '-' WHEN strpos(body, 'S') > 0 THEN '+' ELSE ' ' END;
  result := CASE WHEN strpos(body, '$') > 0 THEN '$' ELSE '' END || ltrim(filled) || CASE WHEN decimals = '' THEN ''
    ELSE '.' || lpad(trunc((value - trunc(value)) * power(10::numeric, length(decimals)))::text, length(decimals), '0') END;
  result := CASE WHEN body LIKE '%S' AND length(body) > 1 THEN result || sign ELSE sign || result END;
  result := repeat(' ', length(filled) - length(ltrim(filled))) || result;
  RETURN CASE WHEN upper(format) LIKE 'FM%' THEN btrim(result) ELSE result END;
END $$;

-- TO_CHAR without a format: whole numbers, and timestamps without a fraction.
CREATE OR REPLACE FUNCTION iris.to_char(x text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN iris.moment(x) IS NOT NULL AND x ~ '^\d{4}-' THEN split_part(x, '.', 1)
    ELSE iris_sys.num_text(trunc(iris_sys.to_num(x))) END;
`;

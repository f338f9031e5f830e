/**
 * $LIST values are bytea with the bytes that IRIS itself uses, so that they go to clients and come back unchanged.
 * An element is its length (one byte; 00 and two bytes; 00 00 00 and four), a type byte, and data:
 * 01 Latin-1, 02 UTF-16LE, 04 and 05 integers, 06 and 07 decimals, 08 and 09 doubles. 01 alone is no value.
 * The SQL empty string is the one character $C(0). Source: public client drivers, which read and write them.
 */
export const LIST_FUNCTIONS = String.raw`
CREATE OR REPLACE FUNCTION iris.little_endian(x bytea) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN reverse(x);

-- A signed number of up to eight little-endian bytes; missing ones are fill, 0 or 255.
CREATE OR REPLACE FUNCTION iris.integer_of(x bytea, fill int4) RETURNS int8 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result int8 := 0;
  byte int8;
BEGIN
  FOR i IN REVERSE 7..0 LOOP
    byte := CASE WHEN i < length(x) THEN get_byte(x, i) ELSE fill END;
    result := (result << 8) | byte;
  END LOOP;
  RETURN result;
END $$;

CREATE OR REPLACE FUNCTION iris.item_text(type int4, data bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  size int4 := length(data);
  exponent int4;
BEGIN
  CASE type
    WHEN 1 THEN
      IF data = '\x00' THEN RETURN ''; END IF;
      IF size = 0 THEN RETURN NULL; END IF;
      RETURN iris.latin1_text(data);
    WHEN 2 THEN
      RETURN iris.utf16_text(data);
    WHEN 4 THEN RETURN iris.integer_of(data, 0)::text;
    WHEN 5 THEN RETURN iris.integer_of(data, 255)::text;
    WHEN 6, 7 THEN
      IF size = 0 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<LIST>'; END IF;
      exponent := get_byte(data, 0);
      IF exponent > 127 THEN exponent := exponent - 256; END IF;
      RETURN iris_sys.num_text((iris.integer_of(substring(data FROM 2), CASE type WHEN 6 THEN 0 ELSE 255 END)::text
        || 'e' || exponent)::numeric);
    WHEN 8, 9 THEN RETURN iris_sys.num_text(iris.double_of(data, type = 8 AND size < 5));
    ELSE RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<LIST>';
  END CASE;
END $$;

-- PGlite has no LATIN1 conversion. Zero bytes are left out: no text of PostgreSQL holds them.
CREATE OR REPLACE FUNCTION iris.latin1_text(data bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE escaped text := encode(data, 'escape');
BEGIN
  IF strpos(escaped, '\') = 0 THEN RETURN escaped; END IF;
  RETURN (SELECT coalesce(string_agg(chr(nullif(get_byte(data, i), 0)), '' ORDER BY i), '') FROM generate_series(0, length(data) - 1) AS i);
END $$;

CREATE OR REPLACE FUNCTION iris.latin1_bytes(x text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN octet_length(x) = char_length(x) THEN convert_to(x, 'UTF8')
    ELSE (SELECT decode(string_agg(lpad(to_hex(ascii(c)), 2, '0'), '' ORDER BY n), 'hex') FROM string_to_table(x, NULL) WITH ORDINALITY AS u(c, n)) END;

CREATE OR REPLACE FUNCTION iris.utf16_text(data bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result text := '';
  unit int4;
  high int4 := 0;
BEGIN
  FOR i IN 0..length(data) / 2 - 1 LOOP
    unit := get_byte(data, 2 * i) + 256 * get_byte(data, 2 * i + 1);
    IF unit BETWEEN 55296 AND 56319 THEN high := unit;
    ELSIF unit BETWEEN 56320 AND 57343 AND high > 0 THEN
      result := result || chr(65536 + (high - 55296) * 1024 + (unit - 56320));
      high := 0;
    ELSIF unit > 0 THEN result := result || iris.character(unit);
    END IF;
  END LOOP;
  RETURN result;
END $$;

-- IEEE 754 from little-endian bytes whose low zero bytes were left out.
CREATE OR REPLACE FUNCTION iris.double_of(data bytea, single boolean) RETURNS float8 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  width int4 := CASE WHEN single THEN 4 ELSE 8 END;
  bits int8 := 0;
  exponent_bits int4 := CASE WHEN single THEN 8 ELSE 11 END;
  fraction_bits int4 := CASE WHEN single THEN 23 ELSE 52 END;
  exponent int8;
  fraction int8;
  value float8;
BEGIN
  FOR i IN REVERSE length(data) - 1..0 LOOP bits := (bits << 8) | get_byte(data, i); END LOOP;
  bits := bits << (8 * (width - least(length(data), width)));
  exponent := (bits >> fraction_bits) & ((1::int8 << exponent_bits) - 1);
  fraction := bits & ((1::int8 << fraction_bits) - 1);
  IF exponent = (1::int8 << exponent_bits) - 1 THEN
    value := CASE WHEN fraction = 0 THEN 'Infinity'::float8 ELSE 'NaN'::float8 END;
  ELSIF exponent = 0 THEN
    value := fraction * power(2::float8, 2 - (1 << (exponent_bits - 1)) - fraction_bits);
  ELSE
    value := (1 + fraction * power(2::float8, -fraction_bits)) * power(2::float8, exponent - (1 << (exponent_bits - 1)) + 1);
  END IF;
  RETURN CASE WHEN (bits >> (8 * width - 1)) & 1 = 1 THEN -value ELSE value END;
END $$;

-- The elements as texts. -400 <LIST> for bytes that are no list.
CREATE OR REPLACE FUNCTION iris.list_array(list bytea) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result text[] := ARRAY[]::text[];
  total int4 := length(list);
  at int4 := 0;
  size int4;
  start int4;
BEGIN
  WHILE at < total LOOP
    size := get_byte(list, at) - 1;
    start := at + 1;
    IF size = -1 THEN
      IF at + 3 > total THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<LIST>'; END IF;
      size := get_byte(list, at + 1) + 256 * get_byte(list, at + 2);
      start := at + 3;
      IF size = 0 THEN
        IF at + 7 > total OR get_byte(list, at + 6) > 63 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<LIST>'; END IF;
        size := iris.integer_of(substring(list FROM at + 4 FOR 4), 0)::int4;
        start := at + 7;
      END IF;
    END IF;
    IF start + size > total THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<LIST>'; END IF;
    result := result || CASE WHEN size = 0 THEN NULL::text
      ELSE iris.item_text(get_byte(list, start), substring(list FROM start + 2 FOR size - 1)) END;
    at := start + size;
  END LOOP;
  RETURN result;
END $$;

CREATE OR REPLACE FUNCTION iris.list_item(type int4, data bytea) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE
    WHEN length(data) < 254 THEN set_byte('\x00', 0, length(data) + 2) || set_byte('\x00', 0, type) || data
    WHEN length(data) < 65535 THEN '\x00'::bytea || reverse(substring(int4send(length(data) + 1) FROM 3)) || set_byte('\x00', 0, type) || data
    ELSE '\x000000'::bytea || reverse(int4send(length(data) + 1)) || set_byte('\x00', 0, type) || data END;

CREATE OR REPLACE FUNCTION iris.list_text_item(x text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  wide bytea := '';
  code int4;
BEGIN
  IF x IS NULL THEN RETURN '\x01'; END IF;
  IF x = '' THEN RETURN '\x030100'; END IF;
  IF x !~ U&'[^\0001-\00FF]' THEN RETURN iris.list_item(1, iris.latin1_bytes(x)); END IF;
  FOR i IN 1..char_length(x) LOOP
    code := ascii(substr(x, i, 1));
    IF code > 65535 THEN
      wide := wide || iris.unit(55296 + (code - 65536) / 1024) || iris.unit(56320 + (code - 65536) % 1024);
    ELSE
      wide := wide || iris.unit(code);
    END IF;
  END LOOP;
  RETURN iris.list_item(2, wide);
END $$;

CREATE OR REPLACE FUNCTION iris.unit(code int4) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN reverse(substring(int4send(code) FROM 3));

-- Minimal little-endian bytes: trailing 00 of a positive number and FF of a negative one are left out.
CREATE OR REPLACE FUNCTION iris.minimal(x int8) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  bytes bytea := reverse(int8send(x));
  fill int4 := CASE WHEN x < 0 THEN 255 ELSE 0 END;
  size int4 := 8;
BEGIN
  WHILE size > 0 AND get_byte(bytes, size - 1) = fill LOOP size := size - 1; END LOOP;
  RETURN substring(bytes FROM 1 FOR size);
END $$;

CREATE OR REPLACE FUNCTION iris.list_number_item(x numeric) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  digits numeric := trim_scale(x);
  places int4;
BEGIN
  IF x IS NULL THEN RETURN '\x01'; END IF;
  places := scale(digits);
  IF places > 127 OR abs(digits * power(10::numeric, places)) > 9223372036854775807 THEN RETURN iris.list_text_item(iris_sys.num_text(x)); END IF;
  IF places = 0 THEN RETURN iris.list_item(CASE WHEN x < 0 THEN 5 ELSE 4 END, iris.minimal(digits::int8)); END IF;
  RETURN iris.list_item(CASE WHEN x < 0 THEN 7 ELSE 6 END,
    set_byte('\x00', 0, 256 - places) || iris.minimal((digits * power(10::numeric, places))::int8));
END $$;

CREATE OR REPLACE FUNCTION iris.list_from_array(items text[]) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN coalesce((SELECT string_agg(iris.list_text_item(x), ''::bytea ORDER BY n) FROM unnest(items) WITH ORDINALITY AS u(x, n)), ''::bytea);

-- A text is no list: its bytes would be readable.
CREATE OR REPLACE FUNCTION iris.to_list(x text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<LIST>'; END $$;

-- ODBC form: the elements with commas between them.
CREATE OR REPLACE FUNCTION iris.list_text(list bytea) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN array_to_string(iris.list_array(list), ',', '');

CREATE OR REPLACE FUNCTION iris.list_elements(list bytea) RETURNS SETOF text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN unnest(iris.list_array(list));

-- The same with their positions as keys, for FOR SOME %ELEMENT.
CREATE OR REPLACE FUNCTION iris.list_rows(list bytea) RETURNS TABLE (v text, k text) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  BEGIN ATOMIC SELECT u.v, u.n::text FROM unnest(iris.list_array(list)) WITH ORDINALITY AS u(v, n); END;

CREATE OR REPLACE FUNCTION iris.list_to_string(list bytea, delimiter text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN array_to_string(iris.list_array(list), delimiter, '');

CREATE OR REPLACE FUNCTION iris.list_from_string(x text, delimiter text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN iris.list_from_array(CASE WHEN x = '' OR delimiter = '' THEN ARRAY[x] ELSE string_to_array(x, delimiter) END);

CREATE OR REPLACE FUNCTION iris.list_length(list bytea) RETURNS int4 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN cardinality(iris.list_array(list));

-- -1 is the last element; less is an error.
CREATE OR REPLACE FUNCTION iris.list_position(items text[], at int4) RETURNS int4 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF at < -1 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<RANGE>'; END IF;
  RETURN CASE WHEN at = -1 THEN cardinality(items) ELSE at END;
END $$;

-- $LIST(list, n): an element that is not there or has no value is an error.
CREATE OR REPLACE FUNCTION iris.list_element(list bytea, at int4) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  items text[] := iris.list_array(list);
  n int4 := iris.list_position(items, at);
BEGIN
  IF n = 0 THEN RETURN NULL; END IF;
  IF items[n] IS NULL THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<NULL VALUE>'; END IF;
  RETURN items[n];
END $$;

CREATE OR REPLACE FUNCTION iris.list_slice(list bytea, start int4, stop int4) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE items text[] := iris.list_array(list);
BEGIN
  RETURN nullif(iris.list_from_array(items[greatest(iris.list_position(items, start), 1):iris.list_position(items, stop)]), ''::bytea);
END $$;

CREATE OR REPLACE FUNCTION iris.list_get(list bytea, at int4, otherwise text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE items text[] := iris.list_array(list);
BEGIN
  IF list IS NULL THEN RETURN otherwise; END IF;
  RETURN coalesce(items[iris.list_position(items, coalesce(at, 0))], otherwise);
END $$;

CREATE OR REPLACE FUNCTION iris.list_data(list bytea, at int4) RETURNS int4 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE items text[] := iris.list_array(list);
BEGIN
  RETURN CASE WHEN items[iris.list_position(items, at)] IS NULL THEN 0 ELSE 1 END;
END $$;

CREATE OR REPLACE FUNCTION iris.list_find(list bytea, value text, after int4) RETURNS int4 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE items text[] := iris.list_array(list);
BEGIN
  IF after < -1 THEN RAISE EXCEPTION USING ERRCODE = 'IR400', MESSAGE = '<RANGE>'; END IF;
  IF after = -1 THEN RETURN 0; END IF;
  RETURN coalesce((SELECT min(n) FROM unnest(items) WITH ORDINALITY AS u(x, n) WHERE x = value AND n > after), 0)::int4;
END $$;

CREATE OR REPLACE FUNCTION iris.list_same(a bytea, b bytea) RETURNS int4 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN iris.list_array(a) IS NOT DISTINCT FROM iris.list_array(b) THEN 1 ELSE 0 END;
`;

/** Tables of the engine itself. */
export const SYSTEM_TABLES = `
CREATE SCHEMA IF NOT EXISTS iris_sys;
CREATE SCHEMA IF NOT EXISTS iris_data;
CREATE TABLE IF NOT EXISTS iris_sys.settings (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE IF NOT EXISTS iris_sys.catalog (id int8 PRIMARY KEY, doc text NOT NULL);
-- What open IRIS transactions have changed: the row images that ROLLBACK restores, and at the same time the row locks.
CREATE TABLE IF NOT EXISTS iris_sys.undo (
  seq bigserial PRIMARY KEY,
  txn int8 NOT NULL,
  tab oid NOT NULL,
  rid int8 NOT NULL,
  op "char" NOT NULL,
  image jsonb
);
CREATE INDEX IF NOT EXISTS undo_row ON iris_sys.undo (tab, rid);
CREATE INDEX IF NOT EXISTS undo_txn ON iris_sys.undo (txn, seq);
CREATE SEQUENCE IF NOT EXISTS iris_sys.rowversion;
`;

/**
 * Undo and locking. Every statement commits in PostgreSQL at once, so that all sessions see it (READ UNCOMMITTED);
 * while an IRIS transaction is open, a trigger keeps what is needed to take its changes back.
 * \`iris.txn\` is the transaction of the statement, '' outside one; \`iris.others\` is '1' while others are open.
 */
export const UNDO_FUNCTIONS = `
CREATE OR REPLACE FUNCTION iris_sys.my_txn() RETURNS int8 LANGUAGE sql STABLE AS
  $$ SELECT coalesce(nullif(current_setting('iris.txn', true), '')::int8, 0) $$;

CREATE OR REPLACE FUNCTION iris_sys.locked(row_table oid, row_id int8) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM iris_sys.undo u WHERE u.tab = row_table AND u.rid = row_id AND u.txn <> iris_sys.my_txn()) THEN
    RAISE EXCEPTION USING ERRCODE = 'IRLCK', MESSAGE = 'row is locked', DETAIL = row_id::text;
  END IF;
END $$;

-- BEFORE trigger: refuses to touch what another transaction has changed.
CREATE OR REPLACE FUNCTION iris_sys.check_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM iris_sys.locked(TG_RELID, OLD.rid);
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION iris_sys.keep_undo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO iris_sys.undo (txn, tab, rid, op) VALUES (iris_sys.my_txn(), TG_RELID, NEW.rid, 'I');
  ELSE
    INSERT INTO iris_sys.undo (txn, tab, rid, op, image)
    VALUES (iris_sys.my_txn(), TG_RELID, OLD.rid, CASE TG_OP WHEN 'DELETE' THEN 'D' ELSE 'U' END, to_jsonb(OLD));
    IF TG_OP = 'UPDATE' AND NEW.rid <> OLD.rid THEN
      INSERT INTO iris_sys.undo (txn, tab, rid, op) VALUES (iris_sys.my_txn(), TG_RELID, NEW.rid, 'I');
    END IF;
  END IF;
  RETURN NULL;
END $$;

-- Takes back what the transaction did after the given point, newest first. No trigger fires meanwhile.
CREATE OR REPLACE FUNCTION iris_sys.undo_transaction(which int8, after_seq int8) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  entry record;
  target text;
  columns text;
  seen oid := 0;
BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);
  FOR entry IN SELECT * FROM iris_sys.undo u WHERE u.txn = which AND u.seq > after_seq ORDER BY u.seq DESC LOOP
    IF entry.tab <> seen THEN
      seen := entry.tab;
      target := seen::regclass::text;
      -- Computed columns compute themselves.
      SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns FROM pg_attribute a
        WHERE a.attrelid = seen AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
    END IF;
    IF entry.op = 'I' THEN
      EXECUTE format('DELETE FROM %s WHERE rid = $1', target) USING entry.rid;
    ELSE
      EXECUTE format('DELETE FROM %s WHERE rid = $1', target) USING entry.rid;
      EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, $1)', target, columns, columns, target)
        USING entry.image;
    END IF;
  END LOOP;
  DELETE FROM iris_sys.undo u WHERE u.txn = which AND u.seq > after_seq;
  PERFORM set_config('session_replication_role', 'origin', true);
END $$;
`;

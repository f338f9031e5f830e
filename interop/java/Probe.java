import java.io.StringReader;
import java.math.BigDecimal;
import java.sql.*;
import java.util.*;

/** The official JDBC driver against the server in IRIS_TEST_HOST/PORT: one line `ok` or `not ok` for each case. */
public class Probe {
  interface Body {
    void run() throws Exception;
  }

  static final String URL =
      "jdbc:IRIS://" + System.getenv("IRIS_TEST_HOST") + ":" + System.getenv("IRIS_TEST_PORT") + "/USER";
  static Connection connection;
  static int failures = 0;

  static void test(String name, Body body) {
    try {
      connection = DriverManager.getConnection(URL, "_SYSTEM", "SYS");
      body.run();
      connection.close();
      System.out.println("ok - " + name);
    } catch (Throwable error) {
      failures++;
      System.out.println("not ok - " + name + "\n  # " + error);
    }
  }

  static void equal(Object got, Object expected) {
    if (!Objects.equals(got, expected)) throw new AssertionError("got " + got + ", expected " + expected);
  }

  static void execute(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) statement.execute(sql);
    }
  }

  /** The values of some columns, row by row. */
  static List<String> rows(ResultSet rows, String... columns) throws SQLException {
    List<String> found = new ArrayList<>();
    while (rows.next()) {
      List<String> row = new ArrayList<>();
      for (String column : columns) row.add(rows.getString(column));
      found.add(String.join(",", row));
    }
    return found;
  }

  public static void main(String[] arguments) throws Exception {
    Class.forName("com.intersystems.jdbc.IRISDriver");
    statements();
    transactions();
    streams();
    metaData();
    procedures();
    System.exit(failures == 0 ? 0 : 1);
  }

  static void statements() {
    test("DDL, prepared insert and select of every type", () -> {
      execute("drop table if exists jdbc.child", "drop table if exists jdbc.t",
          "create table jdbc.t (id integer primary key, name varchar(50) not null, n numeric(10,2), d date, tm time,"
              + " ts timestamp, b bit, f double, note longvarchar, data longvarbinary)",
          "create index byname on jdbc.t (name)",
          "create table jdbc.child (id identity primary key, t_id integer,"
              + " constraint tot foreign key (t_id) references jdbc.t (id) on delete cascade)");
      try (PreparedStatement insert =
          connection.prepareStatement("insert into jdbc.t (id,name,n,d,tm,ts,b,f) values (?,?,?,?,?,?,?,?)")) {
        insert.setInt(1, 1);
        insert.setString(2, "Ж\u00e9");
        insert.setBigDecimal(3, new BigDecimal("12.34"));
        insert.setDate(4, java.sql.Date.valueOf("2024-02-29"));
        insert.setTime(5, Time.valueOf("12:34:56"));
        insert.setTimestamp(6, Timestamp.valueOf("2024-02-29 12:34:56.789"));
        insert.setBoolean(7, true);
        insert.setDouble(8, 1.5);
        equal(insert.executeUpdate(), 1);
      }
      try (PreparedStatement select = connection.prepareStatement("select * from jdbc.t where id = ?")) {
        select.setInt(1, 1);
        ResultSet row = select.executeQuery();
        equal(row.next(), true);
        equal(row.getString("name"), "Ж\u00e9");
        equal(row.getBigDecimal("n"), new BigDecimal("12.34"));
        equal(row.getDate("d").toString() + row.getTime("tm"), "2024-02-2912:34:56");
        equal(row.getTimestamp("ts"), Timestamp.valueOf("2024-02-29 12:34:56.789"));
        equal(row.getBoolean("b") + " " + row.getDouble("f"), "true 1.5");
      }
    });
    test("batches, of one prepared statement and of several statements", () -> {
      try (PreparedStatement insert = connection.prepareStatement("insert into jdbc.t (id,name) values (?,?)")) {
        for (int id = 10; id < 15; id++) {
          insert.setInt(1, id);
          insert.setString(2, "n" + id);
          insert.addBatch();
        }
        equal(Arrays.toString(insert.executeBatch()), "[1, 1, 1, 1, 1]");
      }
      try (Statement batch = connection.createStatement()) {
        batch.addBatch("insert into jdbc.t (id,name) values (20,'a')");
        batch.addBatch("update jdbc.t set n = 1 where id >= 14");
        equal(Arrays.toString(batch.executeBatch()), "[1, 2]");
      }
    });
    test("generated keys, 3,000 rows over several pages, a row limit", () -> {
      try (PreparedStatement insert = connection.prepareStatement(
          "insert into jdbc.child (t_id) values (?)", Statement.RETURN_GENERATED_KEYS)) {
        insert.setInt(1, 1);
        insert.executeUpdate();
        equal(rows(insert.getGeneratedKeys(), "ID"), List.of("1"));
        for (int i = 1; i < 3000; i++) {
          insert.setInt(1, 1);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      try (Statement select = connection.createStatement()) {
        equal(rows(select.executeQuery("select id from jdbc.child"), "id").size(), 3000);
        select.setMaxRows(2);
        equal(rows(select.executeQuery("select id from jdbc.child"), "id").size(), 2);
      }
    });
    test("errors carry SQLCODE, SQLSTATE and text", () -> {
      try {
        execute("select * from jdbc.nothing");
        throw new AssertionError("no error");
      } catch (SQLException error) {
        equal(error.getErrorCode() + " " + error.getSQLState(), "30 S0002");
        equal(error.getMessage().startsWith("[SQLCODE: <-30>:"), true);
      }
    });
  }

  static void transactions() {
    test("rollback, commit, savepoints", () -> {
      connection.setAutoCommit(false);
      execute("insert into jdbc.t (id,name) values (30,'x')");
      connection.rollback();
      execute("insert into jdbc.t (id,name) values (31,'x')");
      Savepoint savepoint = connection.setSavepoint("here");
      execute("insert into jdbc.t (id,name) values (32,'x')");
      connection.rollback(savepoint);
      connection.commit();
      try (Statement select = connection.createStatement()) {
        equal(rows(select.executeQuery("select id from jdbc.t where id >= 30"), "id"), List.of("31"));
      }
    });
    test("isolation level, isValid, cancel from another connection", () -> {
      equal(connection.getTransactionIsolation(), Connection.TRANSACTION_READ_UNCOMMITTED);
      equal(connection.isValid(5), true);
      try (Statement statement = connection.createStatement()) {
        statement.cancel();
      }
      equal(connection.isValid(5), true);
    });
  }

  static void streams() {
    test("CLOB and BLOB, in and out", () -> {
      String text = "ж".repeat(100_000);
      byte[] bytes = new byte[200_000];
      new Random(1).nextBytes(bytes);
      try (PreparedStatement update = connection.prepareStatement("update jdbc.t set note = ?, data = ? where id = 1")) {
        update.setCharacterStream(1, new StringReader(text), text.length());
        update.setBinaryStream(2, new java.io.ByteArrayInputStream(bytes), bytes.length);
        equal(update.executeUpdate(), 1);
      }
      try (Statement select = connection.createStatement()) {
        ResultSet row = select.executeQuery("select note, data from jdbc.t where id = 1");
        row.next();
        equal(row.getClob(1).length() + row.getClob(1).getSubString(2, 2), "100000жж");
        equal(Arrays.equals(row.getBinaryStream(2).readAllBytes(), bytes), true);
      }
    });
  }

  static void metaData() {
    test("tables, columns, keys, indexes", () -> {
      DatabaseMetaData about = connection.getMetaData();
      equal(rows(about.getTables(null, "jdbc", "%", new String[] {"TABLE"}), "TABLE_NAME"), List.of("child", "t"));
      List<String> columns = rows(about.getColumns(null, "jdbc", "t", "n%"), "COLUMN_NAME", "DATA_TYPE", "IS_NULLABLE");
      equal(columns, List.of("name,12,NO", "n,2,YES", "note,-1,YES"));
      equal(rows(about.getPrimaryKeys(null, "jdbc", "t"), "COLUMN_NAME", "KEY_SEQ"), List.of("id,1"));
      List<String> keys = List.of("t,id,child,t_id,0");
      String[] wanted = {"PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_NAME", "FKCOLUMN_NAME", "DELETE_RULE"};
      equal(rows(about.getImportedKeys(null, "jdbc", "child"), wanted), keys);
      equal(rows(about.getExportedKeys(null, "jdbc", "t"), wanted), keys);
      equal(rows(about.getCrossReference(null, "jdbc", "t", null, "jdbc", "child"), wanted), keys);
      equal(rows(about.getIndexInfo(null, "jdbc", "t", false, false), "COLUMN_NAME"), List.of("id", "name"));
      equal(rows(about.getIndexInfo(null, "jdbc", "t", true, false), "COLUMN_NAME"), List.of("id"));
      equal(rows(about.getSchemas(null, "jdbc"), "TABLE_SCHEM"), List.of("jdbc"));
      equal(rows(about.getTypeInfo(), "TYPE_NAME").contains("VARCHAR"), true);
      equal(rows(about.getTableTypes(), "TABLE_TYPE").contains("VIEW"), true);
      equal(rows(about.getBestRowIdentifier(null, "jdbc", "t", 0, true), "COLUMN_NAME"), List.of("id"));
    });
    test("metadata of parameters and results", () -> {
      try (PreparedStatement select = connection.prepareStatement("select n from jdbc.t where name = ? and n > ?")) {
        equal(select.getParameterMetaData().getParameterCount(), 2);
        ResultSetMetaData about = select.getMetaData();
        equal(about.getColumnName(1) + about.getPrecision(1) + "." + about.getScale(1), "n10.2");
      }
    });
  }

  static void procedures() {
    test("procedures with rows, functions, their metadata", () -> {
      execute("drop procedure if exists jdbc.find", "drop function if exists jdbc.twice",
          "create procedure jdbc.find(in a integer) language sql begin select name from jdbc.t where id = :a; end",
          "create function jdbc.twice(a integer) returns integer language sql begin return :a * 2; end");
      try (CallableStatement call = connection.prepareCall("{call jdbc.find(?)}")) {
        call.setInt(1, 10);
        equal(rows(call.executeQuery(), "name"), List.of("n10"));
      }
      try (CallableStatement call = connection.prepareCall("{? = call jdbc.twice(?)}")) {
        call.registerOutParameter(1, Types.INTEGER);
        call.setInt(2, 21);
        call.execute();
        equal(call.getInt(1), 42);
      }
      DatabaseMetaData about = connection.getMetaData();
      equal(rows(about.getProcedures(null, "jdbc", "%"), "PROCEDURE_NAME"), List.of("find"));
      equal(rows(about.getProcedureColumns(null, "jdbc", "find", "%"), "COLUMN_NAME"), List.of("a"));
      equal(rows(about.getFunctions(null, "jdbc", "%"), "FUNCTION_NAME"), List.of("twice"));
    });
    test("OUT parameters", () -> {
      execute("drop procedure if exists jdbc.outs",
          "create procedure jdbc.outs(in k integer, out s varchar(50)) language sql"
              + " begin select name into :s from jdbc.t where id = :k; end");
      try (CallableStatement call = connection.prepareCall("{call jdbc.outs(?, ?)}")) {
        call.setInt(1, 11);
        call.registerOutParameter(2, Types.VARCHAR);
        call.execute();
        equal(call.getString(2), "n11");
      }
    });
  }
}

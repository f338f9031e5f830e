"""The official Python DB-API against the server in IRIS_TEST_HOST/PORT: one line `ok` or `not ok` for each case."""

import datetime
import decimal
import os
import sys
import traceback

import iris

HOST = os.environ["IRIS_TEST_HOST"]
PORT = int(os.environ["IRIS_TEST_PORT"])
failures = 0


def connect(password="SYS"):
    return iris.connect(HOST, PORT, "USER", "_SYSTEM", password, 10, sharedmemory=False)


def case(name):
    def run(test):
        global failures
        try:
            test()
            print(f"ok - {name}", flush=True)
        except Exception:  # a report, not a decision: every failure is printed and counted
            failures += 1
            print(f"not ok - {name}", flush=True)
            for line in traceback.format_exc().splitlines():
                print(f"  # {line}", flush=True)

    return run


def equal(got, expected):
    if got != expected:
        raise AssertionError(f"got {got!r}, expected {expected!r}")


def rows(sql, parameters=()):
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute(sql, parameters)
        return [tuple(row) for row in cursor.fetchall()]


@case("a wrong password is refused")
def _():
    try:
        connect("wrong")
    except Exception as error:
        if "Denied" not in str(error):
            raise AssertionError(f"unexpected text: {error}") from error
    else:
        raise AssertionError("logged in with a wrong password")


@case("literals and parameters")
def _():
    equal(rows("SELECT CAST(? AS INTEGER), ?, ?", [1, "x", None]), [(1, "x", None)])


@case("Unicode text")
def _():
    equal(rows("SELECT ?", ["Ж\u00e9\U0001f600"]), [("Ж\u00e9\U0001f600",)])


@case("types through a table")
def _():
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute("DROP TABLE IF EXISTS interop.types")
        cursor.execute(
            "CREATE TABLE interop.types (k INTEGER, b BIGINT, n NUMERIC(12,3), d DOUBLE, s VARCHAR(50), f BIT,"
            " dt DATE, t TIME, ts TIMESTAMP)"
        )
        values = [
            1,
            9007199254740993,
            "12345.678",
            0.1,
            "text",
            1,
            "2024-02-29",
            "12:34:56",
            "2024-02-29 12:34:56",
        ]
        cursor.execute("INSERT INTO interop.types VALUES (?,?,?,?,?,?,?,?,?)", values)
        equal(cursor.rowcount, 1)
        cursor.execute("SELECT k, b, n, d, s, f, dt, t, ts FROM interop.types")
        k, b, n, d, s, f, dt, t, ts = cursor.fetchone()
        equal((k, b, s, f), (1, 9007199254740993, "text", 1))
        equal(decimal.Decimal(str(n)), decimal.Decimal("12345.678"))
        equal(d, 0.1)
        equal(str(dt), "2024-02-29")
        equal(str(t), "12:34:56")
        if not str(ts).startswith("2024-02-29 12:34:56"):
            raise AssertionError(f"timestamp: {ts!r}")
        if not isinstance(dt, (str, datetime.date)):
            raise AssertionError(f"date: {type(dt)}")


@case("NULL and '' are not confused")
def _():
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute("DROP TABLE IF EXISTS interop.empties")
        cursor.execute("CREATE TABLE interop.empties (k INTEGER, s VARCHAR(5))")
        cursor.execute("INSERT INTO interop.empties VALUES (?, ?)", [1, ""])
        cursor.execute("INSERT INTO interop.empties VALUES (?, ?)", [2, None])
        cursor.execute("SELECT s FROM interop.empties ORDER BY k")
        equal([row[0] for row in cursor.fetchall()], ["", None])


@case("executemany and 2,500 rows over several pages")
def _():
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute("DROP TABLE IF EXISTS interop.pages")
        cursor.execute("CREATE TABLE interop.pages (k INTEGER, s VARCHAR(100))")
        cursor.executemany(
            "INSERT INTO interop.pages VALUES (?, ?)", [[i, f"row {i} " + "x" * 60] for i in range(2500)]
        )
        cursor.execute("SELECT k, s FROM interop.pages ORDER BY k")
        found = cursor.fetchall()
        equal([row[0] for row in found], list(range(2500)))


@case("rollback leaves no trace, commit does")
def _():
    with connect() as connection:
        connection.setAutoCommit(False) if hasattr(connection, "setAutoCommit") else None
        cursor = connection.cursor()
        cursor.execute("DROP TABLE IF EXISTS interop.tx")
        cursor.execute("CREATE TABLE interop.tx (k INTEGER)")
        connection.commit()
        cursor.execute("START TRANSACTION")
        cursor.execute("INSERT INTO interop.tx VALUES (1)")
        connection.rollback()
        cursor.execute("SELECT COUNT(*) FROM interop.tx")
        equal(cursor.fetchone()[0], 0)
        cursor.execute("START TRANSACTION")
        cursor.execute("INSERT INTO interop.tx VALUES (2)")
        connection.commit()
        cursor.execute("SELECT COUNT(*) FROM interop.tx")
        equal(cursor.fetchone()[0], 1)


@case("SQL errors carry SQLCODE and message")
def _():
    try:
        rows("SELECT * FROM interop.no_such_table")
    except Exception as error:
        if "-30" not in str(error):
            raise AssertionError(f"no SQLCODE in: {error}") from error
    else:
        raise AssertionError("no error")


@case("column descriptions")
def _():
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT 1 AS one, 'x' AS Two")
        equal([column[0] for column in cursor.description], ["one", "Two"])


@case("vectors")
def _():
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute("DROP TABLE IF EXISTS interop.vectors")
        cursor.execute("CREATE TABLE interop.vectors (k INTEGER, v VECTOR(DOUBLE, 3))")
        for k, v in [(1, "1,0,0"), (2, "0,1,0"), (3, "0.9,0.1,0")]:
            cursor.execute("INSERT INTO interop.vectors VALUES (?, TO_VECTOR(?, DOUBLE))", [k, v])
        cursor.execute(
            "SELECT TOP 2 k FROM interop.vectors ORDER BY VECTOR_COSINE(v, TO_VECTOR(?, DOUBLE)) DESC", ["1,0,0"]
        )
        equal([row[0] for row in cursor.fetchall()], [1, 3])


@case("stored procedures: outputs, return value, rows, several results")
def _():
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute("DROP TABLE IF EXISTS interop.stock")
        cursor.execute("CREATE TABLE interop.stock (n INTEGER, s VARCHAR(20), p NUMERIC(10,2))")
        for row in [[1, "a", "1.5"], [2, "b", "2.5"]]:
            cursor.execute("INSERT INTO interop.stock VALUES (?, ?, ?)", row)
        for sql in [
            "CREATE OR REPLACE PROCEDURE interop.lookup(IN k INTEGER, OUT name VARCHAR(20), OUT price NUMERIC(10,2))"
            " BEGIN SELECT s, p INTO :name, :price FROM interop.stock WHERE n = :k; END",
            "CREATE OR REPLACE PROCEDURE interop.total(IN least INTEGER) RETURNS INTEGER"
            " BEGIN SELECT SUM(n) INTO :total FROM interop.stock WHERE n >= :least; RETURN :total; END",
            "CREATE OR REPLACE PROCEDURE interop.seek(IN k INTEGER)"
            " BEGIN SELECT n, s FROM interop.stock WHERE n >= :k ORDER BY n; END",
            "CREATE OR REPLACE PROCEDURE interop.pair() DYNAMIC RESULT SETS 2"
            " BEGIN SELECT n FROM interop.stock ORDER BY n; SELECT s, n FROM interop.stock ORDER BY n DESC; END",
        ]:
            cursor.execute(sql)
        equal(cursor.callproc("CALL interop.lookup(?, ?, ?)", [1, None, None]), (1, "a", decimal.Decimal("1.5")))
        equal(cursor.callproc("? = CALL interop.total(?)", [1]), (3, 1))
        cursor.callproc("CALL interop.seek(?)", [1])
        equal(tuple(cursor.fetchall()), ((1, "a"), (2, "b")))
        cursor.callproc("CALL interop.pair()")
        equal(tuple(cursor.fetchall()), ((1,), (2,)))
        equal(cursor.nextset(), True)
        equal(tuple(cursor.fetchall()), (("b", 2), ("a", 1)))
        equal(cursor.nextset(), None)


@case("globals and class methods of the native API")
def _():
    connection = connect()
    native = iris.createIRIS(connection)
    native.kill("interop")
    native.set("a value", "interop", 1, "x")
    native.set(2.5, "interop", 2)
    equal(native.get("interop", 1, "x"), "a value")
    equal(native.get("interop", 2), 2.5)
    equal(native.increment(3, "interop", "n"), 3)
    equal(native.isDefined("interop"), 10)
    version = native.classMethodValue("%SYSTEM.Version", "GetVersion")
    if not isinstance(version, str) or not version:
        raise AssertionError(f"version: {version!r}")
    connection.close()


sys.exit(1 if failures else 0)

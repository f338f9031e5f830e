"""pandas and Alembic over sqlalchemy-iris: one line `ok` or `not ok` for each case."""

import datetime
import os
import sys
import traceback

import pandas
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations

URI = f"iris://_SYSTEM:SYS@{os.environ['IRIS_TEST_HOST']}:{os.environ['IRIS_TEST_PORT']}/USER"
engine = sa.create_engine(URI)
failures = 0


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


@case("pandas: to_sql and read_sql")
def _():
    moments = pandas.to_datetime(["2024-02-29 12:34:56", "2024-03-01 00:00:00"])
    frame = pandas.DataFrame({"n": [1, 2], "x": [0.5, -1.25], "s": ["a", "Ж"], "at": moments})
    frame.to_sql("interop_frame", engine, if_exists="replace", index=False)
    frame.to_sql("interop_frame", engine, if_exists="append", index=False)
    found = pandas.read_sql("SELECT * FROM interop_frame ORDER BY n", engine)
    equal((found["n"].tolist(), found["x"].tolist()), ([1, 1, 2, 2], [0.5, 0.5, -1.25, -1.25]))
    equal(found["s"].tolist(), ["a", "a", "Ж", "Ж"])
    equal(pandas.Timestamp(found["at"][0]), pandas.Timestamp("2024-02-29 12:34:56"))
    equal(pandas.read_sql_table("interop_frame", engine).shape, (4, 4))


def metadata():
    made = sa.MetaData()
    sa.Table("interop_user", made, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50)))
    sa.Table(
        "interop_post",
        made,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("interop_user.id", name="interop_post_user")),
        sa.Index("interop_post_title", "title"),
    )
    return made


def own(_object, name, kind, _reflected, _compare_to):
    return kind != "table" or name.startswith(("interop_user", "interop_post"))


def differences(connection, made):
    return compare_metadata(MigrationContext.configure(connection, opts={"include_object": own}), made)


@case("Alembic: autogenerate sees no difference, then the one that there is")
def _():
    made = metadata()
    made.drop_all(engine)
    made.create_all(engine)
    with engine.connect() as connection:
        equal(differences(connection, made), [])
        made.tables["interop_user"].append_column(sa.Column("born", sa.Date))
        [(kind, _schema, table, column)] = differences(connection, made)
        equal((kind, table, column.name), ("add_column", "interop_user", "born"))


@case("Alembic: operations")
def _():
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        operations.add_column("interop_user", sa.Column("born", sa.Date))
        operations.create_index("interop_user_born", "interop_user", ["born"])
    table = sa.Table("interop_user", sa.MetaData(), autoload_with=engine)
    equal("born" in table.c and {index.name for index in table.indexes}, {"interop_user_born"})
    with engine.begin() as connection:
        connection.execute(table.insert(), [{"name": "a", "born": datetime.date(2024, 2, 29)}])
        equal(connection.execute(sa.select(table.c.born)).scalar_one(), datetime.date(2024, 2, 29))


sys.exit(1 if failures else 0)

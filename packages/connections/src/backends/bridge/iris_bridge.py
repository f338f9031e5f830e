"""A session with IRIS for a program outside: takes requests on standard input, runs them with `iris.sql`, answers on
standard output. Run by irispython (or any Python that has IRIS's embedded `iris` module).

Messages are JSON with a 32-bit little-endian length in front; messages.ts describes them.
"""

import base64
import json
import os
import struct
import sys

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
# What IRIS or a library prints must not get between the messages: both standard streams are moved out of its way.
_incoming = os.fdopen(os.dup(0), "rb", buffering=0)
_outgoing = os.fdopen(os.dup(1), "wb", buffering=0)
os.dup2(2, 1)
_nothing = os.open(os.devnull, os.O_RDONLY)
os.dup2(_nothing, 0)

ODBC_MODE = 1
COLUMN_TEXTS = ("colName", "label", "tableName", "schemaName")
COLUMN_NUMBERS = (
    "ODBCType", "precision", "scale", "isNullable", "isAutoIncrement", "isCaseSensitive", "isReadOnly", "isUnique",
    "isAliased", "isExpression", "isHidden", "isIdentity", "isKeyColumn", "isRowId",
)  # fmt: skip


def _read_exactly(count):
    chunks = []
    while count > 0:
        chunk = _incoming.read(count)
        if not chunk:
            raise EOFError
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def _receive():
    (length,) = struct.unpack("<I", _read_exactly(4))
    if length > MAX_MESSAGE_BYTES:
        raise EOFError
    return json.loads(_read_exactly(length))


def _send(message):
    data = json.dumps(message).encode()
    if len(data) > MAX_MESSAGE_BYTES:
        level = message["level"]
        data = json.dumps({"error": {"message": "the answer is too long for one message"}, "level": level}).encode()
    data = struct.pack("<I", len(data)) + data
    while data:
        data = data[_outgoing.write(data):]


def _parameter(value):
    """As embedded SQL wants it: '' is NULL, and the empty string is one zero byte."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value or b"\x00"
    if isinstance(value, dict):
        if "integer" in value:
            return int(value["integer"])
        if "double" in value:
            return float(value["double"])
        return base64.b64decode(value["bytes"]) or b"\x00"
    return value


def _cell(value):
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"integer": str(value)}
    if isinstance(value, float):
        return {"double": repr(value)}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, str):
        return "" if value == "\x00" else value
    return str(value)


def _number(value):
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _columns(metadata):
    if metadata is None or metadata == "":
        return []
    columns = []
    for position in range(1, _number(metadata.columnCount) + 1):
        column = metadata.columns.GetAt(position)
        facts = {name: str(getattr(column, name)) for name in COLUMN_TEXTS}
        facts.update({name: _number(getattr(column, name)) for name in COLUMN_NUMBERS})
        columns.append(facts)
    return columns


class Bridge:
    def __init__(self, iris):
        self._iris = iris
        self._sql = iris.sql
        self._statements = {}
        self._cursors = {}
        self._last_id = 0
        iris.system.SQL.SetSelectMode(ODBC_MODE)

    @property
    def level(self):
        return int(self._iris.tlevel())

    def _keep(self, table, thing):
        self._last_id += 1
        table[self._last_id] = thing
        return self._last_id

    def prepare(self, request):
        statement = self._sql.prepare(request["sql"])
        metadata = statement.Statement._Metadata
        return {
            "statement": self._keep(self._statements, statement),
            "columns": _columns(metadata),
            "parameterCount": _number(metadata.parameterCount),
        }

    def execute(self, request):
        if "statement" in request:
            statement = self._statements[request["statement"]]
        else:
            statement = self._sql.prepare(request["sql"])
        columns = _columns(statement.Statement._Metadata)
        rows, changed = self._run(statement, request["parameters"])
        if rows is None:
            return {"columns": columns, "rows": [], "cursor": None, "rowCount": changed}
        # A procedure says only now what it gives.
        columns = columns or _columns(rows.ResultSet._GetMetadata())
        if not columns:
            return {"columns": [], "rows": [], "cursor": None, "rowCount": changed}
        cursor = self._keep(self._cursors, iter(rows))
        return {"columns": columns, "rowCount": changed, **self._take(cursor, request["count"])}

    def _run(self, statement, parameters):
        """Rows (None when there was nothing to do) and how many rows were changed."""
        try:
            rows = statement.execute(*[_parameter(value) for value in parameters])
        except Exception as error:
            # IRIS raises for SQLCODE 100, "nothing found", which is no failure; its text is empty then.
            if getattr(error, "sqlcode", None) == 100 or (type(error).__name__ == "SQLError" and str(error) == ""):
                return None, 0
            raise
        return rows, _number(rows.ResultSet._ROWCOUNT)

    def executeMany(self, request):
        statement = self._sql.prepare(request["sql"])
        changed = [self._run(statement, parameters)[1] for parameters in request["sets"]]
        return {"rowCount": sum(count for count in changed if count > 0)}

    def fetch(self, request):
        return self._take(request["cursor"], request["count"])

    def _take(self, cursor, count):
        rows = []
        for row in self._cursors[cursor]:
            rows.append([_cell(value) for value in row])
            if len(rows) == count:
                return {"rows": rows, "cursor": cursor}
        del self._cursors[cursor]
        return {"rows": rows, "cursor": None}

    def closeCursor(self, request):
        self._cursors.pop(request["cursor"], None)

    def closeStatement(self, request):
        self._statements.pop(request["statement"], None)

    def begin(self, _request):
        self._iris.tstart()

    def commit(self, _request):
        while self.level > 0:
            self._iris.tcommit()

    def rollback(self, _request):
        if self.level > 0:
            self._iris.trollback()


OPERATIONS = frozenset(
    ["prepare", "execute", "executeMany", "fetch", "closeCursor", "closeStatement", "begin", "commit", "rollback"]
)


def _failure(error):
    message = getattr(error, "message", None) or str(error) or type(error).__name__
    sqlcode = getattr(error, "sqlcode", None)
    return {"message": str(message), **({} if sqlcode is None else {"sqlcode": int(sqlcode)})}


def _serve(bridge):
    while True:
        request = _receive()
        try:
            if request["op"] not in OPERATIONS:
                raise ValueError("there is no operation %s" % request["op"])
            answer = {"result": getattr(bridge, request["op"])(request)}
        except Exception as error:
            answer = {"error": _failure(error)}
        _send({**answer, "level": bridge.level})


def main():
    try:
        import iris

        bridge = Bridge(iris)
        version = str(iris.cls("%SYSTEM.Version").GetVersion())
    except Exception as error:
        _send({"error": _failure(error), "level": 0})
        return
    _send({"result": version, "level": 0})
    try:
        _serve(bridge)
    except EOFError:
        pass  # the other side has gone; IRIS rolls back what is open


main()

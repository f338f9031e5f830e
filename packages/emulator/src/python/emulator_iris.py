"""The emulator's stand-in for the `iris` module of embedded Python. What it is asked goes to the emulator.

Messages are JSON with a 32-bit little-endian length in front.
"""

import json
import struct
import sys
import types

MAX_MESSAGE_BYTES = 64 * 1024 * 1024


class Closed(Exception):
    """The emulator has gone."""


class Channel:
    """Messages over two descriptors, or the two directions of one socket."""

    def __init__(self, incoming, outgoing):
        self._incoming = incoming
        self._outgoing = outgoing

    def _read_exactly(self, count):
        chunks = []
        while count > 0:
            chunk = self._incoming.read(count)
            if not chunk:
                raise Closed()
            chunks.append(chunk)
            count -= len(chunk)
        return b"".join(chunks)

    def receive(self):
        (length,) = struct.unpack("<I", self._read_exactly(4))
        return json.loads(self._read_exactly(length))

    def send(self, message):
        data = json.dumps(message).encode()
        if len(data) > MAX_MESSAGE_BYTES:
            raise ValueError("a message of %d bytes is too long" % len(data))
        data = struct.pack("<I", len(data)) + data
        while data:
            data = data[self._outgoing.write(data):]

    def ask(self, message):
        self.send(message)
        return self.receive()


class SQLError(Exception):
    """A failed statement. `sqlcode` is IRIS's, e.g. -30."""

    def __init__(self, sqlcode, message):
        super().__init__(message)
        self.sqlcode = sqlcode
        self.message = message


def _to_wire(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"integer": str(value)}
    if isinstance(value, (float, str)):
        return value
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("latin-1")
    if isinstance(value, _Object):
        return {"oref": value._oref}
    return str(value)


def _from_wire(value):
    if isinstance(value, dict):
        if "oref" in value:
            return _Object(value["oref"])
        if "integer" in value:
            return int(value["integer"])
        text = value["number"]
        # ObjectScript has one kind of number; one without a fraction comes as int, however long it is.
        return int(text) if text.lstrip("-").isdigit() else float(text)
    return value


def _call(op, **arguments):
    answer = _channel.ask({"type": "call", "op": op, **arguments})
    if "error" not in answer:
        return answer.get("value")
    if answer.get("sqlcode") is not None:
        raise SQLError(answer["sqlcode"], answer["error"])
    raise RuntimeError(answer["error"])


class _Columns:
    """The `columns` of a result's metadata; counts from 1, as ObjectScript does."""

    def __init__(self, columns):
        self._columns = [types.SimpleNamespace(**column) for column in columns]

    def GetAt(self, position):
        return self._columns[position - 1] if 0 < position <= len(self._columns) else ""

    def __len__(self):
        return len(self._columns)


def _metadata(answer):
    columns = _Columns(answer["columns"])
    return types.SimpleNamespace(
        columns=columns, columnCount=len(columns), parameterCount=answer["parameterCount"]
    )


class _ResultSet:
    """What iris.sql.exec gives: iterate it, or take the next row with `next`; `ResultSet` is %SQL.StatementResult."""

    def __init__(self, answer):
        self._rows = iter([[_from_wire(value) for value in row] for row in answer["rows"]])
        self.columns = [column["colName"] for column in answer["columns"]]
        self.rowcount = answer["rowCount"]
        self._SQLCODE = answer["sqlcode"]
        self.ResultSet = types.SimpleNamespace(
            _GetMetadata=lambda: _metadata(answer),
            _ROWCOUNT=answer["rowCount"],
            _SQLCODE=answer["sqlcode"],
            _Message=answer["message"],
        )

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._rows)


class _Statement:
    """What iris.sql.prepare gives; `Statement` is %SQL.Statement."""

    def __init__(self, text):
        self._text = text
        self.Statement = types.SimpleNamespace(_Metadata=_metadata(_call("prepare", text=text)))

    def execute(self, *parameters):
        return _sql_exec(self._text, *parameters)


def _sql_exec(text, *parameters):
    return _ResultSet(_call("sql", text=text, parameters=[_to_wire(value) for value in parameters]))


def _name(python_name):
    """`_New` stands for `%New`."""
    return "%" + python_name[1:] if python_name.startswith("_") else python_name


class _Class:
    def __init__(self, name):
        self._class_name = name

    def __getattr__(self, method):
        def call(*arguments):
            values = [_to_wire(value) for value in arguments]
            return _from_wire(_call("classMethod", target=self._class_name, method=_name(method), arguments=values))

        return call


class _Object:
    def __init__(self, oref):
        object.__setattr__(self, "_oref", oref)

    def __getattr__(self, attribute):
        name = _name(attribute)
        if not _call("hasMethod", oref=self._oref, method=name):
            return _from_wire(_call("getProperty", oref=self._oref, property=name))

        def call(*arguments):
            values = [_to_wire(value) for value in arguments]
            return _from_wire(_call("method", oref=self._oref, method=name, arguments=values))

        return call

    def __setattr__(self, attribute, value):
        _call("setProperty", oref=self._oref, property=_name(attribute), value=_to_wire(value))


class _Global:
    """iris.gref('^name'): a global. Keys are lists or tuples of subscripts."""

    def __init__(self, name):
        self._global = name

    def _subscripts(self, key):
        keys = key if isinstance(key, (list, tuple)) else [key]
        return [_to_wire(part) for part in keys if part is not None]

    def _do(self, op, key, **more):
        return _from_wire(_call(op, name=self._global, subscripts=self._subscripts(key), **more))

    def get(self, key, default=None):
        value = self._do("get", key)
        return default if value is None else value

    def set(self, key, value):
        self._do("set", key, value=_to_wire(value))

    def kill(self, key):
        self._do("kill", key)

    def data(self, key):
        return self._do("data", key)

    def order(self, key):
        return self._do("order", key) or None

    def __getitem__(self, key):
        value = self._do("get", key)
        if value is None:
            raise KeyError("Global Undefined")
        return value

    def __setitem__(self, key, value):
        self.set(key, value)

    def __delitem__(self, key):
        self.kill(key)


class _System:
    def __getattr__(self, name):
        return _Class("%SYSTEM." + name)


def install(channel):
    """Makes `import iris` work; calls go through the channel."""
    global _channel
    _channel = channel
    iris = types.ModuleType("iris", "The emulator's stand-in for the embedded module of IRIS.")
    iris.sql = types.SimpleNamespace(exec=_sql_exec, prepare=_Statement)
    iris.cls = _Class
    iris.gref = _Global
    iris.system = _System()
    iris.SQLError = SQLError
    for name in ("tstart", "tcommit", "trollback", "trollbackone", "tlevel"):
        setattr(iris, name, lambda op=name: _call(op))
    sys.modules["iris"] = iris

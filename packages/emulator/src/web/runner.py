"""Runs one WSGI or ASGI application for the emulator and gives it an `iris` module that talks back.

Messages are JSON with a 32-bit little-endian length in front: requests come in on descriptor 3, answers and calls of the
`iris` module go out on descriptor 4. One request at a time, as in an IRIS process.
"""

import base64
import importlib
import io
import json
import os
import struct
import sys
import traceback
import types

_incoming = os.fdopen(3, "rb", buffering=0)
_outgoing = os.fdopen(4, "wb", buffering=0)
MAX_MESSAGE_BYTES = 64 * 1024 * 1024


def _read_exactly(count):
    chunks = []
    while count > 0:
        chunk = _incoming.read(count)
        if not chunk:
            sys.exit(0)  # the emulator has gone
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def _receive():
    (length,) = struct.unpack("<I", _read_exactly(4))
    return json.loads(_read_exactly(length))


def _send(message):
    data = json.dumps(message).encode()
    if len(data) > MAX_MESSAGE_BYTES:
        raise ValueError("a message of %d bytes is too long" % len(data))
    data = struct.pack("<I", len(data)) + data
    while data:
        data = data[_outgoing.write(data):]


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
        return float(value["number"])
    return value


def _call(op, **arguments):
    _send({"type": "call", "op": op, **arguments})
    answer = _receive()
    if "error" not in answer:
        return answer.get("value")
    if answer.get("sqlcode") is not None:
        raise SQLError(answer["sqlcode"], answer["error"])
    raise RuntimeError(answer["error"])


class _ResultSet:
    """What iris.sql.exec gives: iterate it, or take the next row with `next`."""

    def __init__(self, answer):
        self._rows = iter([[_from_wire(value) for value in row] for row in answer["rows"]])
        self.columns = answer["columns"]
        self.rowcount = answer["rowCount"]
        self._SQLCODE = answer["sqlcode"]

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._rows)


class _Statement:
    def __init__(self, text):
        self._text = text

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


def _install_iris_module():
    iris = types.ModuleType("iris", "The emulator's stand-in for the embedded module of IRIS.")
    iris.sql = types.SimpleNamespace(exec=_sql_exec, prepare=_Statement)
    iris.cls = _Class
    iris.gref = _Global
    iris.system = _System()
    iris.SQLError = SQLError
    for name in ("tstart", "tcommit", "trollback", "trollbackone", "tlevel"):
        setattr(iris, name, lambda op=name: _call(op))
    sys.modules["iris"] = iris


class _Application:
    """The imported application; with `debug` it is imported again when one of its files has changed."""

    def __init__(self, settings):
        self._settings = settings
        self._stamps = {}
        self._callable = None
        sys.path.insert(0, settings["location"])

    def get(self):
        if self._callable is None or (self._settings["debug"] and self._changed()):
            self._load()
        return self._callable

    def _load(self):
        location = os.path.realpath(self._settings["location"]) + os.sep
        for name, module in list(sys.modules.items()):
            path = getattr(module, "__file__", None)
            if path and os.path.realpath(path).startswith(location):
                del sys.modules[name]
        importlib.invalidate_caches()
        module = importlib.import_module(self._settings["module"])
        self._callable = getattr(module, self._settings["callable"])
        self._stamps = self._look()

    def _look(self):
        location = os.path.realpath(self._settings["location"]) + os.sep
        paths = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        own = [path for path in paths if path and os.path.realpath(path).startswith(location)]
        return {path: os.stat(path).st_mtime_ns for path in own if os.path.exists(path)}

    def _changed(self):
        return self._look() != self._stamps


def _run_wsgi(application, request):
    body = base64.b64decode(request["body"])
    environ = dict(request["environ"])
    environ.update(
        {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
    )
    response = {}
    written = []

    def start_response(status, headers, exc_info=None):
        if response and exc_info is None:
            raise AssertionError("start_response was called twice")
        response.update(status=status, headers=[[name, value] for name, value in headers])
        return written.append

    chunks = application(environ, start_response)
    try:
        written.extend(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    if not response:
        raise AssertionError("start_response was not called")
    return {**response, "body": base64.b64encode(b"".join(written)).decode()}


def _run_asgi(application, request):
    """As IRIS does: one request from start to end, no lifespan events, no WebSockets."""
    import asyncio

    environ = request["environ"]
    headers = [[name.lower().encode("latin-1"), value.encode("latin-1")] for name, value in request["headers"]]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": environ["REQUEST_METHOD"],
        "scheme": "http",
        "path": environ["SCRIPT_NAME"] + environ["PATH_INFO"],
        "raw_path": (environ["SCRIPT_NAME"] + environ["PATH_INFO"]).encode("utf-8", "surrogateescape"),
        "root_path": environ["SCRIPT_NAME"],
        "query_string": environ["QUERY_STRING"].encode("latin-1"),
        "headers": headers,
        "client": [environ["REMOTE_ADDR"], 0],
        "server": [environ["SERVER_NAME"], int(environ["SERVER_PORT"])],
    }
    messages = [{"type": "http.request", "body": base64.b64decode(request["body"]), "more_body": False}]
    response = {}
    written = []

    async def receive():
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            pairs = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in message.get("headers", [])]
            response.update(status=str(message["status"]), headers=pairs)
        elif message["type"] == "http.response.body":
            written.append(message.get("body", b""))

    asyncio.run(application(scope, receive, send))
    if not response:
        raise AssertionError("the application sent no response")
    return {**response, "body": base64.b64encode(b"".join(written)).decode()}


def main():
    _install_iris_module()
    settings = _receive()
    application = _Application(settings)
    run = _run_asgi if settings["asgi"] else _run_wsgi
    while True:
        request = _receive()
        try:
            answer = {"type": "response", **run(application.get(), request)}
        except Exception:  # whatever the application did: the client gets 500, the log the reason
            answer = {"type": "failure", "traceback": traceback.format_exc()}
        _send(answer)


main()

"""Runs one WSGI or ASGI application for the emulator and gives it an `iris` module that talks back.

Messages are JSON with a 32-bit little-endian length in front: requests come in on descriptor 3, answers and calls of the
`iris` module go out on descriptor 4. One request at a time, as in an IRIS process.
"""

import base64
import importlib
import io
import os
import sys
import traceback

# Beside this file; out of sight again before the application loads anything.
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
import emulator_iris  # noqa: E402

del sys.path[0]

_channel = emulator_iris.Channel(os.fdopen(3, "rb", buffering=0), os.fdopen(4, "wb", buffering=0))


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
    emulator_iris.install(_channel)
    settings = _channel.receive()
    application = _Application(settings)
    run = _run_asgi if settings["asgi"] else _run_wsgi
    while True:
        request = _channel.receive()
        try:
            answer = {"type": "response", **run(application.get(), request)}
        except emulator_iris.Closed:
            raise
        except Exception:  # whatever the application did: the client gets 500, the log the reason
            answer = {"type": "failure", "traceback": traceback.format_exc()}
        _channel.send(answer)


try:
    main()
except emulator_iris.Closed:
    sys.exit(0)

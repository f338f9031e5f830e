"""Serves the web applications of a fake instance as one long-lived process of IRIS would: modules stay imported."""

import asyncio
import base64
import importlib
import json
import os
import sys
import traceback
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

STATE = sys.argv[1]


def run_asgi(app, environ):
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    headers = [
        (name[5:].lower().replace("_", "-").encode(), value.encode())
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    scope = {"type": "http", "path": environ["PATH_INFO"], "method": environ["REQUEST_METHOD"], "headers": headers}
    asyncio.run(app(scope, receive, send))
    headers = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


def run_wsgi(app, environ):
    started = []

    def start_response(status, headers, exc_info=None):
        started.append((int(status.split()[0]), headers))

    body = b"".join(app(environ, start_response))
    return (*started[0], body)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        with open(STATE) as file:
            state = json.load(file)
        path = self.path.split("?")[0]
        fits = [name for name in state["apps"] if path == name or path.startswith(name + "/")]
        if not fits:
            return self.answer(404, [], b"")
        prefix = max(fits, key=len)
        record = state["apps"][prefix]
        if int(record["AutheEnabled"]) == 32:
            expected = "Basic " + base64.b64encode(b"tester:secret").decode()
            if self.headers.get("Authorization") != expected:
                return self.answer(401, [("WWW-Authenticate", "Basic")], b"")
        if "WSGIAppName" not in record:
            with open(os.path.join(record["Path"], path[len(prefix) + 1 :]), "rb") as file:
                return self.answer(200, [], file.read())
        environ = {"PATH_INFO": path[len(prefix) :], "REQUEST_METHOD": "GET", "wsgi.input": BytesIO()}
        for name, value in self.headers.items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        try:
            if record["WSGIAppLocation"] not in sys.path:
                sys.path.insert(0, record["WSGIAppLocation"])
            app = getattr(importlib.import_module(record["WSGIAppName"]), record["WSGICallable"])
            run = run_asgi if record.get("WSGIType") == "2" else run_wsgi
            self.answer(*run(app, environ))
        except Exception:
            with open(os.path.join(state["directory"], "irissys", "mgr", "WSGI.log"), "a") as log:
                traceback.print_exc(file=log)
            self.answer(500, [], b"")

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


sys.dont_write_bytecode = True
server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()

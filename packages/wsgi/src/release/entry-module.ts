import type { ApplicationType } from '../source/frameworks.js';

/** A request with this header is answered with the release in the other one: the proof that the new code serves. */
export const CHECK_HEADER = 'X-Iris-Deployment-Check';
export const RELEASE_HEADER = 'X-Iris-Deployment';

export interface EntryOptions {
  readonly type: ApplicationType;
  readonly module: string;
  readonly callable: string;
  readonly release: string;
  /** Directory beside the releases with packages of the application's own; `undefined`: there is none. */
  readonly packages: string | undefined;
}

/** Name of the module that IRIS imports; another one for every release, because processes keep what they imported. */
export function entryModuleName(release: string): string {
  return `iris_entry_${release}`;
}

/**
 * The Python module that stands between IRIS and the application. IRIS's web processes live long and serve all
 * applications, so before it imports the application it forgets modules of older releases, and modules of other
 * applications that have the same names.
 * unverified on a live server: that IRIS imports what WSGIAppName says at each request, so that a new name is a new import;
 * a deployment proves it each time. Names are checked by `parseAppName` and cannot end a Python string.
 */
export function entryModule(options: EntryOptions): string {
  return [
    '"""Made by the deployment; changes are lost with the next one."""',
    '',
    `RELEASE = "${options.release}"`,
    `MODULE = "${options.module}"`,
    `CALLABLE = "${options.callable}"`,
    `PACKAGES = ${options.packages === undefined ? 'None' : `"${options.packages}"`}`,
    PRELUDE,
    options.type === 'wsgi' ? WSGI : ASGI,
  ].join('\n');
}

const PRELUDE = `
import importlib
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_BASE = os.path.dirname(_HERE)
_OWN = [_HERE] + ([os.path.join(_BASE, PACKAGES)] if PACKAGES else [])
# The process is shared with IRIS and other applications: these stay, whatever files the application has.
_SHARED = set(getattr(sys, "stdlib_module_names", sys.builtin_module_names)) | {"iris", "a2wsgi"}


def _lies_in(path, directory):
    return path == directory or path.startswith(directory + os.sep)


def _place(module):
    file = getattr(module, "__file__", None)
    if file:
        return os.path.abspath(file)
    # A namespace package has directories and no file.
    for path in getattr(module, "__path__", None) or ():
        return os.path.abspath(path)
    return None


def _forget_other_modules():
    names = set()
    for entry in os.listdir(_HERE):
        stem, suffix = os.path.splitext(entry)
        if suffix == ".py" or os.path.isdir(os.path.join(_HERE, entry)):
            names.add(stem)
    for name, module in list(sys.modules.items()):
        place = _place(module)
        if place is None or any(_lies_in(place, directory) for directory in _OWN):
            continue
        if _lies_in(place, _BASE) or name.split(".")[0] in names - _SHARED:
            del sys.modules[name]


def _use_own_path():
    sys.path[:] = [path for path in sys.path if not _lies_in(os.path.abspath(path or os.curdir), _BASE)]
    sys.path[:0] = _OWN
    importlib.invalidate_caches()


_forget_other_modules()
_use_own_path()
_application = getattr(importlib.import_module(MODULE), CALLABLE)
`;

const WSGI = `
def app(environ, start_response):
    if "HTTP_X_IRIS_DEPLOYMENT_CHECK" not in environ:
        return _application(environ, start_response)

    def start_with_release(status, headers, *rest):
        return start_response(status, list(headers) + [("X-Iris-Deployment", RELEASE)], *rest)

    return _application(environ, start_with_release)
`;

const ASGI = `
async def app(scope, receive, send):
    names = [name for name, _ in scope.get("headers", ())]
    if b"x-iris-deployment-check" not in names:
        await _application(scope, receive, send)
        return

    async def send_with_release(message):
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ())) + [(b"x-iris-deployment", RELEASE.encode())]
            message = dict(message, headers=headers)
        await send(message)

    await _application(scope, receive, send_with_release)
`;

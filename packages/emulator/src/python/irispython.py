"""Stands in for the `irispython` program: Python whose `import iris` attaches to a running emulator.

As with the real one, who attaches is said by IRISUSERNAME, IRISPASSWORD and IRISNAMESPACE, and %Service_CallIn must be on.
The emulator writes a program that runs this with the path of its socket in front of the arguments.
"""

import importlib.abc
import importlib.util
import os
import runpy
import socket
import sys

# Nothing is written beside the files of an installed package.
sys.dont_write_bytecode = True
_here = os.path.dirname(os.path.abspath(__file__))
_address = sys.argv[1]


def _attach():
    sys.path.insert(0, _here)
    import emulator_iris

    sys.path.remove(_here)
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(_address)
    channel = emulator_iris.Channel(connection.makefile("rb"), connection.makefile("wb", buffering=0))
    answer = channel.ask(
        {
            "user": os.environ.get("IRISUSERNAME", ""),
            "password": os.environ.get("IRISPASSWORD", ""),
            "namespace": os.environ.get("IRISNAMESPACE", "USER"),
        }
    )
    if "error" in answer:
        raise RuntimeError(answer["error"])
    emulator_iris.install(channel)
    return sys.modules["iris"]


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Attaches at the first `import iris`, which is when the real module does."""

    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self) if name == "iris" else None

    def create_module(self, spec):
        return _attach()

    def exec_module(self, module):
        pass


def main():
    sys.meta_path.insert(0, _Finder())
    arguments = sys.argv[2:]
    if not arguments:
        sys.exit("usage: irispython SCRIPT [ARGUMENT...] | -c CODE | -m MODULE [ARGUMENT...]")
    if arguments[0] == "-c":
        sys.argv = ["-c", *arguments[2:]]
        sys.path[0] = ""
        exec(compile(arguments[1], "<string>", "exec"), {"__name__": "__main__"})
    elif arguments[0] == "-m":
        sys.argv = arguments[1:]
        sys.path[0] = os.getcwd()
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        sys.path[0] = os.path.dirname(os.path.abspath(arguments[0]))
        runpy.run_path(arguments[0], run_name="__main__")


main()

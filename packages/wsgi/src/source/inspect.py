"""Reads Python sources without importing them and prints what their modules bind, as JSON.

Arguments: the root directory, the longest file in bytes, the largest number of files.
"""

import ast
import json
import os
import sys

SKIPPED = {"__pycache__", "node_modules", "site-packages"}
MAX_DEPTH = 8


def dotted(node, imports):
    """`flask.Flask` for the callee of a call, with aliases of imports resolved; None when it is no plain name."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(imports.get(node.id, node.id))
    return ".".join(reversed(parts))


def function_facts(node):
    arguments = node.args
    positional = len(arguments.posonlyargs) + len(arguments.args)
    return {
        "kind": "function",
        "line": node.lineno,
        "async": isinstance(node, ast.AsyncFunctionDef),
        "required": positional - len(arguments.defaults),
        "positional": None if arguments.vararg else positional,
    }


class Module:
    def __init__(self):
        self.names = {}
        self.imports = {}
        self.star = False

    def visit_all(self, statements):
        for statement in statements:
            self.visit(statement)

    def visit(self, node):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.names[node.name] = function_facts(node)
        elif isinstance(node, ast.ClassDef):
            methods = {item.name for item in node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))}
            # PEP 3333 allows a class whose objects are the answer; a base class may bring what is needed.
            usable = "__iter__" in methods or bool(node.bases)
            self.names[node.name] = {"kind": "class", "line": node.lineno, "usable": usable}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.split(".")[0]
                self.imports[bound] = alias.name if alias.asname else bound
                self.names[bound] = {"kind": "import", "line": node.lineno}
        elif isinstance(node, ast.ImportFrom):
            self.visit_import_from(node)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                self.bind(target, node)
        else:
            # Names bound inside of top-level if, try, with, for and match are names of the module too.
            for field in ("body", "orelse", "handlers", "finalbody", "cases"):
                for inner in getattr(node, field, []) or []:
                    if isinstance(inner, ast.stmt):
                        self.visit(inner)
                    else:
                        self.visit_all(getattr(inner, "body", []))

    def visit_import_from(self, node):
        source = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.star = True
                continue
            bound = alias.asname or alias.name
            self.imports[bound] = source + "." + alias.name
            self.names[bound] = {"kind": "import", "line": node.lineno}

    def bind(self, target, node):
        if isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                if isinstance(element, ast.Name):
                    self.names[element.id] = {"kind": "value", "line": node.lineno}
        elif isinstance(target, ast.Name) and node.value is not None:
            value = node.value
            if isinstance(value, ast.Call):
                self.names[target.id] = {
                    "kind": "call",
                    "line": node.lineno,
                    "callee": dotted(value.func, self.imports),
                }
            else:
                literal = isinstance(value, (ast.Constant, ast.Dict, ast.List, ast.Set, ast.Tuple, ast.JoinedStr))
                self.names[target.id] = {"kind": "literal" if literal else "value", "line": node.lineno}


def read(path, max_bytes):
    if os.path.getsize(path) > max_bytes:
        return {"error": {"line": 0, "message": "the file is too long to be checked"}}
    with open(path, "rb") as file:
        source = file.read()
    try:
        tree = ast.parse(source, filename=path)
    except SyntaxError as error:
        return {"error": {"line": error.lineno or 0, "message": error.msg}}
    except (ValueError, RecursionError, MemoryError) as error:
        return {"error": {"line": 0, "message": str(error) or type(error).__name__}}
    module = Module()
    module.visit_all(tree.body)
    return {"names": module.names, "star": module.star}


def sources(root, max_files):
    found = []
    for directory, names, files in os.walk(root):
        relative = os.path.relpath(directory, root)
        depth = 0 if relative == "." else relative.count(os.sep) + 1
        virtual = "pyvenv.cfg" in files
        names[:] = sorted(
            name
            for name in names
            if not virtual and depth < MAX_DEPTH and not name.startswith(".") and name not in SKIPPED
        )
        if virtual:
            continue
        for name in sorted(files):
            if name.endswith(".py") and not name.startswith("."):
                found.append(name if relative == "." else relative.replace(os.sep, "/") + "/" + name)
                if len(found) >= max_files:
                    return found, True
    return found, False


def main():
    root, max_bytes, max_files = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    paths, truncated = sources(root, max_files)
    result = {
        "python": "%d.%d.%d" % sys.version_info[:3],
        "truncated": truncated,
        # Python 3.10 and later know the names of their standard library.
        "hidden": sorted({path.split("/")[0].split(".")[0] for path in paths} & set(getattr(sys, "stdlib_module_names", ()))),
        "files": {path: read(os.path.join(root, path), max_bytes) for path in paths},
    }
    json.dump(result, sys.stdout)


main()

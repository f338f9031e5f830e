"""Runs SQLAlchemy's dialect compliance suite and writes one line of JSON for each test to the file in INTEROP_RESULTS.

Tests whose results stand there already are left out, so that a run goes on after a test in which the client crashed.
"""

import json
import os
import pathlib

import pytest
from sqlalchemy.dialects import registry

registry.register("iris.iris", "sqlalchemy_iris.intersystems", "IRISDialect_intersystems")
pytest.register_assert_rewrite("sqlalchemy.testing.assertions")

from sqlalchemy.testing.plugin.pytestplugin import *  # noqa: E402, F401, F403

RESULTS = pathlib.Path(os.environ["INTEROP_RESULTS"])


def note(test, result, text=""):
    with RESULTS.open("a", encoding="utf-8") as out:
        out.write(json.dumps({"test": test, "result": result, "text": text}) + "\n")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    known = set()
    if RESULTS.exists():
        known = {json.loads(line)["test"] for line in RESULTS.read_text(encoding="utf-8").splitlines()}
    items[:] = [item for item in items if item.nodeid not in known]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logstart(nodeid):
    note(nodeid, "crashed")


@pytest.hookimpl
def pytest_runtest_logreport(report):
    text = str(report.longrepr)[-2000:] if report.failed else ""
    if report.when == "call" or report.outcome != "passed":
        note(report.nodeid, report.outcome, text)

"""SQLAlchemy's dialect compliance suite with sqlalchemy-iris, as far as the dialect's requirements claim support.

The client is a C extension and ends the process with a segmentation fault in some tests, before it has sent anything: those are
counted and the run goes on behind them, in an emptied database. Fails when a test fails that is not in expected-failures.txt, and
when one that is there passes, is skipped or is gone. Arguments are pytest's, to run some tests.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent / "sqlalchemy"
URI = f"iris://_SYSTEM:SYS@{os.environ['IRIS_TEST_HOST']}:{os.environ['IRIS_TEST_PORT']}/USER"
SETTINGS = "[sqla_testing]\nrequirement_cls=sqlalchemy_iris.requirements:Requirements\nprofile_file=profiles.txt\n"
PYTEST = ["-m", "pytest", "test_suite.py", "-q", "-p", "no:cacheprovider", "-p", "no:warnings", "--tb=short"]
MOST_CRASHES = 40


def run_suite(folder, results):
    environment = {**os.environ, "INTEROP_RESULTS": str(results), "PYTHONDONTWRITEBYTECODE": "1"}
    for attempt in range(MOST_CRASHES):
        # The test that crashed leaves its tables and rows behind.
        emptied = ["--dropfirst"] if attempt > 0 else []
        command = [sys.executable, *PYTEST, "--dburi", URI, *emptied, *sys.argv[1:]]
        with (folder / "log").open("w") as log:
            code = subprocess.run(command, cwd=folder, env=environment, stdout=log, stderr=log).returncode
        if code in (0, 1, 5):
            return
        last = results.read_text().splitlines()[-1] if results.exists() else None
        if last is None or json.loads(last)["result"] != "crashed":
            sys.exit(f"pytest ended with {code}:\n{(folder / 'log').read_text()[-3000:]}")
    sys.exit(f"more than {MOST_CRASHES} crashes of the client")


def expected_failures():
    """The lines of expected-failures.txt: what pytest calls a test, behind the file's name. Comments give the reasons."""
    lines = (HERE / "expected-failures.txt").read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def outcomes():
    """What pytest calls a test, behind the file's name -> its last entry in the file that conftest.py writes."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for file in ("conftest.py", "test_suite.py"):
            (folder / file).write_text((HERE / file).read_text())
        (folder / "setup.cfg").write_text(SETTINGS)
        results = folder / "results.jsonl"
        run_suite(folder, results)
        entries = [json.loads(line) for line in results.read_text().splitlines()]
    return {entry["test"].split("::", 1)[1]: entry for entry in entries}


def main():
    expected = expected_failures()
    outcome = outcomes()
    counts = collections.Counter(entry["result"] for entry in outcome.values())
    print(", ".join(f"{count} {result}" for result, count in sorted(counts.items())))
    bad = {test for test, entry in outcome.items() if entry["result"] in ("failed", "crashed", "error")}
    for test in sorted(bad - expected):
        text = outcome[test]["text"].strip().replace("\n", "\n  # ")
        print(f"not ok - {test} ({outcome[test]['result']})\n  # {text[-600:]}")
    # A run of some tests says nothing about the others.
    complete = len(sys.argv) == 1
    fixed = {test for test in expected - bad if complete or test in outcome}
    for test in sorted(fixed):
        result = outcome[test]["result"] if test in outcome else "gone"
        print(f"not ok - {test} is expected to fail, but {result}")
    print(f"{len(bad & expected)} of {len(bad)} failures are expected, with their reasons in expected-failures.txt")
    sys.exit(1 if bad - expected or fixed else 0)


main()

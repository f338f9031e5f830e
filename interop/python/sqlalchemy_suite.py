"""SQLAlchemy's dialect compliance suite with sqlalchemy-iris, as far as the dialect's requirements claim support.

The client is a C extension and ends the process with a segmentation fault in some tests, before it has sent anything: those are
counted and the run goes on behind them. Fails when a test fails that is not in expected-failures.txt, whose lines are the part of
a test's name behind the file, and the reason.
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
# Several versions of what a test is called: a combination's arguments stand in brackets.
MOST_CRASHES = 40


def run_suite(folder, results):
    environment = {**os.environ, "INTEROP_RESULTS": str(results), "PYTHONDONTWRITEBYTECODE": "1"}
    for _ in range(MOST_CRASHES):
        command = [sys.executable, *PYTEST, "--dburi", URI, *sys.argv[1:]]
        with (folder / "log").open("w") as log:
            code = subprocess.run(command, cwd=folder, env=environment, stdout=log, stderr=log).returncode
        if code in (0, 1, 5):
            return
        last = results.read_text().splitlines()[-1] if results.exists() else None
        if last is None or json.loads(last)["result"] != "crashed":
            sys.exit(f"pytest ended with {code}:\n{(folder / 'log').read_text()[-3000:]}")
    sys.exit(f"more than {MOST_CRASHES} crashes of the client")


def main():
    expected = {}
    for line in (HERE / "expected-failures.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, reason = line.partition(" | ")
            expected[name.strip()] = reason
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for file in ("conftest.py", "test_suite.py"):
            (folder / file).write_text((HERE / file).read_text())
        (folder / "setup.cfg").write_text(SETTINGS)
        results = folder / "results.jsonl"
        run_suite(folder, results)
        outcome = {}
        for line in results.read_text().splitlines():
            entry = json.loads(line)
            outcome[entry["test"].split("::", 1)[1]] = entry
    counts = collections.Counter(entry["result"] for entry in outcome.values())
    print(", ".join(f"{count} {result}" for result, count in sorted(counts.items())))
    bad = {test: entry for test, entry in outcome.items() if entry["result"] in ("failed", "crashed")}
    new = [test for test in bad if test.split("[")[0] not in expected and test not in expected]
    for test in new:
        text = bad[test]["text"].strip().replace("\n", "\n  # ")
        print(f"not ok - {test} ({bad[test]['result']})\n  # {text[-600:]}")
    print(f"{len(bad) - len(new)} of {len(bad)} failures are expected, with their reasons in expected-failures.txt")
    sys.exit(1 if new else 0)


main()

"""A small dbt project with dbt-iris against the server in IRIS_TEST_HOST/PORT: `dbt build`, twice."""

import os
import pathlib
import subprocess
import sys
import tempfile

FILES = {
    "dbt_project.yml": "name: interop\nversion: '1.0'\nprofile: interop\n",
    "profiles.yml": """
interop:
  target: dev
  outputs:
    dev: {type: iris, host: %(host)s, port: %(port)s, namespace: USER, schema: interop_dbt, user: _SYSTEM, pass: SYS, threads: 1}
"""
    % {"host": os.environ["IRIS_TEST_HOST"], "port": os.environ["IRIS_TEST_PORT"]},
    "seeds/people.csv": "id,name,born\n1,Ann,2001-02-03\n2,Bob,2002-03-04\n",
    "models/named.sql": "{{ config(materialized='table') }} select id, name from {{ ref('people') }} where id > 0",
    "models/counted.sql": "{{ config(materialized='view') }} select count(*) as n from {{ ref('named') }}",
    "models/schema.yml": """
version: 2
models:
  - name: named
    columns:
      - name: id
        data_tests: [unique, not_null]
""",
}

with tempfile.TemporaryDirectory() as name:
    for file, text in FILES.items():
        path = pathlib.Path(name) / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    # The second time the table and the view are there already.
    for _ in range(2):
        code = subprocess.run(["dbt", "build", "--profiles-dir", ".", "--no-use-colors"], cwd=name).returncode
        if code != 0:
            sys.exit(code)

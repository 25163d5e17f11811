"""Renders the command of a DAG as Airflow does, with what the DAG needs of Airflow 2.9 or 3.

airflow-stand-in.py 2|3 DAG_FILE reads lines "ZONE KIND SECONDS" and prints the command of each run. KIND is how the run
came to be; SECONDS is when it was due.
"""

import sys
from datetime import datetime, timedelta, timezone
from types import ModuleType, SimpleNamespace
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

version, dag_file = sys.argv[1:]
commands = []
dags = []


class DAG:
    def __init__(self, *, dag_id, schedule, start_date, catchup, max_active_runs, dagrun_timeout):
        self.timezone = start_date.tzinfo
        dags.append(self)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        pass


class BashOperator:
    def __init__(self, *, task_id, bash_command, cwd, env, append_env, retries, retry_delay):
        commands.append(bash_command)


def module(name, **names):
    parts = name.split(".")
    for i in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:i]), ModuleType(".".join(parts[:i])))
    vars(sys.modules[name]).update(names)


module("pendulum", datetime=lambda *date, tz: datetime(*date, tzinfo=ZoneInfo(tz)))
if version == "2":
    module("airflow", DAG=DAG)
    module("airflow.operators.bash", BashOperator=BashOperator)
else:
    module("airflow.sdk", DAG=DAG)
    module("airflow.providers.standard.operators.bash", BashOperator=BashOperator)


def context(kind, due):
    """What a template of such a run sees; names that are missing here are missing there."""
    day = timedelta(days=1)
    run = {"run_type": "scheduled" if kind in ("instant", "interval") else kind.split("-")[0]}
    if version == "3":
        run["run_after"] = due
    names = {"dag_run": SimpleNamespace(**run), "dag": dags[-1], "macros": SimpleNamespace(timedelta=timedelta)}
    if kind == "interval":
        start, end, date = due - day, due, due - day
    elif kind in ("instant", "manual-dated"):
        start, end, date = due, due, due
    elif version == "2":
        # The last whole interval, and the date when somebody started it.
        start, end, date = due - 2 * day, due - day / 2, due
    else:
        return names
    return names | {
        "data_interval_start": start,
        "data_interval_end": end,
        "logical_date": date,
        "ds": date.strftime("%Y-%m-%d"),
    }


jinja = SandboxedEnvironment(undefined=StrictUndefined, cache_size=0)
code = open(dag_file).read()
for line in sys.stdin:
    zone, kind, seconds = line.split()
    exec(compile(code.replace('tz="UTC"', f'tz="{zone}"'), dag_file, "exec"), {})
    due = datetime.fromtimestamp(int(seconds), timezone.utc)
    print(jinja.from_string(commands[-1]).render(context(kind, due)))

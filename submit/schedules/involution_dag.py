"""A DAG for Airflow 3, and 2.9 or newer: the nightly experiment, with the same command as the cron line and the timer.

A retry runs the same command with the same slot, finds the slot's folder, and continues with the remaining
cells. Exit code 2 (wrong command line or data) fails again at every retry; 1 and 3 are worth a retry.
"""

from datetime import timedelta

import pendulum

try:
    from airflow.sdk import DAG
except ImportError:  # Airflow 2
    from airflow import DAG
try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2 without this provider
    from airflow.operators.bash import BashOperator

# When the night's run was due: the end of the data interval, which has a length by default in Airflow 2 and none in 3.
# A run that a person or an asset starts may have no interval and no date in Airflow 3, but a time to run after.
DUE = (
    "(data_interval_end if dag_run.run_type in ('scheduled', 'backfill')"
    " else dag_run.run_after | default(logical_date))"
)

with DAG(
    dag_id="involution",
    schedule="30 1 * * *",
    # Its time zone is that of the schedule and the slot; cron and systemd take the machine's.
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    # The time limit below is for each start: a retry after it would take the next night's hours. A little longer
    # than the limit, so that the first start ends by itself, and shorter than limit and delay of a retry.
    dagrun_timeout=timedelta(hours=8, minutes=4),
):
    BashOperator(
        task_id="experiment",
        cwd="/opt/involution-spark",
        # The slot of a night is the date on which it began, as with cron.
        bash_command=(
            "exec submit/yarn experiment conf/experiments/reference.conf"
            " --slot {{ (" + DUE + " - macros.timedelta(hours=12)).astimezone(dag.timezone).strftime('%Y-%m-%d') }}"
            " --time-limit 8h --out hdfs:///runs/{name}/{slot}"
        ),
        env={
            "HADOOP_CONF_DIR": "/etc/hadoop/conf",
            "CIFAR10_HOME": "hdfs:///data/cifar-10-batches-bin",
        },
        append_env=True,
        retries=3,
        retry_delay=timedelta(minutes=5),
    )

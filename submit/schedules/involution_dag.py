"""A DAG for Airflow 2.4 and newer: the nightly experiment, with the same command as the cron line and the timer.

A retry runs the same command with the same slot, finds the slot's folder, and continues with the remaining
cells. Exit code 2 (wrong command line or data) fails again at every retry; 1 and 3 are worth a retry.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG(
    dag_id="involution",
    schedule="30 1 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
):
    BashOperator(
        task_id="experiment",
        cwd="/opt/involution-spark",
        # ds is the date on which the night began.
        bash_command=(
            "exec submit/yarn experiment conf/experiments/reference.conf"
            " --slot {{ ds }} --time-limit 8h --out hdfs:///runs/{name}/{slot}"
        ),
        env={"HADOOP_CONF_DIR": "/etc/hadoop/conf"},
        append_env=True,
        retries=3,
        retry_delay=timedelta(minutes=5),
    )

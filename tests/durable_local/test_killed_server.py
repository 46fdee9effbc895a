"""Two hundred executions, and a server that is killed every two seconds."""

import json
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from durable_local.clock import SystemClock
from durable_local.doctor import examine
from durable_local.executions import Executions
from durable_local.journal import Journals
from durable_local.store.database import Database
from tests.durable_local.server import STEPS

pytestmark = pytest.mark.slow

EXECUTIONS = 200
SECONDS_BETWEEN_KILLS = 2
MOST_KILLS = 60
ROOT = Path(__file__).parents[2]


def serve_until_killed(database: Path, ledger: Path) -> None:
    """Have a server work for a while, and kill it."""
    command = [sys.executable, "-m", "tests.durable_local.server", str(database), str(ledger)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stdout.readline() == "started\n"
        threading.Event().wait(SECONDS_BETWEEN_KILLS)
        server.kill()


def test_none_of_two_hundred_executions_is_lost_or_doubled(tmp_path: Path) -> None:
    path, ledger = tmp_path / "durable.sqlite", tmp_path / "ledger.txt"
    database = Database(path)
    executions = Executions(Journals(database, SystemClock()))
    for number in range(EXECUTIONS):
        executions.start("work", json.dumps(number), f"e{number}")
    kills = 0

    while any(each.status == "RUNNING" for each in executions.newest(EXECUTIONS + 1)) and kills < MOST_KILLS:
        serve_until_killed(path, ledger)
        kills += 1

    ended = {each.name: executions.get(each.name) for each in executions.newest(2 * EXECUTIONS)}
    assert kills > 2
    assert len(ended) == EXECUTIONS
    assert {name: (each.status, each.result) for name, each in ended.items()} == {
        f"e{number}": ("SUCCEEDED", str(number * STEPS)) for number in range(EXECUTIONS)
    }
    runs = Counter(ledger.read_text().splitlines())
    assert len(runs) == EXECUTIONS * STEPS
    # A step may run again if its server died before its end was kept, but none whose end was: those are in the history.
    assert sum(runs.values()) - len(runs) <= kills * 16
    for name in ended:
        told = Counter(event.operation_id for _, event in executions.history(name) if event.type == "StepSucceeded")
        assert set(told.values()) == {1}
        assert len(told) == STEPS
    assert examine(database) == []

"""`durable run` is killed with SIGKILL in the middle, and finishes when it is run again under the same name."""

import json
import random
import signal
import sqlite3
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.durable_local.cli.conftest import Shop

pytestmark = pytest.mark.slow

KILLS = 20
PROGRAM = """
import os

from durable.config import Duration, MapConfig
from durable.execution import durable_execution


def effect(name):
    def run(_):
        with open(os.environ["LEDGER"], "a") as file:
            print(name, file=file)
            file.flush()
            os.fsync(file.fileno())
        return name

    return run


def item(context, number, *_):
    first = context.step(effect(f"take-{number}"), name=f"take-{number}")
    return [first, context.step(effect(f"keep-{number}"), name=f"keep-{number}")]


@durable_execution
def handler(event, context):
    begun = [context.step(effect(f"begin-{number}"), name=f"begin-{number}") for number in range(4)]
    context.wait(Duration.from_seconds(1), name="pause")
    items = context.map(list(range(6)), item, name="items", config=MapConfig(max_concurrency=3)).get_results()
    return {"begun": begun, "items": items, "ended": [
        context.step(effect(f"end-{number}"), name=f"end-{number}") for number in range(6)
    ]}
"""


@dataclass(frozen=True)
class Undisturbed:
    """What the program comes to when nobody kills it."""

    result: Any
    steps: set[str]
    events: int


@pytest.fixture(scope="module")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("factory")
    (folder / "factory.py").write_text(PROGRAM)
    return Shop(folder)


@pytest.fixture(scope="module")
def undisturbed(factory: Shop) -> Undisturbed:
    run = factory.durable("run", "factory.handler", "--name", "calm", "--json", environment=ledger(factory, "calm"))
    document = json.loads(run.stdout)
    return Undisturbed(document["Result"], set(lines(factory, "calm")), events(factory, "calm"))


def ledger(factory: Shop, name: str) -> dict[str, str]:
    return {"LEDGER": str(factory.folder / f"{name}.txt")}


def lines(factory: Shop, name: str) -> list[str]:
    path = factory.folder / f"{name}.txt"
    return path.read_text().splitlines() if path.exists() else []


def query(factory: Shop, sql: str, *values: object) -> list[Any]:
    path: Path = factory.folder / ".durable/durable.sqlite"
    if not path.exists():
        return []
    with sqlite3.connect(path) as database:
        rows = database.execute(sql, values).fetchall()
    database.close()
    return [row[0] for row in rows]


def events(factory: Shop, name: str) -> int:
    """How many events of an execution are kept."""
    return sum(query(factory, "SELECT events FROM executions WHERE name = ?", name))


def kept_steps(factory: Shop, name: str) -> set[str]:
    """The steps of an execution whose success is kept."""
    sql = (
        "SELECT operations.name FROM operations JOIN executions ON executions.key = operations.execution "
        "WHERE executions.name = ? AND operations.type = 'STEP' AND operations.status = 'SUCCEEDED'"
    )
    return set(query(factory, sql, name))


def kill_after(factory: Shop, name: str, event: int) -> None:
    """Run an execution, and kill the process as soon as so many events are kept."""
    run = subprocess.Popen(
        factory.command("run", "factory.handler", "--name", name),
        cwd=factory.folder,
        env=factory.environment(**ledger(factory, name)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while events(factory, name) < event and run.poll() is None:
        pass
    run.kill()

    assert run.wait(timeout=20) == -signal.SIGKILL, f"it ended before event {event}"
    assert query(factory, "SELECT status FROM executions WHERE name = ?", name) == ["RUNNING"]


def finish(factory: Shop, name: str) -> Any:
    run = factory.durable("run", "factory.handler", "--name", name, "--json", environment=ledger(factory, name))
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)["Result"]


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_run_goes_on_and_runs_no_completed_step_again(
    factory: Shop, undisturbed: Undisturbed, number: int
) -> None:
    points = sorted(random.Random(2026).sample(range(1, undisturbed.events - 6), KILLS))  # noqa: S311 - not a secret
    name = f"killed-after-{points[number]}"
    kill_after(factory, name, points[number])
    before, kept = lines(factory, name), kept_steps(factory, name)

    result = finish(factory, name)

    assert result == undisturbed.result
    assert kept <= set(before)
    assert not kept & set(lines(factory, name)[len(before) :])
    assert set(lines(factory, name)) == undisturbed.steps


def test_a_run_that_is_killed_again_and_again_finishes(factory: Shop, undisturbed: Undisturbed) -> None:
    kills = 0
    for event in range(3, undisturbed.events - 6, 7):
        if events(factory, "unlucky") < event:
            kill_after(factory, "unlucky", event)
            kills += 1

    assert finish(factory, "unlucky") == undisturbed.result
    assert kills >= 5
    runs = Counter(lines(factory, "unlucky"))
    assert set(runs) == undisturbed.steps
    assert sum(runs.values()) <= len(undisturbed.steps) + 3 * kills

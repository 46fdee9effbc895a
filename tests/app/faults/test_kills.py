"""A hundred executions of the application in processes, each hit by SIGKILL at some instant: none loses a row."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest

from durable_local.history import Event
from tests.app.faults import shipment
from tests.app.faults.site import AT_ONCE, Site
from tests.durable_local.cli.serving import Served

pytestmark = pytest.mark.slow

EVENTS = 185
"""What the history of one execution has when nothing disturbs it."""
EVENTS_IN_SHARDS = 250
"""The same for one that invokes others, and for these."""
MOST_EXECUTIONS = 80
SHARDS = {"APP_OPERATIONS": 20, "APP_RESERVE_PERCENT": 0, "APP_PAGE_ROWS": 1, "APP_BATCH_PAGES": 1}
"""Two executions for each data type's rows, of five batches at most."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with ExitStack() as servers:
        yield Site(tmp_path, servers)


def kill_workers(served: Served) -> None:
    for worker in psutil.Process(served.process.pid).children():
        worker.kill()


def kill_server(served: Served) -> None:
    served.process.kill()
    served.process.wait()


def kill_both(served: Served) -> None:
    kill_workers(served)
    kill_server(served)


def begun_again_after_their_end(history: Sequence[Event]) -> list[str]:
    """The operations that began once more although their success was kept."""
    ended: set[str | None] = set()
    again = list[str]()
    for event in history:
        if event.type in {"StepSucceeded", "ContextSucceeded"}:
            ended.add(event.operation_id)
        elif event.type in {"StepStarted", "ContextStarted"} and event.operation_id in ended:
            again.append(str(event.operation_id))
    return again


def run_and_kill(site: Site, kill: Callable[[Served], None], chance: random.Random, events: int) -> dict[str, Any]:
    """Begin some executions, kill at a random instant, and let them end: what each has come to."""
    begun = len(site.names())
    names = [f"run-{begun + number}" for number in range(AT_ONCE)]
    site.begin(names)
    site.wait_for_events(chance.randrange(AT_ONCE, AT_ONCE * events * 9 // 10))
    kill(site.served)
    return site.results(names)


def check(site: Site, told: dict[str, Any]) -> None:
    """Every row is stored once or rejected once, the totals agree, and no step ran again after its end."""
    documents = site.kept()
    for name, result in told.items():
        assert shipment.totals(result) == shipment.expected_totals()
        assert shipment.outcomes(documents, name) == shipment.expected()
    for name in site.names():
        assert begun_again_after_their_end(site.history(name)) == []
    assert site.findings() == []


@pytest.mark.parametrize(("kill", "runs"), [(kill_workers, 34), (kill_server, 33), (kill_both, 33)])
def test_every_row_is_stored_once_whatever_is_killed(site: Site, kill: Callable[[Served], None], runs: int) -> None:
    chance, told = random.Random(kill.__name__), dict[str, Any]()  # noqa: S311 - not a secret

    while site.hits(told) < runs and len(told) < MOST_EXECUTIONS:
        told |= run_and_kill(site, kill, chance, EVENTS)

    assert site.hits(told) >= runs
    check(site, told)


@pytest.mark.parametrize("kill", [kill_workers, kill_both])
def test_every_row_is_stored_once_when_the_executions_that_bring_in_shards_are_killed(
    site: Site, kill: Callable[[Served], None]
) -> None:
    chance, told = random.Random(kill.__name__), dict[str, Any]()  # noqa: S311 - not a secret
    site.configure(**SHARDS)

    while site.hits(site.names() - {*told}) < 20 and len(told) < MOST_EXECUTIONS:
        told |= run_and_kill(site, kill, chance, EVENTS_IN_SHARDS)

    assert len(site.names()) == len(told) * (1 + 2 * len(shipment.IDS))
    assert site.hits(site.names() - {*told}) >= 20
    check(site, told)

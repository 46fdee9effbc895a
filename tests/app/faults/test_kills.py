"""A hundred executions of the application in processes, each hit by SIGKILL at some instant: none loses a row."""

import json
import random
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from durable_local.clock import SystemClock
from durable_local.doctor import Finding, examine
from durable_local.executions import Executions
from durable_local.history import INVOCATION_COMPLETED, Event
from durable_local.journal import Journals
from durable_local.store.database import Database
from tests.app.copies import ROOT
from tests.app.faults import kept, shipment
from tests.durable_local.cli.conftest import Shop
from tests.durable_local.cli.serving import Served, started

pytestmark = pytest.mark.slow

INVOKE = {
    "FunctionName": "PipelineFunction:live",
    "Payload": json.dumps(shipment.EVENT),
}
AT_ONCE = 4
EVENTS = 185
"""What the history of one execution has when nothing disturbs it."""
MOST_EXECUTIONS = 80
OVERRIDES = """
PipelineFunction:
  APP_STORAGE: filesystem
  APP_STORAGE_ROOT: !Sub ${Local::Folder}/results
  APP_SOURCE_ROOT: !Sub ${Local::Folder}/sources
  APP_BUCKET: null
  APP_CUSTOMERS_URL: null
"""


class Site:
    """A folder with the sources, the documents and a database, and the server that works there."""

    def __init__(self, folder: Path, servers: ExitStack) -> None:
        self.folder = folder
        self._servers = servers
        self._served: Served | None = None

    @property
    def served(self) -> Served:
        """`durable start` of the template, in processes; begun anew if it has ended."""
        if self._served is None or self._served.process.poll() is not None:
            options = ["--host", "processes", "--workers", str(AT_ONCE), "--clock", "skipping"]
            start = started(
                Shop(self.folder), "--template", ROOT / "template.yaml", *options, errors=self.folder / "errors.txt"
            )
            self._served = self._servers.enter_context(start)
        return self._served

    @property
    def database(self) -> Path:
        return self.folder / ".durable/durable.sqlite"

    def begin(self, names: Iterable[str]) -> None:
        """Begin executions of these names."""
        client = self.served.client()
        for name in names:
            client.invoke(InvocationType="Event", DurableExecutionName=name, **INVOKE)

    def wait_for_events(self, names: Sequence[str], events: int) -> None:
        """Come back as soon as these executions have kept so many events together."""
        sql = f"SELECT sum(events) FROM executions WHERE name IN ({', '.join('?' * len(names))})"  # noqa: S608
        with closing(sqlite3.connect(self.database)) as database:
            while (database.execute(sql, names).fetchone()[0] or 0) < events:
                pass

    def results(self, names: Iterable[str]) -> dict[str, Any]:
        """What each of the executions has come to, once it has ended."""
        client = self.served.client()
        answers = {name: client.invoke(DurableExecutionName=name, **INVOKE) for name in names}
        return {name: json.loads(answer["Payload"].read()) for name, answer in answers.items()}

    def history(self, name: str) -> list[Event]:
        """The events of an execution."""
        with closing(Database(self.database)) as database:
            executions = Executions(Journals(database, SystemClock()))
            return [event for _, event in executions.history(name)]

    def hits(self, names: Iterable[str]) -> int:
        """How many of the executions had an invocation killed: nothing else makes a second one necessary."""
        completed = [[event.type for event in self.history(name)].count(INVOCATION_COMPLETED) for name in names]
        return sum(invocations > 1 for invocations in completed)

    def findings(self) -> list[Finding]:
        """What is wrong with the database."""
        with closing(Database(self.database)) as database:
            return examine(database)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    shipment.write_sources(tmp_path / "sources")
    (tmp_path / "local.yaml").write_text(OVERRIDES)
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


@pytest.mark.parametrize(("kill", "runs"), [(kill_workers, 34), (kill_server, 33), (kill_both, 33)])
def test_every_row_is_stored_once_whatever_is_killed(site: Site, kill: Callable[[Served], None], runs: int) -> None:
    chance = random.Random(kill.__name__)  # noqa: S311 - not a secret
    told = dict[str, Any]()

    while site.hits(told) < runs and len(told) < MOST_EXECUTIONS:
        names = [f"run-{len(told) + number}" for number in range(AT_ONCE)]
        site.begin(names)
        site.wait_for_events(names, chance.randrange(AT_ONCE, AT_ONCE * EVENTS * 9 // 10))
        kill(site.served)
        told |= site.results(names)

    documents = kept.in_folder(site.folder / "results")
    assert site.hits(told) >= runs
    for name, result in told.items():
        assert shipment.totals(result) == shipment.expected_totals()
        assert shipment.outcomes(documents, name) == shipment.expected()
        assert begun_again_after_their_end(site.history(name)) == []
    assert site.findings() == []

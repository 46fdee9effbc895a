"""Orders in processes, hit by SIGKILL at some instant: all money is given back, and all stock put back."""

import csv
import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.app.copies import ROOT
from tests.app.faults.test_kills import kill_both, kill_server, kill_workers
from tests.durable_local.cli.conftest import Shop
from tests.durable_local.cli.serving import Served, started

pytestmark = pytest.mark.slow

ORDER = json.loads((ROOT / "events" / "fulfilment.json").read_text())
AT_ONCE = 4
ROUNDS = 6
HITS = """
SELECT execution FROM events WHERE type = 'InvocationCompleted' GROUP BY execution HAVING count(*) > 2
"""
"""The executions that had an invocation killed: nothing else makes a third one necessary."""
EVENTS = 18
"""What the history of an order has that nobody approves."""


@dataclass
class Store:
    """A folder with the ledgers, and the server that works there; nobody decides on orders, and time skips."""

    folder: Path
    servers: ExitStack
    begun: list[dict[str, Any]] = field(default_factory=list)
    _served: Served | None = None

    @property
    def served(self) -> Served:
        """`durable start` of the template, in processes; begun anew if it has ended."""
        if self._served is None or self._served.process.poll() is not None:
            options = ["--host", "processes", "--workers", str(AT_ONCE), "--clock", "skipping"]
            template, errors = ROOT / "template.yaml", self.folder / "errors.txt"
            start = started(Shop(self.folder), "--template", template, *options, errors=errors)
            self._served = self.servers.enter_context(start)
        return self._served

    def begin(self) -> None:
        """Place some orders."""
        first = len(self.begun)
        orders = [ORDER | {"order_id": f"o-{first + number}"} for number in range(AT_ONCE)]
        self.begun += orders
        for order in orders:
            self.invoke(order, InvocationType="Event")

    def invoke(self, order: dict[str, Any], **more: str) -> Any:
        """Place an order, and wait for what becomes of it unless it is an event."""
        answer = self.served.client().invoke(
            FunctionName="FulfilmentFunction:live",
            DurableExecutionName=f"fulfilment-{order['order_id']}",
            Payload=json.dumps(order),
            **more,
        )
        return json.loads(answer["Payload"].read() or "null")

    def wait_for_events(self, events: int) -> None:
        """Come back as soon as so many more events are kept, or nothing runs any more."""
        begun_at, running = self.rows("durable", "SELECT sum(events), sum(status = 'RUNNING') FROM executions")[0]
        kept = begun_at
        while running and kept < begun_at + events:
            kept, running = self.rows("durable", "SELECT sum(events), sum(status = 'RUNNING') FROM executions")[0]

    def rows(self, database: str, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.folder / ".durable" / f"{database}.sqlite", timeout=30)) as connection:
            return list(connection.execute(query))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data" / "stock.csv", tmp_path / "data")
    shutil.copy(ROOT / "local.yaml", tmp_path)
    with ExitStack() as servers:
        yield Store(tmp_path, servers)


@pytest.mark.parametrize("kill", [kill_workers, kill_server, kill_both])
def test_the_ledgers_balance_whatever_is_killed(store: Store, kill: Callable[[Served], None]) -> None:
    chance = random.Random(kill.__name__)  # noqa: S311 - not a secret

    for _ in range(ROUNDS):
        store.begin()
        store.wait_for_events(chance.randrange(AT_ONCE * EVENTS))
        kill(store.served)
    outcomes = [store.invoke(order) for order in store.begun]

    assert len(store.rows("durable", HITS)) >= ROUNDS
    assert {(each["outcome"], *each["undone"]) for each in outcomes} == {
        ("rejected", "release-stock", "refund-payment")
    }
    charged = store.rows("app", "SELECT key, amount, refunded FROM charges ORDER BY key")
    assert charged == sorted((f"order-{order['order_id']}", "77.05", 1) for order in store.begun)
    with (ROOT / "data" / "stock.csv").open(newline="") as document:
        first_stock = [(row["sku"], int(row["available"])) for row in csv.DictReader(document)]
    assert store.rows("app", "SELECT sku, available FROM stock ORDER BY sku") == sorted(first_stock)
    assert len(list((store.folder / ".durable/storage/notices").glob("*.json"))) == 2 * len(store.begun)

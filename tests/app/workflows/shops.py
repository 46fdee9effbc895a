"""A shop on this machine, with ledgers on disk that can be balanced, and orders that it fulfils."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from app.adapters.approvals.lambda_callbacks import LambdaCallbacks
from app.adapters.approvals.sqlite import SqliteApprovals
from app.adapters.inventory.sqlite import SqliteInventory
from app.adapters.payments.ledger import LedgerPayments
from app.adapters.shipping.ledger import LedgerShipping
from app.domain.fulfilment import Outcome
from app.workflows.fulfilment import FulfilmentWorkflow
from durable import DurableContext, durable_execution
from durable_local.hosts.loading import Handler
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.fakes.moments import CountingClock
from tests.fakes.notifier import MemoryNotifier
from tests.fakes.troubles import TroubledInventory, TroubledPayments, TroubledShipping, Troubles

REVIEW = "fraud-review"
APPROVE = {"decision": "approve", "decided_by": "rita"}
REJECT = {"decision": "reject", "decided_by": "rita", "reason": "stolen card"}
STOCK = {"tea-01": 5, "cup-01": 1, "tin-01": 0}


def order(card: str = "card-7", **quantities: int) -> dict[str, Any]:
    """An order of so many pieces, by SKU with `_` for `-`; one Assam and one cup unless it is told."""
    lines = [{"sku": sku.replace("_", "-"), "quantity": quantity} for sku, quantity in quantities.items()]
    return {
        "order_id": "o-1",
        "customer_id": "c-1",
        "card": card,
        "total": "48.35",
        "lines": lines or [{"sku": "tea-01", "quantity": 2}, {"sku": "cup-01", "quantity": 1}],
    }


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left after an execution: money, stock and parcels, by order."""

    charged: Mapping[str, str]
    reserved: Mapping[str, str]
    on_the_way: list[str]
    available: Mapping[str, int]


NOTHING_LEFT = Balance(charged={}, reserved={}, on_the_way=[], available=STOCK)
FULFILLED = Balance(
    charged={"order-o-1": "48.35"},
    reserved={"order-o-1": '[{"sku": "tea-01", "quantity": 2}, {"sku": "cup-01", "quantity": 1}]'},
    on_the_way=["order-o-1"],
    available={"tea-01": 3, "cup-01": 0, "tin-01": 0},
)


@dataclass
class Shop:
    """Runs fulfilments, warm or cold, in one outside world; every execution finds it as it was opened."""

    folder: Path
    sandbox: Literal["warm", "cold"] = "warm"
    troubles: Callable[[], Troubles] = Troubles
    notifier: Callable[[], MemoryNotifier] = MemoryNotifier
    met: Troubles = field(init=False)
    told: MemoryNotifier = field(init=False)
    left: list[Balance] = field(default_factory=list)
    """What each execution has left, but for the last one."""
    opened: int = 0
    arn: str = ""

    def handler(self) -> Handler:
        """A sandbox that has just begun: a handler of its own, with a new workflow for each invocation."""

        @durable_execution
        def handler(event: object, context: DurableContext) -> Outcome:
            self.open_for(context.execution_context.durable_execution_arn)
            return self.workflow().run(event, context)

        return handler

    def open_for(self, arn: str) -> None:
        """Open anew if this is another execution than before."""
        if arn != self.arn:
            if self.arn:
                self.left.append(self.balance())
            self.arn, self.opened = arn, self.opened + 1
            self.met, self.told = self.troubles(), self.notifier()
            self.root.mkdir(parents=True)
            rows = [f"{sku},{available}" for sku, available in STOCK.items()]
            (self.root / "stock.csv").write_text("\n".join(["sku,available", *rows]))
            inventory = self.inventory()
            inventory.reserve([{"sku": "tea-01", "quantity": 1}], "first")  # until then, nothing is filled in
            inventory.release("first")

    @property
    def root(self) -> Path:
        return self.folder / f"shop-{self.opened}"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.sqlite"

    def inventory(self) -> SqliteInventory:
        return SqliteInventory(self.ledger, self.root / "stock.csv")

    def workflow(self) -> FulfilmentWorkflow:
        return FulfilmentWorkflow(
            payments=TroubledPayments(LedgerPayments(self.ledger), self.met),
            inventory=TroubledInventory(self.inventory(), self.met),
            shipping=TroubledShipping(LedgerShipping(self.ledger), self.met),
            approvals=SqliteApprovals(self.ledger, LambdaCallbacks(_nobody)),
            notifier=self.told,
            clock=CountingClock(),
        )

    def run(self, event: object, review: object = None) -> DurableFunctionTestResult:
        """An execution after its run; the fraud review is silent unless its answer is given."""
        warm = self.handler()
        loader = self.handler if self.sandbox == "cold" else lambda: warm
        with DurableFunctionTestRunner(loader=loader) as runner:
            arn = runner.run_async(event, "first")
            if review is not None:
                runner.send_callback_success(runner.wait_for_callback(arn, REVIEW), review)
            return runner.wait_for_result(arn)

    def balance(self) -> Balance:
        """The ledgers as they stand."""
        return Balance(
            charged=dict(self._rows("SELECT key, amount FROM charges WHERE NOT refunded", "charges")),
            reserved=dict(self._rows("SELECT key, lines FROM reservations WHERE NOT released", "reservations")),
            on_the_way=[key for (key,) in self._rows("SELECT key FROM parcels WHERE confirmed", "parcels")],
            available=dict(self._rows("SELECT sku, available FROM stock", "stock")),
        )

    def _rows(self, query: str, table: str) -> list[Any]:
        with closing(sqlite3.connect(self.ledger)) as database:
            is_there = database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            return list(database.execute(query)) if is_there else []


def _nobody() -> Any:
    raise AssertionError("the runner answers callbacks itself")

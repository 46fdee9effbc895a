"""Runs cart reminders as the local runtime does, in an outside world of memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from app.domain.carts import Outcome
from app.ports.carts import Carts
from app.ports.clock import Clock
from app.ports.notifier import Notifier
from app.workflows.cart_reminder import CartReminderWorkflow
from durable import DurableContext, durable_execution
from durable_local.hosts.loading import Handler
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.fakes.carts import MemoryCarts
from tests.fakes.moments import CountingClock
from tests.fakes.notifier import MemoryNotifier

DAY = 24 * 60 * 60
EVENT = {"cart_id": "c-1", "customer_id": "ada"}
NAME = "cart-reminder-c-1"


@dataclass
class Reminders:
    """Runs the cart reminder, warm or cold, in one outside world."""

    sandbox: Literal["warm", "cold"] = "warm"
    carts: Carts = field(default_factory=MemoryCarts)
    notifier: Notifier = field(default_factory=MemoryNotifier)
    clock: Clock = field(default_factory=CountingClock)
    remind_after_seconds: int = DAY

    def handler(self) -> Handler:
        """A sandbox that has just begun: a workflow and a handler of its own."""
        workflow = CartReminderWorkflow(
            carts=self.carts,
            notifier=self.notifier,
            clock=self.clock,
            remind_after_seconds=self.remind_after_seconds,
        )

        @durable_execution
        def handler(event: object, context: DurableContext) -> Outcome:
            return workflow.run(event, context)

        return handler

    def loader(self) -> Callable[[], Handler]:
        """What gives each invocation its handler."""
        warm = self.handler()
        return self.handler if self.sandbox == "cold" else lambda: warm

    def run(self, event: Any = EVENT) -> DurableFunctionTestResult:
        """The execution after its end."""
        return DurableFunctionTestRunner(loader=self.loader()).run(event, NAME)

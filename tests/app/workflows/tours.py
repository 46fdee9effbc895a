"""Runs tours as the local runtime does, with somebody outside who answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from app.adapters.readiness.sample import SampleReadiness
from app.adapters.storage.memory import MemoryStorage
from app.domain.tour import TourSummary
from app.entrypoints import greeting
from app.ports.readiness import Readiness
from app.ports.storage import Storage
from app.workflows.tour import TourWorkflow
from durable import DurableContext, durable_execution
from durable_local.hosts.loading import Handler
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner

EVENT = {"name": "Ada", "items": ["plums", " apples", "pears", "apples"]}
CALLBACK = "wait-for-external-callback"
GREETING = "greeting"

Outside = Callable[[DurableFunctionTestRunner, str], None]
"""What somebody does with the callback's id."""


@dataclass(frozen=True)
class Tours:
    """Runs the tour, warm or cold, in one outside world."""

    sandbox: Literal["warm", "cold"] = "warm"
    storage: Storage = field(default_factory=MemoryStorage)
    readiness: Readiness = field(default_factory=SampleReadiness)
    greeting: Handler = greeting.handler

    def handler(self) -> Handler:
        """A sandbox that has just begun: a workflow and a handler of its own."""
        workflow = TourWorkflow(storage=self.storage, readiness=self.readiness, greeting_function=f"{GREETING}:live")

        @durable_execution
        def handler(event: object, context: DurableContext) -> TourSummary:
            return workflow.run(event, context)

        return handler

    def run(self, outside: Outside | None = None, event: Any = EVENT) -> DurableFunctionTestResult:
        """The execution `first` after its run; nobody answers unless somebody outside is given."""
        warm = self.handler()
        loader = self.handler if self.sandbox == "cold" else lambda: warm
        with DurableFunctionTestRunner(loader=loader).register_function(GREETING, self.greeting) as runner:
            arn = runner.run_async(event, "first")
            if outside:
                outside(runner, runner.wait_for_callback(arn, CALLBACK))
            return runner.wait_for_result(arn)


def agree(runner: DurableFunctionTestRunner, callback_id: str) -> None:
    """Somebody says yes."""
    runner.send_callback_success(callback_id, "yes")

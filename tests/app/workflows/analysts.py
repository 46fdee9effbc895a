"""Runs analysts as the local runtime does, with a person outside who may answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from app.adapters.storage.memory import MemoryStorage
from app.domain.analyst import Analysis, Budget
from app.ports.chat_model import ChatModel
from app.ports.datasets import Datasets
from app.ports.storage import Storage
from app.ports.tools import Tool
from app.workflows.analyst import AnalystWorkflow
from durable import DurableContext, durable_execution
from durable_local.hosts.loading import Handler
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.fakes.analyst import answering
from tests.fakes.chat_model import WrittenChatModel
from tests.fakes.datasets import SetDatasets
from tests.fakes.tools import WrittenTool

EVENT = {"question": "How many teas are there?", "documents": "monday"}
CALLBACK = "ask-a-person"

Outside = Callable[[DurableFunctionTestRunner, str], None]
"""What a person does with the callback's id."""


@dataclass(frozen=True)
class Analysts:
    """Runs the analyst, warm or cold, in one outside world."""

    sandbox: Literal["warm", "cold"] = "warm"
    chat_model: ChatModel = field(default_factory=lambda: WrittenChatModel(answering("Two")))
    tools: Sequence[Tool] = field(default_factory=lambda: [WrittenTool("look"), WrittenTool("send", once=True)])
    datasets: Datasets = field(default_factory=SetDatasets)
    storage: Storage = field(default_factory=MemoryStorage)
    budgets: Sequence[Budget] = (Budget(model_calls=4, tokens=1_000),)
    """The budget in the settings of each sandbox that begins, the last one for all further ones."""

    def handler(self, sandbox: int = 0) -> Handler:
        """A sandbox that has just begun: a workflow and a handler of its own."""
        workflow = AnalystWorkflow(
            chat_model=self.chat_model,
            tools=self.tools,
            datasets=self.datasets,
            storage=self.storage,
            budget=self.budgets[min(sandbox, len(self.budgets) - 1)],
        )

        @durable_execution
        def handler(event: object, context: DurableContext) -> Analysis:
            return workflow.run(event, context)

        return handler

    def run(self, outside: Outside | None = None, event: Any = EVENT) -> DurableFunctionTestResult:
        """The execution `tuesday` after its run; nobody answers unless a person is given."""
        warm, begun = self.handler(), list[int]()

        def load() -> Handler:
            begun.append(len(begun))
            return self.handler(begun[-1]) if self.sandbox == "cold" else warm

        with DurableFunctionTestRunner(loader=load) as runner:
            arn = runner.run_async(event, "tuesday")
            if outside:
                outside(runner, runner.wait_for_callback(arn, CALLBACK))
            return runner.wait_for_result(arn)


def estimate(runner: DurableFunctionTestRunner, callback_id: str) -> None:
    """A person answers."""
    runner.send_callback_success(callback_id, "About two")

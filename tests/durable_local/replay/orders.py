"""An order on the local runtime, whose code may change while it waits for its answers."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from durable.execution import durable_execution
from durable.model import OperationStatus
from durable_local.hosts.loading import Handler
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.durable_local.replay.edits import CODE, Code

NAME = "order"
Json = dict[str, Any]


def handler_of(code: Code, effect: Callable[[str], object]) -> Handler:
    """A durable function with this code."""
    return durable_execution(lambda _event, context: code.run(context, effect))


def as_json(result: DurableFunctionTestResult) -> list[Json]:
    """The history of an execution, through JSON."""
    events: list[Json] = json.loads(json.dumps(result.history))
    return events


@dataclass
class Order:
    """One execution, and how often its steps have done something."""

    code: Code = CODE
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._runner = DurableFunctionTestRunner(loader=lambda: handler_of(self.code, self._effect))

    def go_on(self) -> DurableFunctionTestResult:
        """Run until only answers are missing."""
        return self._runner.run(name=NAME)

    def end(self) -> DurableFunctionTestResult:
        """Answer whoever asks, until the execution has ended."""
        while (result := self.go_on()).status == "RUNNING":
            for operation in result.operations:
                if operation.callback_details and operation.status is OperationStatus.STARTED:
                    answers = self._runner.runtime.callbacks
                    answers.succeed(operation.callback_details.callback_id, f"yes to {operation.name}")
        return result

    def _effect(self, what: str) -> str:
        self.done[what] += 1
        return what


@cache
def waiting() -> list[Json]:
    """The history of an order that waits for all of its answers."""
    return as_json(Order().go_on())


@cache
def ended() -> list[Json]:
    """The history of an order that has had all of its answers."""
    return as_json(Order().end())


def unexpected(what: str) -> object:
    """For steps that are not to run."""
    raise AssertionError(f"{what} has run")

"""Histories to count: of small functions, as they are recorded, and golden ones."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from durable.context import DurableContext
from durable.execution import durable_execution
from durable.types import StepContext
from durable_local.history import shown
from durable_local.hosts.loading import Handler
from durable_local.testing import DurableFunctionTestRunner
from durable_local.timeline.spans import Json


def history(handler: Handler, event: object = None, answers: Mapping[str, object] | None = None) -> list[Json]:
    """What a function recorded, to its end; its callbacks are answered by their names."""
    with DurableFunctionTestRunner(handler) as runner:
        arn = runner.run_async(event, "counted")
        for name, answer in (answers or {}).items():
            runner.send_callback_success(runner.wait_for_callback(arn, name), answer)
        runner.wait_for_result(arn)
        return [shown(each, number, timestamp=_moment) for number, each in runner.runtime.executions.history(arn)]


@durable_execution
def steps(event: int, context: DurableContext) -> int:
    """So many steps after each other."""
    for number in range(event):
        context.step(partial(_given, number), name=f"step-{number}")
    return event


class Stumbling:
    """A step that fails so many times, and then succeeds."""

    def __init__(self, failures: int) -> None:
        self._failures = failures

    def __call__(self, *_: Any) -> str:
        self._failures -= 1
        if self._failures >= 0:
            raise ConnectionError("once more")
        return "done"


def _given(number: int, _context: StepContext) -> int:
    return number


def _moment(value: datetime) -> datetime:
    return value

"""Our core and AWS's SDK on the same programs: equal updates, equal ends, and each goes on where the other stopped."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import aws_durable_execution_sdk_python as official
import pytest

import durable
from durable import wire
from durable_local.executions import Execution
from durable_local.hosts.loading import Handler, warm
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function
from tests.durable.execution import ExecutionUnderTest, placeless
from tests.durable.programs import PROGRAMS, Program, names_under
from tests.durable.recording import lost_reply
from tests.fakes.lambda_api import LambdaApi, invocation_event

Json = dict[str, Any]


@dataclass(frozen=True)
class Sdk:
    """An implementation of durable execution, known by its import root."""

    root: str
    durable_execution: Callable[..., Any]

    @property
    def names(self) -> SimpleNamespace:
        return names_under(self.root)

    def handler(self, program: Program, execution: ExecutionUnderTest, effect: Callable[[str], str]) -> Handler:
        """The program on this SDK, speaking to the execution's service as boto3 does."""
        names = self.names
        handler: Handler = self.durable_execution(
            lambda _event, context: program(names, context, effect), boto3_client=LambdaApi(execution.service)
        )
        return handler


OURS = Sdk("durable", durable.durable_execution)
OFFICIAL = Sdk("aws_durable_execution_sdk_python", official.durable_execution)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@dataclass(frozen=True)
class Run:
    """How an execution ended, and what was sent and done on the way."""

    execution: Execution
    updates: list[Json]
    effects: Counter[str]
    checkpoints: int

    @property
    def end(self) -> tuple[object, ...]:
        """Status, result and error; where it was raised is recorded by our core alone."""
        error = self.execution.error and replace(self.execution.error, stack_trace=None)
        return self.execution.status, self.execution.result, error

    def by_context(self) -> dict[str | None, list[Json]]:
        """The updates of each context in their order; of a batch, whose branches have none, branch by branch."""
        contexts: dict[str | None, list[Json]] = {}
        for update in self.updates:
            contexts.setdefault(update.get("ParentId"), []).append(update)
        for batch in {update["Id"] for update in self.updates if update["SubType"] in {"Map", "Parallel"}}:
            contexts[batch].sort(key=lambda update: update["Id"])
        return contexts


def run(program: Program, first: Sdk, then: Sdk | None = None, cut_at: int | None = None) -> Run:
    """Drive a program to its end on one SDK; or on another from the checkpoint on at which the first is cut off."""
    execution, effects = ExecutionUnderTest(), Counter[str]()

    def effect(what: str) -> str:
        effects[what] += 1
        return what

    handlers = [sdk.handler(program, execution, effect) for sdk in (first, then or first)]

    def invoke(event: Any, context: Any) -> Any:
        return handlers[is_cut()](event, context)

    def is_cut() -> bool:
        return cut_at is not None and len(execution.service.batches) >= cut_at

    if cut_at is not None:
        execution.service.faults[cut_at] = lost_reply
    execution.runtime.functions["function"] = Function(ThreadHost(warm(invoke), invocation_event))
    ended = execution.runtime.run(execution.arn)
    updates = [update for batch in execution.service.batches for update in map(placeless, wire.encode(batch))]
    return Run(ended, updates, effects, len(execution.service.batches))


@cache
def on_ours(name: str) -> Run:
    return run(PROGRAMS[name], OURS)


@cache
def on_official(name: str) -> Run:
    return run(PROGRAMS[name], OFFICIAL)


@pytest.mark.parametrize("name", PROGRAMS)
def test_both_end_a_program_equally(name: str) -> None:
    ours, theirs = on_ours(name), on_official(name)

    assert ours.end == theirs.end
    assert ours.effects == theirs.effects
    assert ours.execution.invocations == theirs.execution.invocations


@pytest.mark.parametrize("name", PROGRAMS)
def test_both_send_the_same_updates_in_the_same_order_within_each_context(name: str) -> None:
    assert on_ours(name).by_context() == on_official(name).by_context()


@pytest.mark.parametrize(("first", "then"), [(OURS, OFFICIAL), (OFFICIAL, OURS)], ids=["ours first", "theirs first"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_each_ends_what_the_other_has_begun(name: str, first: Sdk, then: Sdk) -> None:
    expected = on_official(name)

    for at in range(1, (on_ours(name) if first is OURS else expected).checkpoints + 1):
        handed_over = run(PROGRAMS[name], first, then, cut_at=at)

        assert handed_over.end == expected.end
        assert handed_over.effects.keys() == expected.effects.keys()

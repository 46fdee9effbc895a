"""Drives programs to their end on one SDK, or on two that take turns."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from durable import wire
from durable.model import ErrorObject, Operation
from durable_local.executions import Execution
from durable_local.hosts.events import envelope
from durable_local.hosts.loading import Handler, warm
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function
from tests.durable.execution import ExecutionUnderTest, placeless
from tests.durable.programs import PROGRAMS, Program
from tests.interop.cut import Cut
from tests.interop.effects import Effects
from tests.interop.operations import OPERATIONS, everything
from tests.interop.outside import answer_callbacks, register_functions
from tests.interop.sdks import Sdk

Json = dict[str, Any]

ALL: dict[str, Program] = {**PROGRAMS, **OPERATIONS, "everything": everything}

_AT_ONCE = 16
"""AWS's SDK idles for a tenth of a second in each invocation; meanwhile others run."""
_STACK_TRACE = re.compile(r',"StackTrace":\{.*?\]\}')
"""In the recorded result of a batch: AWS's SDK passes on what our core has recorded of a branch."""


@dataclass(frozen=True)
class Run:
    """How an execution ended, and what was recorded, sent and done on the way."""

    how: str
    execution: Execution
    operations: list[tuple[object, ...]]
    updates: list[Json]
    effects: Effects
    checkpoints: int

    @property
    def end(self) -> tuple[object, ...]:
        """Status, result and error."""
        return self.execution.status, self.execution.result, _without_place(self.execution.error)

    def by_context(self) -> dict[str | None, list[Json]]:
        """The updates of each context in their order; of a batch, whose branches have none, branch by branch."""
        contexts: dict[str | None, list[Json]] = {}
        for update in self.updates:
            contexts.setdefault(update.get("ParentId"), []).append(update)
        for batch in {update["Id"] for update in self.updates if update["SubType"] in {"Map", "Parallel"}}:
            contexts.get(batch, []).sort(key=lambda update: update["Id"])
        return contexts


def run(name: str, *sdks: Sdk, cut: Cut | None = None) -> Run:
    """Drive a program to its end: on the first SDK until the cut and on the second after it, or on all in turns."""
    execution = ExecutionUnderTest()
    effects = Effects(execution)

    def invoke(event: Any, context: Any) -> Any:
        turn = cut.invocation is not None if cut else (execution.invocations - 1) % len(sdks)
        handler: Handler = sdks[turn].handler(ALL[name], execution.service, effects.of_invocation())
        return handler(event, context)

    if cut:
        cut.apply_to(execution)
    execution.runtime.functions["function"] = Function(ThreadHost(warm(invoke), envelope))
    register_functions(execution, sdks[-1], effects.of_functions)
    while (ended := execution.runtime.run(execution.arn)).status == "RUNNING":
        answer_callbacks(execution)

    how = f"{name} on {' and '.join(sdk.root for sdk in sdks)}, {cut}"
    updates = [update for batch in execution.service.batches for update in map(placeless, wire.encode(batch))]
    recorded = sorted(map(_recorded, execution.operations), key=str)
    return Run(how, ended, recorded, updates, effects, len(execution.service.batches))


@cache
def undisturbed(name: str, sdk: Sdk) -> Run:
    """The run of a program on one SDK alone, all of whose invocations live."""
    return run(name, sdk)


def side_by_side(runs: Sequence[Callable[[], Run]]) -> list[Run]:
    """Several runs at the same time."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [future.result() for future in [pool.submit(each) for each in runs]]


def _recorded(operation: Operation) -> tuple[object, ...]:
    """An operation without its times, its attempts, and the places where errors were raised."""
    return (
        operation.operation_id,
        operation.parent_id,
        operation.operation_type,
        operation.sub_type,
        operation.name,
        operation.status,
        operation.result and _STACK_TRACE.sub("", operation.result),
        _without_place(operation.error),
        operation.context_details and operation.context_details.replay_children,
    )


def _without_place(error: ErrorObject | None) -> ErrorObject | None:
    """An error without the place where it was raised, which our core alone records."""
    return error and replace(error, stack_trace=None)

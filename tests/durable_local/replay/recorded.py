"""Programs with every operation, run to their end on the local runtime, and what is kept of them."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from durable.execution import durable_execution
from durable.model import Operation
from durable_local.history import shown
from durable_local.hosts.events import envelope
from durable_local.hosts.loading import Handler, warm
from durable_local.hosts.threads import ThreadHost
from durable_local.runtime import Function
from tests.durable.execution import ExecutionUnderTest
from tests.durable.programs import PROGRAMS, names_under
from tests.durable_local.replay.orders import unexpected
from tests.interop.operations import OPERATIONS, everything
from tests.interop.outside import answer_callbacks, register_functions
from tests.interop.sdks import Sdk

NAMES = [*PROGRAMS, *OPERATIONS]
_ALL = {**PROGRAMS, **OPERATIONS, "everything": everything}
_OUTSIDE_OF_STEPS = ("after", "log#")
"""Effects of programs that their authors have put where every replay repeats them."""


@dataclass(frozen=True)
class Kept:
    """What the service has of an execution at one moment."""

    events: list[dict[str, Any]]
    operations: list[Operation]


@cache
def recorded(name: str, sdk: Sdk) -> list[Kept]:
    """A program on an SDK: as it stood whenever it waited for an answer, and at its end."""
    execution = ExecutionUnderTest()
    handler = sdk.handler(_ALL[name], execution.service, lambda what: what)
    execution.runtime.functions["function"] = Function(ThreadHost(warm(handler), envelope))
    register_functions(execution, sdk, lambda what: what)
    moments: list[Kept] = []
    while execution.runtime.run(execution.arn).status == "RUNNING":
        moments.append(_kept(execution))
        answer_callbacks(execution)
    return [*moments, _kept(execution)]


def replayed(name: str) -> Handler:
    """A program none of whose steps is to run."""

    def effect(what: str) -> str:
        return what if what.startswith(_OUTSIDE_OF_STEPS) else str(unexpected(what))

    return durable_execution(lambda _event, context: _ALL[name](names_under("durable"), context, effect))


def _kept(execution: ExecutionUnderTest) -> Kept:
    told = [shown(event, number) for number, event in execution.runtime.executions.history(execution.arn)]
    return Kept(json.loads(json.dumps(told)), execution.operations)

"""What executions tell of themselves: plugins of the durable core, which change nothing."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.measures import Measures, ended
from app.ports.metrics import Metrics
from app.ports.tracer import Tracer
from durable.plugin import (
    DurableInstrumentationPlugin,
    InvocationEndInfo,
    InvocationStartInfo,
    InvocationStatus,
    OperationType,
    UserFunctionEndInfo,
    UserFunctionStartInfo,
)
from durable.types import LoggerInterface

Measure = Callable[[object, Any], Sequence[Measures]]
"""What an execution came to in numbers, by its event and its result."""


@dataclass(frozen=True, slots=True)
class EachInvocation:
    """Makes a plugin for each invocation."""

    make: Callable[[InvocationStartInfo], DurableInstrumentationPlugin]

    def create_plugin(self, info: InvocationStartInfo) -> DurableInstrumentationPlugin:
        """The plugin of an invocation that begins."""
        return self.make(info)


class StepLines(DurableInstrumentationPlugin):
    """Logs each attempt of a step when it has ended: how long it took and how it ended, and nothing of what it held."""

    def __init__(self, logger: LoggerInterface, info: InvocationStartInfo) -> None:
        self._logger = logger
        self._arn = info.execution_arn
        self._began = dict[str, float]()

    def on_user_function_start(self, info: UserFunctionStartInfo) -> None:
        """Remember when."""
        self._began[info.operation_id] = time.perf_counter()

    def on_user_function_end(self, info: UserFunctionEndInfo) -> None:
        """Write the line."""
        seconds = time.perf_counter() - self._began.pop(info.operation_id)
        if info.operation_type is not OperationType.STEP:
            return
        facts = {
            "executionArn": self._arn,
            "parentId": info.parent_id,
            "operationName": info.name,
            "operationId": info.operation_id,
            "attempt": info.attempt,
            "durationMs": round(seconds * 1000, 3),
            "outcome": info.outcome.value,
            "errorType": info.error and info.error.type,
        }
        self._logger.info("Step ran", extra={name: fact for name, fact in facts.items() if fact is not None})


class Outcomes(DurableInstrumentationPlugin):
    """Counts what an execution came to, in the invocation that ends it; so nothing that is replayed counts again."""

    def __init__(self, metrics: Callable[[], Metrics], service: str, measure: Measure) -> None:
        self._metrics = metrics
        self._service = service
        self._measure = measure

    def on_invocation_end(self, info: InvocationEndInfo) -> None:
        """Count, unless the execution goes on."""
        if info.status is InvocationStatus.SUCCEEDED:
            result = json.loads(info.execution_result) if info.execution_result else None
            self._metrics().count(self._service, self._measure(info.execution_input, result))
        elif info.status is InvocationStatus.FAILED:
            self._metrics().count(self._service, [ended("failed")])


class Segments(DurableInstrumentationPlugin):
    """Draws each attempt of a step into the trace of its invocation."""

    def __init__(self, tracer: Callable[[], Tracer], info: InvocationStartInfo) -> None:
        self._tracer = tracer
        self._arn = info.execution_arn or ""
        self._open = dict[str, Callable[[str | None], None]]()

    def on_user_function_start(self, info: UserFunctionStartInfo) -> None:
        """Begin the segment, on the step's thread."""
        if info.operation_type is OperationType.STEP:
            about = {"executionArn": self._arn, "operationId": info.operation_id, "attempt": str(info.attempt)}
            self._open[info.operation_id] = self._tracer().begin(info.name or info.operation_id, about)

    def on_user_function_end(self, info: UserFunctionEndInfo) -> None:
        """End it there."""
        if end := self._open.pop(info.operation_id, None):
            end(info.error.type if info.error else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    """The plugins of one function; metrics and tracer are asked for when they are first needed."""

    metrics: Callable[[], Metrics]
    tracer: Callable[[], Tracer]

    def plugins(self, service: str, logger: LoggerInterface, measure: Measure) -> list[EachInvocation]:
        """What `durable_execution` takes."""
        return [
            EachInvocation(lambda info: StepLines(logger, info)),
            EachInvocation(lambda _: Outcomes(self.metrics, service, measure)),
            EachInvocation(lambda info: Segments(self.tracer, info)),
        ]

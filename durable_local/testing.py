"""Runs a durable function in a test: no AWS, no waiting, everything recorded to look at.

result = run(handler, {"order": 7})
assert result.status == "SUCCEEDED"
assert result.operation("charge").status == "SUCCEEDED"
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from durable.lambda_service import DurableServiceClient
from durable.model import ErrorObject, Operation, OperationType
from durable_local import history
from durable_local.clock import Clock, SkippingClock
from durable_local.executions import Execution
from durable_local.hosts.events import with_service
from durable_local.hosts.loading import Handler, Loader, cold, warm
from durable_local.hosts.threads import Presenter, ThreadHost
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import IN_MEMORY, Database

__all__ = ["DurableFunctionTestResult", "DurableFunctionTestRunner", "cold", "run", "warm"]


@dataclass(frozen=True, slots=True)
class DurableFunctionTestResult:
    """An execution after its run, with everything it recorded."""

    execution: Execution
    operations: list[Operation]
    """All operations in the order of their start, without the execution's own."""
    history: list[dict[str, Any]]

    @property
    def status(self) -> str:
        """SUCCEEDED, FAILED, TIMED_OUT, STOPPED, or RUNNING while only the outside can go on."""
        return self.execution.status

    @property
    def result(self) -> Any:
        """What the handler returned."""
        return json.loads(self.execution.result) if self.execution.result else None

    @property
    def error(self) -> ErrorObject | None:
        """Why the execution failed."""
        return self.execution.error

    @property
    def invocations(self) -> int:
        """How many times the handler was called."""
        return self.execution.invocations

    def operation(self, name: str) -> Operation:
        """The first operation of a name, at any depth. Raises LookupError if there is none."""
        found = self.operations_named(name)
        if not found:
            names = ", ".join(sorted({each.name for each in self.operations if each.name})) or "none"
            raise LookupError(f"No operation is named {name!r}; the names are: {names}")
        return found[0]

    get_operation_by_name = operation

    def operations_named(self, name: str) -> list[Operation]:
        """All operations of a name, in the order of their start."""
        return [each for each in self.operations if each.name == name]


class DurableFunctionTestRunner:
    """A local runtime for one function under test.

    On disk when given a database's path, in memory without; a loader such as `cold("app.entrypoints.tour.handler")`
    makes the handler anew for every invocation.
    """

    def __init__(
        self,
        handler: Handler | None = None,
        *,
        loader: Loader | None = None,
        database: Path | str = IN_MEMORY,
        clock: Clock | None = None,
        presenter: Callable[[DurableServiceClient], Presenter] = with_service,
    ) -> None:
        if (handler is None) == (loader is None):
            raise TypeError("Give either a handler or a loader")
        self.runtime = LocalRuntime(Database(database), clock or SkippingClock())
        self._loader = loader or warm(_given(handler))
        self._presenter = presenter(self.runtime.service)

    def run(
        self, event: Any = None, name: str | None = None, function_name: str = "test-function"
    ) -> DurableFunctionTestResult:
        """Run an execution to its end, or go on with the one of this name."""
        self.runtime.functions[function_name] = Function(ThreadHost(self._loader, self._presenter))
        arn = self.runtime.start(function_name, json.dumps(event), name)
        self.runtime.run(arn)
        return self.result(arn)

    def result(self, arn_or_name: str) -> DurableFunctionTestResult:
        """What an execution has come to so far."""
        executions = self.runtime.executions
        recorded = executions.operations(arn_or_name)
        return DurableFunctionTestResult(
            executions.get(arn_or_name),
            [each for each in recorded if each.operation_type is not OperationType.EXECUTION],
            [history.shown(event, number) for number, event in executions.history(arn_or_name)],
        )


def run(handler: Handler, event: Any = None, name: str | None = None) -> DurableFunctionTestResult:
    """Run a handler once, in memory."""
    return DurableFunctionTestRunner(handler).run(event, name)


def _given(handler: Handler | None) -> Handler:
    if handler is None:
        raise TypeError("Give either a handler or a loader")
    return handler

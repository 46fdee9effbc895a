"""Runs the function under test, and those that it invokes."""

import json
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from durable.lambda_service import DurableServiceClient
from durable.model import ErrorObject, OperationStatus, OperationType
from durable_local import history
from durable_local.clock import Clock, SkippingClock
from durable_local.hosts.events import takes_the_service
from durable_local.hosts.loading import Handler, Loader, warm
from durable_local.hosts.threads import PlainFunction, Presenter, ThreadHost
from durable_local.invocations import Invocation
from durable_local.runtime import Function, LocalRuntime
from durable_local.store.database import IN_MEMORY, Database
from durable_local.testing.delivery import delivered
from durable_local.testing.halting import Halted, HaltingClock
from durable_local.testing.recorded import RecordedOperation
from durable_local.testing.result import DurableFunctionTestResult

FUNCTION = "test-function"


class CallbackNotOpenError(LookupError):
    """An execution has gone as far as it can, and no such callback waits for an answer."""


class DurableFunctionTestRunner:
    """A local runtime for one function under test, and for those that are registered with it.

    On disk when given a database's path, in memory without; a loader such as `cold("app.entrypoints.tour.handler")`
    makes the handler anew for every invocation. Waits, retries and timeouts pass at once unless a clock is given.
    """

    def __init__(
        self,
        handler: Handler | None = None,
        *,
        loader: Loader | None = None,
        database: Path | str = IN_MEMORY,
        clock: Clock | None = None,
        presenter: Callable[[DurableServiceClient], Presenter] | None = None,
    ) -> None:
        if (handler is None) == (loader is None):
            raise TypeError("Give either a handler or a loader")
        self._database = Database(database)
        self._clock = HaltingClock(clock or SkippingClock())
        self.runtime = LocalRuntime(self._database, self._clock)
        self._loader = loader or warm(_given(handler))
        self._presenter = presenter

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget what is in memory; what is on disk stays."""
        self._database.close()

    def register_function(self, name: str, handler: Handler) -> Self:
        """Let executions invoke a function by a name, a durable one of this core or a plain one."""
        if takes_the_service(handler):
            return self.register_durable_function(name, handler)
        self.runtime.functions[name] = PlainFunction(warm(handler))
        return self

    def register_durable_function(self, name: str, handler: Handler, execution_timeout: int | None = None) -> Self:
        """Let executions invoke a durable function, of AWS's SDK too; the timeout is in seconds."""
        host = self._host(warm(handler), None)
        self.runtime.functions[name] = Function(host, execution_timeout_seconds=execution_timeout)
        return self

    def run(
        self, event: Any = None, name: str | None = None, function_name: str = FUNCTION
    ) -> DurableFunctionTestResult:
        """Run an execution to its end, or go on with the one of this name; RUNNING if only the outside can go on."""
        return self.wait_for_result(self.run_async(event, name, function_name))

    def run_async(self, event: Any = None, name: str | None = None, function_name: str = FUNCTION) -> str:
        """Begin an execution; the answer is its ARN. It goes on while a result or a callback is waited for."""
        self.runtime.functions[function_name] = Function(self._host(self._loader, self._presenter))
        return self.runtime.start(function_name, json.dumps(event), name)

    def wait_for_result(self, execution_arn: str) -> DurableFunctionTestResult:
        """Run an execution to its end, time and all; RUNNING if only the outside can go on."""
        self.runtime.run(execution_arn)
        return self.result(execution_arn)

    def wait_for_callback(self, execution_arn: str, name: str | None = None) -> str:
        """Run until a callback of this name is open, or any; the answer is its id. Its timeout has not begun to pass.

        What is called `name` is the callback or the `wait_for_callback` that opened it. Raises CallbackNotOpenError.
        """
        found = self.halt_at_callback(execution_arn, None if name is None else [name])
        if found is None:
            raise CallbackNotOpenError(self._none_open(execution_arn, name))
        return found[1]

    def halt_at_callback(self, execution_arn: str, names: Collection[str] | None = None) -> tuple[str, str] | None:
        """Run until a callback of one of these names is open, or any; its name and its id, or None if there is none."""
        with self._clock.halting(lambda: self._open(execution_arn, names) is not None), suppress(Halted):
            self.runtime.run(execution_arn)
        return self._open(execution_arn, names)

    def send_callback_success(self, callback_id: str, result: object = None) -> None:
        """Answer a callback with a result: anything that JSON can say, or bytes that are JSON already."""
        text = result.decode() if isinstance(result, bytes) else json.dumps(result)
        self.runtime.callbacks.succeed(callback_id, text)

    def send_callback_failure(self, callback_id: str, error: ErrorObject | None = None) -> None:
        """Answer a callback with a failure."""
        self.runtime.callbacks.fail(callback_id, error or ErrorObject())

    def send_callback_heartbeat(self, callback_id: str) -> None:
        """Say that the work on a callback goes on."""
        self.runtime.callbacks.heartbeat(callback_id)

    def result(self, arn_or_name: str) -> DurableFunctionTestResult:
        """What an execution has come to so far."""
        executions = self.runtime.executions
        recorded = executions.operations(arn_or_name)
        return DurableFunctionTestResult(
            executions.get(arn_or_name),
            [each for each in recorded if each.operation_type is not OperationType.EXECUTION],
            [history.shown(event, number) for number, event in executions.history(arn_or_name)],
        )

    def _open(self, arn: str, names: Collection[str] | None) -> tuple[str, str] | None:
        """The name and the id of the first callback that is open under one of these names."""
        for known, each in self._awaited(arn):
            for name in known:
                if names is None or name in names:
                    return name, each.callback_id or ""
        return None

    def _awaited(self, arn: str) -> list[tuple[list[str], RecordedOperation]]:
        """The callbacks that are open, each with the names it goes by; once its execution has ended, none is."""
        if not self.runtime.executions.is_running(arn):
            return []
        every = self.result(arn).get_all_operations()
        contexts = {each.operation.operation_id: each for each in every}
        found = []
        for each in every:
            if each.callback_id and each.status is OperationStatus.STARTED:
                parent = contexts.get(each.operation.parent_id or "")
                awaiting = parent and parent.operation.sub_type == "WaitForCallback" and parent.name
                found.append(([name for name in (awaiting, each.name) if name] or [""], each))
        return found

    def _none_open(self, arn: str, name: str | None) -> str:
        status = self.runtime.executions.get(arn).status
        names = ", ".join(repr(known[0]) for known, _ in self._awaited(arn)) or "none"
        wanted = f"callback {name!r}" if name else "callback"
        return f"No {wanted} waits for an answer; the execution is {status}, and open are: {names}"

    def _host(self, loader: Loader, presenter: Callable[[DurableServiceClient], Presenter] | None) -> ThreadHost:
        if presenter:
            return ThreadHost(loader, presenter(self.runtime.service))
        return ThreadHost(delivered(loader, self.runtime.service), _itself)


def run(handler: Handler, event: Any = None, name: str | None = None) -> DurableFunctionTestResult:
    """Run a handler once, in memory."""
    return DurableFunctionTestRunner(handler).run(event, name)


def _itself(invocation: Invocation) -> object:
    return invocation


def _given(handler: Handler | None) -> Handler:
    if handler is None:
        raise TypeError("Give either a handler or a loader")
    return handler

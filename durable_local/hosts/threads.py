"""Functions in this process, in the thread that invokes: a debugger works, and nothing has to be started."""

import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from durable.model import ErrorObject
from durable_local.hosts import InvocationFailedError
from durable_local.hosts.context import LambdaContext
from durable_local.hosts.loading import Loader
from durable_local.invocations import Invocation

Presenter = Callable[[Invocation], object]
"""Makes the event that a handler is called with."""


class ThreadHost:
    """Calls a handler directly."""

    def __init__(self, loader: Loader, presenter: Presenter) -> None:
        self._load = loader
        self._present = presenter

    def invoke(self, invocation: Invocation, context: LambdaContext) -> object:
        """The function's answer. Raises InvocationFailedError if there is none."""
        return _call(self._load, self._present(invocation), context)


@dataclass(frozen=True, slots=True)
class PlainFunction:
    """A function that is not durable: called with a payload, it answers."""

    load: Loader
    timeout_seconds: float = 900

    @property
    def is_durable(self) -> bool:
        """It has no executions."""
        return False

    @property
    def execution_timeout_seconds(self) -> int | None:
        """It has no executions."""
        return None

    def call(self, payload: str | None, context: LambdaContext) -> str:
        """Its answer, JSON for JSON. Raises InvocationFailedError if there is none in time."""
        answer = _call(self.load, _event(payload), context)
        if not context.get_remaining_time_in_millis():
            message = f"Task timed out after {self.timeout_seconds:.2f} seconds"
            raise InvocationFailedError(ErrorObject(message, "Sandbox.Timedout"))
        try:
            return json.dumps(answer)
        except (TypeError, ValueError) as error:
            message = f"Unable to marshal response: {error}"
            raise InvocationFailedError(ErrorObject(message, "Runtime.MarshalError")) from error


def _event(payload: str | None) -> object:
    try:
        return json.loads(payload) if payload else {}
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise InvocationFailedError(ErrorObject(message, "InvalidRequestContentException")) from error


def _call(load: Loader, event: object, context: LambdaContext) -> object:
    try:
        return load()(event, context)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise InvocationFailedError(_failure(error)) from error


def _failure(error: BaseException) -> ErrorObject:
    if isinstance(error, SystemExit):
        return ErrorObject(f"Runtime exited with {error.code!r}", "Runtime.ExitError")
    return ErrorObject(str(error), type(error).__name__, stack_trace=traceback.format_tb(error.__traceback__))

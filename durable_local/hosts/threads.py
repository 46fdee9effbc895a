"""Functions in this process, each invocation in a thread: a debugger works, and nothing has to be started."""

import json
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from durable.model import ErrorObject
from durable_local.hosts import InvocationFailedError, failures
from durable_local.hosts.context import LambdaContext
from durable_local.hosts.loading import Loader
from durable_local.hosts.reused import ReusedThreads
from durable_local.invocations import Invocation
from durable_local.template.function import MEMORY_MB

THREADS = ReusedThreads()
"""Those of all invocations in this process."""

Presenter = Callable[[Invocation], object]
"""Makes the event that a handler is called with."""


class ThreadHost:
    """Calls a handler directly."""

    def __init__(self, loader: Loader, presenter: Presenter) -> None:
        self._load = loader
        self._present = presenter

    def invoke(self, invocation: Invocation, context: LambdaContext) -> object:
        """The function's answer. Raises InvocationFailedError if there is none in time."""
        return _call(self._load, self._present(invocation), context)


@dataclass(frozen=True, slots=True)
class PlainFunction:
    """A function that is not durable: called with a payload, it answers."""

    load: Loader
    timeout_seconds: float = 900
    memory_mb: int = MEMORY_MB

    @property
    def is_durable(self) -> bool:
        """It has no executions."""
        return False

    def call(self, payload: str | None, context: LambdaContext) -> str:
        """Its answer, JSON for JSON. Raises InvocationFailedError if there is none in time."""
        answer = _text(_call(self.load, _event(payload), context))
        if len(answer) > failures.RESPONSE_BYTES:
            raise InvocationFailedError(failures.TOO_LARGE)
        return answer


def _event(payload: str | None) -> object:
    try:
        return json.loads(payload) if payload else {}
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise InvocationFailedError(ErrorObject(message, "InvalidRequestContentException")) from error


def _text(answer: object) -> str:
    try:
        return json.dumps(answer)
    except (TypeError, ValueError) as error:
        message = f"Unable to marshal response: {error}"
        raise InvocationFailedError(ErrorObject(message, "Runtime.MarshalError")) from error


def _call(load: Loader, event: object, context: LambdaContext) -> object:
    """What a handler answers before its deadline.

    Nothing can end a thread. One that is late goes on, but nobody listens: its invocation has failed, so that its
    checkpoint token is worth nothing.
    """
    ended: Future[object] = Future()
    THREADS.hand(partial(_run, ended, load, event, context))
    try:
        error = ended.exception(context.remaining_seconds())
    except TimeoutError as late:
        raise InvocationFailedError(failures.timed_out(context.timeout_seconds)) from late
    if error is None:
        return ended.result()
    # Only the main thread is interrupted by somebody; elsewhere the handler itself has raised it.
    if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
        raise error
    raise InvocationFailedError(_failure(error)) from error


def _run(ended: Future[object], load: Loader, event: object, context: LambdaContext) -> None:
    try:
        ended.set_result(load()(event, context))
    except BaseException as error:  # noqa: BLE001 - raised again for whoever invokes
        ended.set_exception(error)


def _failure(error: BaseException) -> ErrorObject:
    if isinstance(error, SystemExit):
        return failures.exited(error.code if isinstance(error.code, int) else int(error.code is not None))
    return ErrorObject(str(error), type(error).__name__, stack_trace=traceback.format_tb(error.__traceback__))

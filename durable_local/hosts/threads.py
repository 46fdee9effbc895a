"""Functions in this process, in the thread that invokes: a debugger works, and nothing has to be started."""

import traceback
from collections.abc import Callable

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
        try:
            return self._load()(self._present(invocation), context)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise InvocationFailedError(_failure(error)) from error


def _failure(error: BaseException) -> ErrorObject:
    if isinstance(error, SystemExit):
        return ErrorObject(f"Runtime exited with {error.code!r}", "Runtime.ExitError")
    return ErrorObject(str(error), type(error).__name__, stack_trace=traceback.format_tb(error.__traceback__))

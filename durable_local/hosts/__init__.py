"""Where functions run."""

from typing import Protocol

from durable.model import ErrorObject
from durable_local.hosts.context import LambdaContext
from durable_local.invocations import Invocation


class InvocationFailedError(Exception):
    """The function did not answer: it raised, or its process ended."""

    def __init__(self, error: ErrorObject) -> None:
        super().__init__(f"{error.type}: {error.message}")
        self.error = error


class Host(Protocol):
    """Runs one invocation of a function; what the function answers is not judged here."""

    def invoke(self, invocation: Invocation, context: LambdaContext) -> object:
        """The function's answer. Raises InvocationFailedError if there is none."""

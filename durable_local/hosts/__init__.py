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
    """Runs one invocation of a durable function; what the function answers is not judged here."""

    def invoke(self, invocation: Invocation, context: LambdaContext) -> object:
        """The function's answer. Raises InvocationFailedError if there is none."""


class Plain(Protocol):
    """A function that is not durable: called with a payload, it answers."""

    @property
    def is_durable(self) -> bool:
        """It has no executions."""

    @property
    def timeout_seconds(self) -> float:
        """How long a call may take."""

    @property
    def memory_mb(self) -> int:
        """How much memory it has."""

    def call(self, payload: str | None, context: LambdaContext) -> str:
        """Its answer, JSON for JSON. Raises InvocationFailedError if there is none in time."""

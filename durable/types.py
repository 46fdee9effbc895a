"""What user functions are handed, and the shapes of what they hand in."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from durable.concurrency.models import BatchResult as BatchResult
from durable.config import (
    CallbackConfig,
    ChildConfig,
    Duration,
    InvokeConfig,
    MapConfig,
    ParallelBranch,
    ParallelConfig,
    StepConfig,
)
from durable.values import SummaryGenerator as SummaryGenerator
from durable.values import Value

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


class LoggerInterface(Protocol):
    """What `context.set_logger` accepts: a standard library logger, Powertools' Logger, or a like."""

    def debug(self, msg: object, *args: object, extra: Mapping[str, object] | None = None) -> None:
        """Log at level DEBUG."""

    def info(self, msg: object, *args: object, extra: Mapping[str, object] | None = None) -> None:
        """Log at level INFO."""

    def warning(self, msg: object, *args: object, extra: Mapping[str, object] | None = None) -> None:
        """Log at level WARNING."""

    def error(self, msg: object, *args: object, extra: Mapping[str, object] | None = None) -> None:
        """Log at level ERROR."""

    def exception(self, msg: object, *args: object, extra: Mapping[str, object] | None = None) -> None:
        """Log at level ERROR with the current exception."""


class LambdaContext(Protocol):
    """What Lambda tells a function about its invocation."""

    aws_request_id: str
    function_name: str
    function_version: str
    invoked_function_arn: str
    memory_limit_in_mb: int

    def get_remaining_time_in_millis(self) -> int:
        """How long this invocation may still take."""


@dataclass(frozen=True, slots=True)
class OperationContext:
    """What every user function within an operation is handed."""

    logger: LoggerInterface


@dataclass(frozen=True, slots=True)
class StepContext(OperationContext):
    """What a step's function is handed; the first attempt is 1."""

    attempt: int = 1


@dataclass(frozen=True, slots=True)
class WaitForConditionCheckContext(OperationContext):
    """What a condition's check is handed; the first attempt is 1."""

    attempt: int = 1


@dataclass(frozen=True, slots=True)
class WaitForCallbackContext(OperationContext):
    """What the function that hands out a callback's id is handed."""


class Callback(Protocol[T_co]):
    """A callback that somebody outside will answer."""

    @property
    def callback_id(self) -> str:
        """By which the other side answers; a bearer secret."""

    def result(self) -> T_co:
        """The answer; suspends until it is there. Raises CallbackError if none comes."""


class DurableContext(Protocol):
    """The operations that are recorded once and read back on every replay."""

    def step(self, func: Callable[[StepContext], T], name: str | None = None, config: StepConfig | None = None) -> T:
        """Run a function until it succeeds, and return its recorded result."""

    def wait(self, duration: Duration, name: str | None = None) -> None:
        """Wait; the function does not run meanwhile."""

    def create_callback(self, name: str | None = None, config: CallbackConfig | None = None) -> Callback[Value]:
        """Make a callback for somebody outside to answer."""

    def invoke(
        self, function_name: str, payload: Value, name: str | None = None, config: InvokeConfig | None = None
    ) -> Value:
        """Invoke another function and return its result."""

    def run_in_child_context(
        self, func: "Callable[[DurableContext], T]", name: str | None = None, config: ChildConfig | None = None
    ) -> T:
        """Run operations of their own under one operation."""

    def map(
        self,
        inputs: Sequence[U],
        func: "Callable[[DurableContext, U, int, Sequence[U]], T]",
        name: str | None = None,
        config: MapConfig | None = None,
    ) -> BatchResult[T]:
        """Run a function for every item, each in a child context."""

    def parallel(
        self,
        functions: "Sequence[Callable[[DurableContext], Value] | ParallelBranch[Value]]",
        name: str | None = None,
        config: ParallelConfig | None = None,
    ) -> BatchResult[Value]:
        """Run functions beside each other, each in a child context."""


class DurableExecutionArn(NamedTuple):
    """The parts of an execution's ARN."""

    function_name: str
    execution_name: str
    invocation_id: str

    @classmethod
    def from_arn(cls, arn: str) -> "DurableExecutionArn | None":
        """The parts, or None for text of another shape."""
        match = _ARN.match(arn)
        return cls(*match.groups()) if match else None


_ARN = re.compile(r"^arn:[^:]*:lambda:[^:]*:[^:]*:function:([^:/]+):[^:/]+/durable-execution/([^/]+)/([^/]+)$")

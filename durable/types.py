"""What user functions are handed, and the shapes of what they hand in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from durable.concurrency.models import BatchResult
from durable.values import Value

T_contra = TypeVar("T_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)

__all__ = [
    "BatchResult",
    "DurableExecutionArn",
    "LambdaContext",
    "LoggerInterface",
    "OperationContext",
    "StepContext",
    "SummaryGenerator",
]

SummaryGenerator = Callable[[Value], str]
"""Makes the text that is recorded in place of a result too large for a checkpoint."""


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

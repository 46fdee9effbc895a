"""Every error of durable execution; each knows what it makes of the invocation.

The dotted names of these classes are recorded in histories under the root `OFFICIAL_ROOT`, so that an execution
begun by AWS's SDK is understood here and the reverse.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Self

from durable.outcomes import BAD_REQUEST_ERROR as BAD_REQUEST_ERROR
from durable.outcomes import INVALID_CHECKPOINT_TOKEN_PREFIX as INVALID_CHECKPOINT_TOKEN_PREFIX
from durable.outcomes import INVALID_PARAMETER_VALUE_EXCEPTION as INVALID_PARAMETER_VALUE_EXCEPTION
from durable.outcomes import SERVICE_ERROR as SERVICE_ERROR
from durable.outcomes import TOO_MANY_REQUESTS_ERROR as TOO_MANY_REQUESTS_ERROR
from durable.outcomes import AwsErrorMetadata as AwsErrorMetadata
from durable.outcomes import AwsErrorObj as AwsErrorObj
from durable.outcomes import CheckpointErrorCategory as CheckpointErrorCategory
from durable.outcomes import DurableApiErrorCategory as DurableApiErrorCategory
from durable.outcomes import Outcome, category_of
from durable.outcomes import TerminationReason as TerminationReason
from durable.values import Value

OFFICIAL_ROOT = "aws_durable_execution_sdk_python"


def wire_name(error: type[BaseException]) -> str:
    """The name an error class is recorded under: built-in ones bare, ours under the official root."""
    if error.__module__ == "builtins":
        return error.__qualname__
    root, _, rest = error.__module__.partition(".")
    if root == __name__.partition(".")[0]:
        root = OFFICIAL_ROOT
    return ".".join(filter(None, [root, rest, error.__qualname__]))


_operation_errors: dict[str, "type[DurableOperationError]"] = {}


def register_operation_error(error: "type[DurableOperationError]") -> "type[DurableOperationError]":
    """Let recorded errors of this class be rebuilt as this class."""
    _operation_errors[wire_name(error)] = error
    return error


def operation_error(name: str | None) -> "type[DurableOperationError]":
    """The class recorded under a name, the base class for names unknown here."""
    return _operation_errors.get(name or "", DurableOperationError)


class DurableExecutionsError(Exception):
    """The root of all errors of durable execution."""


class PluginLoadError(DurableExecutionsError):
    """A plugin factory could not make its plugin."""


class ValidationError(DurableExecutionsError):
    """A setting or an argument is outside its allowed range; nothing was recorded."""


class InvalidStateError(DurableExecutionsError):
    """The service answered with a state that an operation cannot be in."""


class OrderedLockError(DurableExecutionsError):
    """A lock was broken by an error in the thread that held it."""

    def __init__(self, message: str, source_exception: Exception | None = None) -> None:
        super().__init__(message)
        self.source_exception = source_exception


class RecordedError(DurableExecutionsError):
    """An error with the fields of its record, equal on the first run and on every replay."""

    def __init__(
        self,
        message: str | None = None,
        error_type: str | None = None,
        data: str | None = None,
        stack_trace: list[str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_type = error_type or wire_name(type(self))
        self.data = data
        self.stack_trace = stack_trace

    @classmethod
    def from_error_fields(
        cls, message: str | None, error_type: str | None, data: str | None, stack_trace: list[str] | None
    ) -> Self:
        """Rebuild the error from the fields of its record."""
        return cls(message=message, error_type=error_type, data=data, stack_trace=stack_trace)


class SerDesError(RecordedError):
    """A value could not be turned into text, or text into a value."""


class UnrecoverableError(DurableExecutionsError):
    """An error that user code should let pass: it ends the invocation or the execution."""

    outcome = Outcome.FAILED
    reason = TerminationReason.UNHANDLED_ERROR

    def __init__(self, message: str, termination_reason: TerminationReason | None = None) -> None:
        super().__init__(message)
        self.termination_reason = termination_reason or self.reason


class ExecutionError(UnrecoverableError):
    """Ends the execution as FAILED, without any retry."""

    reason = TerminationReason.EXECUTION_ERROR


class NonDeterministicExecutionError(ExecutionError):
    """The code asks for another operation than the one recorded at the same place."""

    reason = TerminationReason.NON_DETERMINISTIC_EXECUTION

    def __init__(self, message: str, step_id: str | None = None) -> None:
        super().__init__(message)
        self.step_id = step_id


class InvocationError(UnrecoverableError):
    """Ends this invocation only; the service invokes again."""

    reason = TerminationReason.INVOCATION_ERROR

    def is_retryable(self) -> bool:
        """Whether another invocation may succeed."""
        return True

    @property
    def outcome(self) -> Outcome:  # type: ignore[override]
        """RAISE while another invocation may succeed."""
        return Outcome.RAISE if self.is_retryable() else Outcome.FAILED


class StepInterruptedError(InvocationError):
    """An at-most-once step was begun by an invocation that died: whether it took effect is unknown."""

    reason = TerminationReason.STEP_INTERRUPTED

    def __init__(self, message: str, step_id: str | None = None) -> None:
        super().__init__(message)
        self.step_id = step_id


class RetryableSerDesError(InvocationError):
    """A serdes failed for a reason that may pass, so the invocation is tried again."""

    reason = TerminationReason.SERIALIZATION_ERROR


class BotoClientError(InvocationError):
    """A call of the durable execution API failed."""

    def __init__(
        self,
        message: str,
        error_category: DurableApiErrorCategory = DurableApiErrorCategory.INVOCATION,
        error: AwsErrorObj | None = None,
        response_metadata: AwsErrorMetadata | None = None,
        termination_reason: TerminationReason | None = None,
    ) -> None:
        super().__init__(message, termination_reason)
        self.error_category = error_category
        self.error = error
        self.response_metadata = response_metadata

    @classmethod
    def from_exception(cls, error: Exception) -> Self:
        """Classify what boto3 raised: 4xx ends the execution, throttling and faults only the invocation."""
        response: Mapping[str, Value] = getattr(error, "response", None) or {}
        details, metadata = response.get("Error"), response.get("ResponseMetadata")
        category = category_of(details, metadata)
        if type(error).__name__ == "ParamValidationError":  # botocore's, which is imported with boto3 alone
            category = DurableApiErrorCategory.EXECUTION
        return cls(str(error), category, details, metadata)

    def is_retryable(self) -> bool:
        """Whether another invocation may succeed."""
        return self.error_category is DurableApiErrorCategory.INVOCATION

    is_retriable = is_retryable

    def build_logger_extras(self) -> dict[str, object]:
        """The fields that identify the failed call in a log."""
        fields = {"Error": self.error, "ResponseMetadata": self.response_metadata}
        return {name: value for name, value in fields.items() if value}


class CheckpointError(BotoClientError):
    """A checkpoint could not be recorded."""


class GetExecutionStateError(BotoClientError):
    """A page of the recorded operations could not be read."""


class DurableOperationError(RecordedError):
    """An operation failed."""

    def __init_subclass__(cls) -> None:
        if wire_name(cls).startswith(OFFICIAL_ROOT):
            register_operation_error(cls)


class StepError(DurableOperationError):
    """A step failed and is not tried again."""


class InvokeError(DurableOperationError):
    """An invoked function failed, timed out or was stopped."""


class ChildContextError(DurableOperationError):
    """The body of a child context raised."""


class WaitForConditionError(DurableOperationError):
    """A polled condition could not be met."""


class CallbackError(DurableOperationError):
    """A callback brought no result."""


class CallbackExternalError(CallbackError):
    """The other side reported a failure."""


class CallbackTimeoutError(CallbackError):
    """Nobody answered, or no heartbeat came, in time."""


class CallbackSubmitterError(CallbackError):
    """The callback's id could not be handed to the other side."""


class SuspendExecution(BaseException):
    """Ends the invocation until the service has news; not to be caught: code after it runs too early."""

    outcome = Outcome.PENDING

    def __init__(self, message: str, awaited: frozenset[str] = frozenset()) -> None:
        super().__init__(message)
        self.awaited = awaited
        """Ids of the operations of which any may end the suspension."""


class TimedSuspendExecution(SuspendExecution):
    """A suspension that may end at a known time, in seconds since the epoch."""

    def __init__(self, message: str, scheduled_timestamp: float, awaited: frozenset[str] = frozenset()) -> None:
        super().__init__(message, awaited)
        self.scheduled_timestamp = scheduled_timestamp

    @classmethod
    def from_delay(cls, message: str, delay_seconds: int) -> Self:
        """A suspension that may end so many seconds from now."""
        return cls(message, time.time() + delay_seconds)

    @classmethod
    def from_datetime(cls, message: str, datetime_timestamp: datetime) -> Self:
        """A suspension that may end at a moment."""
        return cls(message, datetime_timestamp.timestamp())


class BackgroundThreadError(BaseException):
    """A checkpoint failed; no `except Exception` of user code may hide it."""

    def __init__(self, message: str, source_exception: Exception) -> None:
        super().__init__(message)
        self.source_exception = source_exception

    @property
    def outcome(self) -> Outcome:
        """FAILED if the service refused for good."""
        source = self.source_exception
        return source.outcome if isinstance(source, BotoClientError) else Outcome.RAISE


class OrphanedChildException(BaseException):
    """The enclosing operation has ended, so those inside it count no more; a mistake where the handler meets it."""

    outcome = Outcome.FAILED

    def __init__(self, message: str, operation_id: str) -> None:
        super().__init__(message)
        self.operation_id = operation_id

"""One event of a history, and the operation that it leaves behind; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from durable.model import (
    CallbackDetails,
    ChainedInvokeDetails,
    ContextDetails,
    ErrorObject,
    ExecutionDetails,
    Operation,
    OperationStatus,
    OperationType,
    StepDetails,
    WaitDetails,
)
from durable.values import Value
from durable.wire import decode
from durable_local.replay.document import HistoryError, Json

INVOCATION_COMPLETED = "InvocationCompleted"
_UNTOLD = frozenset({INVOCATION_COMPLETED, "ExecutionPaused", "ExecutionResumed"})
"""Events of no operation."""
_TYPES = {
    "Execution": OperationType.EXECUTION,
    "Context": OperationType.CONTEXT,
    "Step": OperationType.STEP,
    "Wait": OperationType.WAIT,
    "Callback": OperationType.CALLBACK,
    "ChainedInvoke": OperationType.CHAINED_INVOKE,
}
_STATUSES = {
    "Started": OperationStatus.STARTED,
    "Succeeded": OperationStatus.SUCCEEDED,
    "Failed": OperationStatus.FAILED,
    "TimedOut": OperationStatus.TIMED_OUT,
    "Stopped": OperationStatus.STOPPED,
    "Cancelled": OperationStatus.CANCELLED,
}
_KIND = re.compile(f"({'|'.join(_TYPES)})({'|'.join(_STATUSES)})")
_ENDED_OUTSIDE = frozenset({OperationType.WAIT, OperationType.CALLBACK, OperationType.CHAINED_INVOKE})


@dataclass(frozen=True, slots=True)
class OperationEvent:
    """Something that happened to an operation."""

    operation_type: OperationType
    status: OperationStatus
    source: Json

    @property
    def operation_id(self) -> str:
        """Which operation; for the execution, the end of its ARN."""
        identity: str = self._member("Id")
        return identity

    @property
    def is_news(self) -> bool:
        """Whether a timer or the outside has brought it about, and not the code."""
        return self.operation_type in _ENDED_OUTSIDE and self.status is not OperationStatus.STARTED

    @property
    def result(self) -> str | None:
        """The result or the input that it tells."""
        result: str | None = self._payload("Result")
        return result

    @property
    def error(self) -> ErrorObject | None:
        """The error that it tells."""
        payload = self._payload("Error")
        return None if payload is None else decode(ErrorObject, payload)

    def applied_to(self, known: Operation | None) -> Operation:
        """The operation as it is after the event.

        Moments at which timers fire are left out: a replay waits for nothing.
        """
        operation = known or self._begun()
        status, attempt = self.status, operation.step_details.attempt if operation.step_details else 0
        retries: Mapping[str, int] = self._details.get("RetryDetails") or {}
        if retries.get("NextAttemptDelaySeconds"):
            status = OperationStatus.PENDING
        ended = self._at if status.is_terminal else None
        details = self._described(operation, retries.get("CurrentAttempt", attempt))
        return replace(operation, status=status, end_timestamp=ended, **details)

    def _described(self, operation: Operation, attempt: int) -> dict[str, Value]:
        result, error = self.result, self.error
        match self.operation_type:
            case OperationType.EXECUTION:
                return {"execution_details": operation.execution_details or ExecutionDetails(self._payload("Input"))}
            case OperationType.CONTEXT:
                return {"context_details": ContextDetails(result=result, error=error)}
            case OperationType.STEP:
                return {"step_details": StepDetails(attempt, None, result, error)}
            case OperationType.WAIT:
                return {"wait_details": WaitDetails()}
            case OperationType.CALLBACK:
                known = operation.callback_details.callback_id if operation.callback_details else ""
                return {"callback_details": CallbackDetails(self._details.get("CallbackId", known), result, error)}
        return {"chained_invoke_details": ChainedInvokeDetails(result, error)}

    def _begun(self) -> Operation:
        told = self.source
        names = told.get("ParentId"), told.get("Name"), self._at, None, told.get("SubType")
        return Operation(self.operation_id, self.operation_type, OperationStatus.STARTED, *names)

    @property
    def _details(self) -> Json:
        details: Json = self.source.get(f"{self.source['EventType']}Details") or {}
        return details

    @property
    def _at(self) -> datetime:
        return _moment(self._member("EventTimestamp"))

    def _payload(self, wrapper: str) -> Value:
        carried = self._details.get(wrapper) or {}
        if carried.get("Truncated"):
            raise HistoryError(
                f"Event {self.source['EventId']} lacks its {wrapper.lower()}: export with --include-execution-data."
            )
        return carried.get("Payload")

    def _member(self, name: str) -> Value:
        if name not in self.source:
            raise HistoryError(f"Event {self.source['EventId']}, {self.source['EventType']}, lacks {name}.")
        return self.source[name]


def operation_event(source: Json) -> OperationEvent | None:
    """The event, unless it concerns no operation; HistoryError for a type that is not known here."""
    kind: str = source["EventType"]
    if kind in _UNTOLD:
        return None
    found = _KIND.fullmatch(kind)
    if found is None:
        raise HistoryError(f"Event {source['EventId']} has the type {kind}, which is not known here.")
    return OperationEvent(_TYPES[found[1]], _STATUSES[found[2]], source)


def _moment(value: object) -> datetime:
    """A timestamp as the API or as the AWS CLI writes it: seconds since the epoch, or ISO 8601."""
    if isinstance(value, datetime):
        return value
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else datetime.fromisoformat(str(value))

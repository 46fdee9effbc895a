"""Operations, durations and errors in words, as every view of them tells."""

from collections.abc import Mapping
from datetime import datetime

from durable.model import ErrorObject, Operation, OperationStatus
from durable_local.tokens import concealed

_MARKS: Mapping[str, str] = {
    OperationStatus.STARTED: "…",
    "RUNNING": "…",
    OperationStatus.PENDING: "↻",
    OperationStatus.READY: "↻",
    OperationStatus.SUCCEEDED: "✓",
    OperationStatus.FAILED: "✗",
    OperationStatus.CANCELLED: "⊘",
    OperationStatus.TIMED_OUT: "✗",
    OperationStatus.STOPPED: "⊘",
}

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_LONGEST_ERROR = 200


def mark(status: str) -> str:
    """A status in one sign; a word that AWS has learned since is a question."""
    return _MARKS.get(status, "?")


def label(operation: Operation) -> str:
    """What to call an operation."""
    return operation.name or operation.sub_type or operation.operation_type


def due(operation: Operation) -> datetime | None:
    """When an operation goes on by itself."""
    if operation.wait_details:
        return operation.wait_details.scheduled_end_timestamp
    return operation.step_details.next_attempt_timestamp if operation.step_details else None


def duration(began: datetime | None, ended: datetime | None) -> str:
    """How long something took."""
    if began is None or ended is None:
        return ""
    seconds = max(0.0, (ended - began).total_seconds())
    if seconds < _MINUTE:
        return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
    whole = int(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def error_line(error: ErrorObject | None) -> str:
    """An error in one line, without callback ids."""
    if error is None:
        return ""
    name = (error.type or "Error").rpartition(".")[2]
    message = " ".join(concealed(error.message or "").split())
    text = f"{name}: {message}" if message else name
    return text if len(text) <= _LONGEST_ERROR else f"{text[:_LONGEST_ERROR]}…"

"""Operations, errors and endings in a few words."""

from durable.model import ErrorObject, Operation, OperationStatus
from durable_local.replay.record import Ending

_LONGEST_TEXT = 200


def kind_and_name(kind: str | None, name: str | None) -> str:
    """What an operation is, and what it is called."""
    return f"{kind} {name}" if name else f"{kind} without a name"


def described(operation: Operation) -> str:
    """What an operation is, what it is called, and how it stands."""
    kind = operation.sub_type or operation.operation_type.value
    return f"{kind_and_name(kind, operation.name)}, {operation.status.value}"


def error_line(error: ErrorObject | None) -> str:
    """An error in one line."""
    if error is None:
        return "an unknown error"
    message = " ".join((error.message or "").split())
    return shortened(f"{(error.type or 'Error').rpartition('.')[2]}: {message}")


def ending_line(ending: Ending) -> str:
    """How a handler has ended."""
    if ending.status is OperationStatus.SUCCEEDED:
        return f"returns {shortened(ending.result or 'null')}"
    return f"fails with {error_line(ending.error)}"


def shortened(text: str) -> str:
    """As much of a text as one screen has room for."""
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"

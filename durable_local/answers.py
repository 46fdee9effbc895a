"""What an invocation answered, checked as the service checks it; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from durable.model import ErrorObject, InvocationStatus
from durable.wire import decode
from durable_local.limits import EXECUTION_PAYLOAD_BYTES


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of an invocation that answered."""

    status: InvocationStatus
    result: str | None = None
    error: ErrorObject | None = None


def parse(answer: object) -> Answer:
    """Read an envelope; one that breaks the rules fails the execution and says why."""
    if not isinstance(answer, Mapping):
        return _refused(f"an object, not {type(answer).__name__}; is the handler a durable function?")
    status, result, error = answer.get("Status"), answer.get("Result"), answer.get("Error")
    match status:
        case "SUCCEEDED" if error is not None:
            return _refused("a SUCCEEDED without an Error")
        case "FAILED" if result is not None:
            return _refused("a FAILED without a Result")
        case "SUCCEEDED" if result is not None and not isinstance(result, str):
            return _refused(f"Result as text, not {type(result).__name__}")
        case "SUCCEEDED" if result is not None and len(result) > EXECUTION_PAYLOAD_BYTES:
            return _refused(f"a Result of at most {EXECUTION_PAYLOAD_BYTES} bytes")
        case "SUCCEEDED" | "FAILED" | "PENDING":
            return Answer(InvocationStatus(status), result, _error(error))
    return _refused(f"Status SUCCEEDED, FAILED or PENDING, not {status!r}")


def _error(error: Any) -> ErrorObject | None:
    return decode(ErrorObject, error) if isinstance(error, Mapping) else None


def _refused(expected: str) -> Answer:
    message = f"Invalid answer of the invocation: the service expects {expected}"
    return Answer(InvocationStatus.FAILED, error=ErrorObject(message, "InvalidParameterValueException"))

"""How an invocation may end, and what a failed call of the service makes of it."""

from enum import Enum, StrEnum
from typing import TypedDict

BAD_REQUEST_ERROR = 400
TOO_MANY_REQUESTS_ERROR = 429
SERVICE_ERROR = 500
INVALID_PARAMETER_VALUE_EXCEPTION = "InvalidParameterValueException"
INVALID_CHECKPOINT_TOKEN_PREFIX = "Invalid checkpoint token"  # noqa: S105 - the beginning of an error text
KMS_ERRORS = frozenset(
    {"KMSAccessDeniedException", "KMSDisabledException", "KMSInvalidStateException", "KMSNotFoundException"}
)


class Outcome(Enum):
    """What an error that leaves the handler makes of the invocation."""

    PENDING = "answer PENDING: the service invokes again when something completes"
    FAILED = "answer FAILED: the execution ends"
    RAISE = "let Lambda see the error: the service invokes again"


class TerminationReason(StrEnum):
    """Why an invocation ended early."""

    UNHANDLED_ERROR = "UNHANDLED_ERROR"
    INVOCATION_ERROR = "INVOCATION_ERROR"
    EXECUTION_ERROR = "EXECUTION_ERROR"
    CHECKPOINT_FAILED = "CHECKPOINT_FAILED"
    NON_DETERMINISTIC_EXECUTION = "NON_DETERMINISTIC_EXECUTION"
    STEP_INTERRUPTED = "STEP_INTERRUPTED"
    SERIALIZATION_ERROR = "SERIALIZATION_ERROR"


class DurableApiErrorCategory(StrEnum):
    """Whether a failed API call ends the execution or only this invocation."""

    INVOCATION = "INVOCATION"
    EXECUTION = "EXECUTION"


CheckpointErrorCategory = DurableApiErrorCategory


class AwsErrorObj(TypedDict, total=False):
    """The `Error` member of a botocore error response."""

    Code: str
    Message: str


class AwsErrorMetadata(TypedDict, total=False):
    """The `ResponseMetadata` member of a botocore error response."""

    RequestId: str
    HostId: str
    HTTPStatusCode: int
    HTTPHeaders: dict[str, str]
    RetryAttempts: int


def category_of(details: AwsErrorObj | None, metadata: AwsErrorMetadata | None) -> DurableApiErrorCategory:
    """4xx ends the execution; throttling, faults, lost connections and stale tokens only the invocation."""
    code, message = (details or {}).get("Code", ""), (details or {}).get("Message", "")
    if code in KMS_ERRORS:
        return DurableApiErrorCategory.EXECUTION
    status = (metadata or {}).get("HTTPStatusCode", 0)
    stale = code == INVALID_PARAMETER_VALUE_EXCEPTION and message.startswith(INVALID_CHECKPOINT_TOKEN_PREFIX)
    refused = BAD_REQUEST_ERROR <= status < SERVICE_ERROR and status != TOO_MANY_REQUESTS_ERROR
    if details and refused and not stale:
        return DurableApiErrorCategory.EXECUTION
    return DurableApiErrorCategory.INVOCATION

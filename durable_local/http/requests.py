"""What each call of the API is asked with; names, places and limits are those of the Lambda API model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from durable.model import ErrorObject, OperationUpdate
from durable_local.http.members import PAYLOAD, body, header, path, query
from durable_local.http.names import FUNCTION_NAME

_ARN = (
    r"arn:([a-zA-Z0-9-]+):lambda:([a-zA-Z0-9-]+):([0-9]{12}):function:([a-zA-Z0-9_-]+):(\$LATEST(\.PUBLISHED)?|[0-9]+)"
    r"/durable-execution/([a-zA-Z0-9_-]+)/([a-zA-Z0-9_-]+)"
)
_QUALIFIER = r"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9_$-]+"
_BASE64 = r"[A-Za-z0-9+/]+={0,2}"


def _whole(pattern: str) -> str:
    """A pattern that a text must match from its begin to its end, as JSON schemas say it."""
    return f"^(?:{pattern})$"


ExecutionArn = Annotated[str, path(minLength=1, maxLength=1024, pattern=_whole(_ARN))]
FunctionName = Annotated[str, path(minLength=1, maxLength=256, pattern=_whole(FUNCTION_NAME))]
CallbackId = Annotated[str, path(minLength=1, maxLength=1024, pattern=_whole(_BASE64))]
Qualifier = Annotated[str, query(minLength=1, maxLength=128, pattern=_whole(_QUALIFIER))]
Flag = Annotated[bool, query()]
Marker = Annotated[str, query()]
MaxItems = Annotated[int, query(minimum=0, maximum=1000)]
"""0 is the default number, 100."""
Moment = Annotated[datetime, query()]
_EXECUTION_NAME = {"minLength": 1, "maxLength": 64, "pattern": _whole(r"[a-zA-Z0-9_-]+")}
_TOKEN = {"minLength": 1, "maxLength": 2048, "pattern": _whole(_BASE64)}


class InvocationType(StrEnum):
    """Whether the caller waits for the answer, only starts the function, or only asks whether it could."""

    REQUEST_RESPONSE = "RequestResponse"
    EVENT = "Event"
    DRY_RUN = "DryRun"


class ExecutionStatus(StrEnum):
    """Where an execution stands; here none is ever being deleted or paused."""

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    STOPPED = "STOPPED"
    DELETING = "DELETING"
    PAUSING = "PAUSING"
    PAUSED = "PAUSED"


@dataclass(frozen=True, slots=True)
class Invoke:
    """Start an execution of a durable function, or call a plain one."""

    function_name: FunctionName
    qualifier: Qualifier | None = None
    invocation_type: Annotated[InvocationType, header("X-Amz-Invocation-Type")] = InvocationType.REQUEST_RESPONSE
    durable_execution_name: Annotated[str, header("X-Amz-Durable-Execution-Name", **_EXECUTION_NAME)] | None = None
    tenant_id: (
        Annotated[str, header("X-Amz-Tenant-Id", minLength=1, maxLength=256, pattern=r"^[a-zA-Z0-9._:/=+@ -]+$")] | None
    ) = None
    payload: Annotated[str, PAYLOAD] | None = None


@dataclass(frozen=True, slots=True)
class CheckpointDurableExecution:
    """Record updates of an execution's operations, all or none, and learn what has changed."""

    durable_execution_arn: ExecutionArn
    checkpoint_token: Annotated[str, body(**_TOKEN)]
    updates: Sequence[OperationUpdate] = ()
    client_token: Annotated[str, body(minLength=1, maxLength=64, pattern=r"^[\x21-\x7E]+$")] | None = None


@dataclass(frozen=True, slots=True)
class GetDurableExecutionState:
    """Read a page of the operations recorded so far, as replay needs them."""

    durable_execution_arn: ExecutionArn
    checkpoint_token: Annotated[str, query(**_TOKEN)]
    marker: Marker = ""
    max_items: MaxItems = 0


@dataclass(frozen=True, slots=True)
class GetDurableExecution:
    """Look at an execution as it stands."""

    durable_execution_arn: ExecutionArn
    include_execution_data: Flag = True


@dataclass(frozen=True, slots=True)
class GetDurableExecutionHistory:
    """Read a page of what happened in an execution."""

    durable_execution_arn: ExecutionArn
    include_execution_data: Flag = True
    max_items: MaxItems = 0
    marker: Marker = ""
    reverse_order: Flag = False


@dataclass(frozen=True, slots=True)
class ListDurableExecutionsByFunction:
    """List the executions of a function, newest first; with ReverseOrder the oldest first."""

    function_name: FunctionName
    qualifier: Qualifier | None = None
    durable_execution_name: Annotated[str, query(**_EXECUTION_NAME)] | None = None
    statuses: Annotated[Sequence[ExecutionStatus], query(minItems=1, maxItems=10)] = ()
    started_after: Moment | None = None
    started_before: Moment | None = None
    reverse_order: Flag = False
    marker: Marker = ""
    max_items: MaxItems = 0


@dataclass(frozen=True, slots=True)
class StopDurableExecution:
    """End an execution at once; a running invocation learns of it with its next checkpoint."""

    durable_execution_arn: ExecutionArn
    error: Annotated[ErrorObject, PAYLOAD] | None = None


@dataclass(frozen=True, slots=True)
class SendDurableExecutionCallbackSuccess:
    """Hand the result of a callback over."""

    callback_id: CallbackId
    result: Annotated[str, PAYLOAD] | None = None


@dataclass(frozen=True, slots=True)
class SendDurableExecutionCallbackFailure:
    """Report that what a callback stands for has failed."""

    callback_id: CallbackId
    error: Annotated[ErrorObject, PAYLOAD] | None = None


@dataclass(frozen=True, slots=True)
class SendDurableExecutionCallbackHeartbeat:
    """Say that what a callback stands for goes on; its heartbeat timeout begins anew."""

    callback_id: CallbackId

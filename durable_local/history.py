"""The history of an execution: one event for everything that happened, as AWS shows it; pure.

Payloads and errors are kept apart from the small facts of an event, so that a history can be shown without them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from durable.model import ErrorObject, Operation, OperationAction, OperationStatus, OperationType, OperationUpdate
from durable.wire import Timestamp, encode, from_milliseconds, milliseconds, seconds

INVOCATION_COMPLETED = "InvocationCompleted"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in an execution; `facts` holds its small details, moments in epoch milliseconds."""

    type: str
    at: datetime
    operation_id: str | None = None
    name: str | None = None
    sub_type: str | None = None
    parent_id: str | None = None
    payload: str | None = None
    error: ErrorObject | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invoked:
    """What a chained invoke has begun: a version of a function, and its execution if it is a durable one."""

    version: str
    execution_arn: str | None = None

    def facts(self) -> dict[str, str]:
        """As the event tells it."""
        arn = {"DurableExecutionArn": self.execution_arn} if self.execution_arn else {}
        return {"ExecutedVersion": self.version, **arn}


def execution_started(operation: Operation, timeout_seconds: int | None) -> Event:
    """The first event of every execution."""
    details = operation.execution_details
    facts = {"ExecutionTimeout": timeout_seconds} if timeout_seconds is not None else {}
    return _event(
        "ExecutionStarted",
        operation,
        operation.start_timestamp,
        details.input_payload if details else None,
        None,
        facts,
    )


def requested(update: OperationUpdate, operation: Operation, now: datetime, invoked: Invoked | None = None) -> Event:
    """The event of an accepted update; `invoked` is what a chained invoke has begun."""
    ending = _ENDING_OF_ACTION.get(update.action) or ("Failed" if update.error else "Succeeded")
    kind = _FAMILIES[update.operation_type] + ending
    facts = _facts_of_update(update, operation) | (invoked.facts() if invoked else {})
    return _event(kind, operation, now, update.payload, update.error, facts)


def completed(
    operation: Operation, now: datetime, error: ErrorObject | None = None, result: str | None = None
) -> Event:
    """The event of an operation that a timer or the outside has ended; an execution's end is told beside it."""
    kind = _FAMILIES[operation.operation_type] + _ENDING_OF_STATUS[operation.status]
    facts = {"Duration": _duration(operation)} if operation.operation_type is OperationType.WAIT else {}
    return _event(kind, operation, now, result or operation.result, error or operation.error, facts)


def invocation_completed(
    started: datetime, ended: datetime, request_id: str, error: ErrorObject | None = None
) -> Event:
    """The end of one invocation, with the error if it did not answer."""
    facts = {
        "StartTimestamp": milliseconds(started),
        "EndTimestamp": milliseconds(ended),
        "RequestId": request_id,
    }
    return Event(INVOCATION_COMPLETED, ended, error=error, facts=facts)


def shown(
    event: Event, number: int, *, include_execution_data: bool = True, timestamp: Timestamp = seconds
) -> dict[str, Any]:
    """The event as the API tells it; without execution data payloads and errors are marked as truncated."""
    members = {
        "EventType": event.type,
        "EventId": number,
        "EventTimestamp": timestamp(event.at),
        "Id": event.operation_id,
        "Name": event.name,
        "SubType": event.sub_type,
        "ParentId": event.parent_id,
    }
    told = {member: value for member, value in members.items() if value is not None}
    return told | {f"{event.type}Details": _details(event, timestamp, include_execution_data)}


def _details(event: Event, timestamp: Timestamp, include_data: bool) -> dict[str, Any]:
    facts = {
        member: timestamp(from_milliseconds(value)) if member.endswith("Timestamp") else value
        for member, value in event.facts.items()
    }
    wrapper = _carried(event)
    if wrapper is None:
        return facts
    content = encode(event.error) if wrapper == "Error" else event.payload
    if not include_data:
        return facts | {wrapper: {"Truncated": True}}
    payload = {} if content is None else {"Payload": content}
    return facts | {wrapper: payload | {"Truncated": False}}


def _carried(event: Event) -> str | None:
    """Which of Input, Result and Error an event of this type has."""
    if event.type in {"ExecutionStarted", "ChainedInvokeStarted"}:
        return "Input"
    if event.type == INVOCATION_COMPLETED:
        return "Error" if event.error else None
    if event.type.endswith("Started") or event.type == "WaitSucceeded":
        return None
    return "Result" if event.type.endswith("Succeeded") else "Error"


def _event(
    kind: str,
    operation: Operation,
    at: datetime | None,
    payload: str | None,
    error: ErrorObject | None,
    facts: Mapping[str, Any],
) -> Event:
    if at is None:
        raise ValueError(f"{kind} of operation {operation.operation_id} has no time")
    return Event(
        kind, at, operation.operation_id, operation.name, operation.sub_type, operation.parent_id, payload, error, facts
    )


def _facts_of_update(update: OperationUpdate, operation: Operation) -> dict[str, Any]:
    starts = update.action is OperationAction.START
    match update.operation_type:
        case OperationType.STEP if not starts:
            return {"RetryDetails": _retry_details(update, operation)}
        case OperationType.WAIT if starts and operation.wait_details:
            end = operation.wait_details.scheduled_end_timestamp
            scheduled = {"ScheduledEndTimestamp": milliseconds(end)} if end else {}
            return {"Duration": _duration(operation), **scheduled}
        case OperationType.CALLBACK if operation.callback_details:
            return {"CallbackId": operation.callback_details.callback_id, **_timeouts(update)}
        case OperationType.CHAINED_INVOKE if update.chained_invoke_options:
            options = update.chained_invoke_options
            tenant = {"TenantId": options.tenant_id} if options.tenant_id else {}
            return {"FunctionName": options.function_name, **tenant}
    return {}


def _retry_details(update: OperationUpdate, operation: Operation) -> dict[str, int]:
    details = {"CurrentAttempt": operation.step_details.attempt if operation.step_details else 0}
    if update.step_options:
        details["NextAttemptDelaySeconds"] = update.step_options.next_attempt_delay_seconds
    return details


def _timeouts(update: OperationUpdate) -> dict[str, int]:
    if update.callback_options is None:
        return {}
    asked = {
        "Timeout": update.callback_options.timeout_seconds,
        "HeartbeatTimeout": update.callback_options.heartbeat_timeout_seconds,
    }
    return {member: value for member, value in asked.items() if value}


def _duration(operation: Operation) -> int:
    end = operation.wait_details.scheduled_end_timestamp if operation.wait_details else None
    if end is None or operation.start_timestamp is None:
        return 0
    return (end - operation.start_timestamp) // timedelta(seconds=1)


_FAMILIES = {
    OperationType.EXECUTION: "Execution",
    OperationType.CONTEXT: "Context",
    OperationType.STEP: "Step",
    OperationType.WAIT: "Wait",
    OperationType.CALLBACK: "Callback",
    OperationType.CHAINED_INVOKE: "ChainedInvoke",
}
_ENDING_OF_ACTION = {
    OperationAction.START: "Started",
    OperationAction.SUCCEED: "Succeeded",
    OperationAction.FAIL: "Failed",
    OperationAction.CANCEL: "Cancelled",
}
_ENDING_OF_STATUS = {
    OperationStatus.SUCCEEDED: "Succeeded",
    OperationStatus.FAILED: "Failed",
    OperationStatus.CANCELLED: "Cancelled",
    OperationStatus.TIMED_OUT: "TimedOut",
    OperationStatus.STOPPED: "Stopped",
}

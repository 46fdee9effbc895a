"""Executions as JSON, for scripts."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from durable.model import ErrorObject, Operation, OperationType
from durable.wire import encode
from durable_local.executions import Execution, Summary


def dumps(value: Any) -> str:
    """A value as indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=moment)


def moment(value: datetime) -> str:
    """A moment as the AWS CLI writes it."""
    return value.astimezone(UTC).isoformat()


def summary(execution: Execution | Summary) -> dict[str, Any]:
    """What an execution is and how it stands; no payloads."""
    return {
        "DurableExecutionArn": execution.arn,
        "DurableExecutionName": execution.name,
        "FunctionName": execution.function,
        "Status": execution.status,
        "StartTimestamp": moment(execution.started),
        **({"EndTimestamp": moment(execution.ended)} if execution.ended else {}),
    }


def outcome(execution: Execution) -> dict[str, Any]:
    """An execution with what it came to."""
    result = {"Result": decoded(execution.result)} if execution.result is not None else {}
    return summary(execution) | {"Invocations": execution.invocations} | result | _error(execution.error)


def described(execution: Execution, operations: Sequence[Operation]) -> dict[str, Any]:
    """An execution with its operations; no payloads and no callback ids."""
    told = [_operation(each) for each in operations if each.operation_type is not OperationType.EXECUTION]
    return summary(execution) | {"Invocations": execution.invocations} | _error(execution.error) | {"Operations": told}


def decoded(result: str) -> Any:
    """A handler's result; text that is not JSON as it stands."""
    try:
        return json.loads(result)
    except ValueError:
        return result


def _error(error: ErrorObject | None) -> dict[str, Any]:
    return {"Error": encode(error)} if error else {}


def _operation(operation: Operation) -> dict[str, Any]:
    step = operation.step_details
    members = {
        "Id": operation.operation_id,
        "ParentId": operation.parent_id,
        "Name": operation.name,
        "Type": operation.operation_type.value,
        "SubType": operation.sub_type,
        "Status": operation.status.value,
        "StartTimestamp": operation.start_timestamp and moment(operation.start_timestamp),
        "EndTimestamp": operation.end_timestamp and moment(operation.end_timestamp),
        "Attempt": step.attempt if step else None,
        "Error": encode(operation.error) if operation.error else None,
    }
    return {member: value for member, value in members.items() if value is not None}

"""The answers to callbacks; the server looks their ids up, so that no page needs to know one."""

from collections.abc import Sequence

from durable.model import ErrorObject, Operation, OperationStatus
from durable_local.console.action import Done, json_of
from durable_local.console.page import Asked
from durable_local.errors import CallbackTimeoutError, InvalidParameterValueError, ResourceNotFoundError
from durable_local.executions import Execution
from durable_local.runtime import LocalRuntime
from durable_local.wording import label

_CLOSED = {
    OperationStatus.SUCCEEDED: "has been answered before, with a result",
    OperationStatus.FAILED: "has been answered before, with a failure",
    OperationStatus.TIMED_OUT: "has expired",
}


def succeed(runtime: LocalRuntime, path: Asked, given: Asked) -> Done:
    """Answer a callback with a result, as it is written; none if nothing is."""
    name, callback_id = _open(runtime, path)
    result = given.get("result") or None
    if result:
        json_of(result, "The result")
    runtime.callbacks.succeed(callback_id, result)
    return Done(f"{name} is answered; the execution goes on.")


def fail(runtime: LocalRuntime, path: Asked, given: Asked) -> Done:
    """Answer a callback with a failure."""
    name, callback_id = _open(runtime, path)
    runtime.callbacks.fail(callback_id, ErrorObject(given.get("message") or None, given.get("type") or None))
    return Done(f"{name} is answered with a failure; the execution goes on.")


def heartbeat(runtime: LocalRuntime, path: Asked, _given: Asked) -> Done:
    """Keep a callback open: its heartbeat timeout begins anew."""
    name, callback_id = _open(runtime, path)
    runtime.callbacks.heartbeat(callback_id)
    return Done(f"{name} is kept open: its heartbeat timeout begins anew.")


def waiting(execution: Execution, operations: Sequence[Operation]) -> list[Operation]:
    """The callbacks of an execution that can be answered."""
    if execution.ended:
        return []
    return [each for each in operations if each.callback_details and not each.status.is_terminal]


def _open(runtime: LocalRuntime, path: Asked) -> tuple[str, str]:
    """What a callback is called, and its id. Raises CallbackTimeoutError if it cannot be answered any more."""
    execution = runtime.executions.get(path["name"])
    operations = {each.operation_id: each for each in runtime.executions.operations(execution.arn)}
    operation = operations.get(path["operation"])
    if operation is None:
        raise ResourceNotFoundError(f"Execution {execution.name} has no operation {path['operation'][:100]}")
    if operation.callback_details is None:
        raise InvalidParameterValueError(f"Operation {label(operation)} is no callback, so it waits for no answer")
    if operation.status.is_terminal:
        why = _CLOSED.get(operation.status, "is closed")
        raise CallbackTimeoutError(f"{label(operation)} {why}. Nothing has changed.")
    if execution.ended:
        raise CallbackTimeoutError(
            f"{label(operation)} waits no longer: its execution is over, {execution.status.lower()}. "
            "Nothing has changed."
        )
    return label(operation), operation.callback_details.callback_id

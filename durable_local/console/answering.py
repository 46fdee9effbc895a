"""The answers to callbacks; the server looks their ids up, so that no page needs to know one."""

from collections.abc import Iterable
from dataclasses import dataclass

from durable.model import ErrorObject, Operation, OperationStatus
from durable_local.console.action import Done, json_of
from durable_local.console.page import Asked
from durable_local.errors import CallbackTimeoutError, InvalidParameterValueError, ResourceNotFoundError
from durable_local.executions import Execution
from durable_local.runtime import LocalRuntime
from durable_local.wording import label

_HOLDER = "WaitForCallback"
_CLOSED = {
    OperationStatus.SUCCEEDED: "has been answered before, with a result",
    OperationStatus.FAILED: "has been answered before, with a failure",
    OperationStatus.TIMED_OUT: "has expired",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A callback that can be answered: its operation, what people call it, and the context made for it, if any."""

    operation_id: str
    name: str
    holder_id: str | None = None


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
    """Keep a callback open: its heartbeat timeout begins anew, if it has one."""
    name, callback_id = _open(runtime, path)
    seconds = runtime.callbacks.heartbeat(callback_id)
    if seconds is None:
        return Done(f"{name} waits on as before: it has no heartbeat timeout.")
    return Done(f"{name} is kept open: its heartbeat timeout of {seconds} s begins anew.")


def waiting(execution: Execution, operations: Iterable[Operation]) -> list[Waiting]:
    """The callbacks of an execution that can be answered."""
    if execution.ended:
        return []
    known = {each.operation_id: each for each in operations}
    is_open = (each for each in known.values() if each.callback_details and not each.status.is_terminal)
    return [_called(each, known.get(each.parent_id or "")) for each in is_open]


def _open(runtime: LocalRuntime, path: Asked) -> tuple[str, str]:
    """What a callback is called, and its id. Raises CallbackTimeoutError if it cannot be answered any more."""
    execution = runtime.executions.get(path["name"])
    operations = {each.operation_id: each for each in runtime.executions.operations(execution.arn)}
    operation = operations.get(path["operation"])
    if operation is None:
        raise ResourceNotFoundError(f"Execution {execution.name} has no operation {path['operation'][:100]}")
    if operation.callback_details is None:
        raise InvalidParameterValueError(f"Operation {label(operation)} is no callback, so it waits for no answer")
    name = _called(operation, operations.get(operation.parent_id or "")).name
    if operation.status.is_terminal:
        why = _CLOSED.get(operation.status, "is closed")
        raise CallbackTimeoutError(f"{name} {why}. Nothing has changed.")
    if execution.ended:
        raise CallbackTimeoutError(
            f"{name} waits no longer: its execution is over, {execution.status.lower()}. Nothing has changed."
        )
    return name, operation.callback_details.callback_id


def _called(callback: Operation, parent: Operation | None) -> Waiting:
    if parent and parent.sub_type == _HOLDER:
        return Waiting(callback.operation_id, label(parent), parent.operation_id)
    return Waiting(callback.operation_id, label(callback))

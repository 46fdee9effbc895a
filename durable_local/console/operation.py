"""The page of one operation: its input, what it came to, and what happened to it."""

from durable.model import Operation, OperationType
from durable_local.console.answering import waiting
from durable_local.console.content import content, failure
from durable_local.console.history import told
from durable_local.console.page import Asked, Sheet
from durable_local.errors import ResourceNotFoundError
from durable_local.history import Event
from durable_local.runtime import LocalRuntime
from durable_local.store import listing


def operation(runtime: LocalRuntime, path: Asked, _query: Asked) -> Sheet:
    """One operation of an execution, by its id."""
    execution = runtime.executions.get(path["name"])
    operations = {each.operation_id: each for each in runtime.executions.operations(execution.arn)}
    found = operations.get(path["operation"])
    if found is None or found.operation_type is OperationType.EXECUTION:
        raise ResourceNotFoundError(f"Execution {execution.name} has no operation {path['operation'][:100]}")
    own = [
        (n, event) for n, event in runtime.executions.history(execution.arn) if event.operation_id == path["operation"]
    ]
    values = {
        "execution": execution,
        "operation": found,
        "now": execution.ended or runtime.journals.clock.now(),
        "is_over": bool(found.end_timestamp or execution.ended),
        "waiting": [
            each
            for each in waiting(execution, operations.values())
            if path["operation"] in {each.operation_id, each.holder_id}
        ],
        "above": _above(found, operations),
        "given": content(_given(found, own)),
        "result": content(found.result),
        "failure": failure(found.error),
        "failures": [(number, event.at, failure(event.error)) for number, event in own if event.error],
        "events": [told(number, event) for number, event in own],
        "child": listing.children(runtime.journals.database, execution.arn).get(found.operation_id),
    }
    return Sheet("operation.html", values)


def _above(operation: Operation, operations: dict[str, Operation]) -> list[Operation]:
    """The contexts that hold an operation, outermost first."""
    above: list[Operation] = []
    while operation.parent_id and (holder := operations.get(operation.parent_id)):
        above.insert(0, holder)
        operation = holder
    return above


def _given(operation: Operation, own: list[tuple[int, Event]]) -> str | None:
    if operation.operation_type is not OperationType.CHAINED_INVOKE:
        return None
    return next((event.payload for _, event in own if event.type == "ChainedInvokeStarted"), None)

"""The page of one operation: its input, what it came to, and what happened to it."""

from durable.model import Operation, OperationType
from durable_local.console.answering import waiting
from durable_local.console.content import beginning, failure
from durable_local.console.history import told
from durable_local.console.locations import locations
from durable_local.console.page import Asked, Sheet
from durable_local.errors import ResourceNotFoundError
from durable_local.runtime import LocalRuntime
from durable_local.store import events, listing, payloads


def operation(runtime: LocalRuntime, path: Asked, _query: Asked) -> Sheet:
    """One operation of an execution, by its id."""
    execution, database = runtime.executions.get(path["name"], payloads=False), runtime.journals.database
    arn, operation_id = execution.arn, path["operation"]
    operations = {each.operation_id: each for each in runtime.executions.operations(arn, payloads=False)}
    found = operations.get(operation_id)
    if found is None or found.operation_type is OperationType.EXECUTION:
        raise ResourceNotFoundError(f"Execution {execution.name} has no operation {operation_id[:100]}")
    own = events.of_operation(database, arn, operation_id)
    values = {
        "execution": execution,
        "operation": found,
        "now": execution.ended or runtime.journals.clock.now(),
        "above": _above(found, operations),
        "given": beginning(payloads.given(database, arn, operation_id)),
        "result": beginning(payloads.result(database, arn, operation_id)),
        "failure": failure(payloads.error(database, arn, operation_id)),
        "failures": [(number, event.at, failure(event.error)) for number, event in own if event.error],
        "events": [told(number, event) for number, event in own],
        "locations": locations(runtime, execution.function).of(found),
        "child": listing.children(database, arn).get(operation_id),
        "is_over": bool(found.end_timestamp or execution.ended),
        "waiting": [
            each
            for each in waiting(execution, operations.values())
            if operation_id in {each.operation_id, each.holder_id}
        ],
    }
    return Sheet("operation.html", values)


def _above(operation: Operation, operations: dict[str, Operation]) -> list[Operation]:
    """The contexts that hold an operation, outermost first."""
    above: list[Operation] = []
    while operation.parent_id and (holder := operations.get(operation.parent_id)):
        above.insert(0, holder)
        operation = holder
    return above

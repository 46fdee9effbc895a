"""Where the code stops at the end of a record: what it would do next, or wait for."""

from durable.model import Operation, OperationType
from durable.plugin import OperationInfo
from durable_local.replay.record import Record
from durable_local.replay.rehearsal import Rehearsal
from durable_local.replay.wording import ending_line, kind_and_name


def frontier(record: Record, rehearsal: Rehearsal) -> list[str]:
    """Each thing that the code would do next or waits for, in words."""
    if rehearsal.ending:
        return [ending_line(rehearsal.ending)]
    begins = [f"begins {_place(record, each)}" for each in rehearsal.begun]
    due = {each.operation_id: each.attempt for each in rehearsal.again}
    met = [each for each in record.operations[1:] if each.operation_id in rehearsal.reached]
    runs = [
        f"runs {_place(record, each)}, attempt {due[each.operation_id]}" for each in met if each.operation_id in due
    ]
    return runs + begins + [f"waits for {_place(record, each)}" for each in met if _is_open(each, due)]


def _is_open(operation: Operation, due: dict[str, int | None]) -> bool:
    is_context = operation.operation_type is OperationType.CONTEXT
    return not (is_context or operation.status.is_terminal or operation.operation_id in due)


def _place(record: Record, operation: Operation | OperationInfo) -> str:
    around = "".join(f"{name} > " for name in record.path(operation.parent_id))
    return around + kind_and_name(operation.sub_type or operation.operation_type.value, operation.name)

"""The rules that the updates of one checkpoint keep among each other; pure."""

from collections.abc import Sequence

from durable.model import OperationAction, OperationType, OperationUpdate
from durable_local.errors import InvalidParameterValueError

_MAY_END_WHERE_BEGUN = {OperationType.STEP, OperationType.CONTEXT}


def check_batch(updates: Sequence[OperationUpdate]) -> None:
    """Refuse a batch whose updates do not go together.

    An EXECUTION update comes once and last. An id comes once, but for the START of a step or a context, which
    one other update may follow.
    """
    for update in updates[:-1]:
        if update.operation_type is OperationType.EXECUTION:
            raise InvalidParameterValueError("An EXECUTION update must be the only one and the last of its checkpoint")
    seen: dict[str, list[OperationUpdate]] = {}
    for update in updates:
        earlier = seen.setdefault(update.operation_id, [])
        if earlier and not _continues(earlier, update):
            raise InvalidParameterValueError(
                f"Operation {update.operation_id} is updated more than once in a checkpoint; "
                "only the START of a STEP or CONTEXT may be followed by one other update"
            )
        earlier.append(update)


def _continues(earlier: list[OperationUpdate], update: OperationUpdate) -> bool:
    (first, *rest) = earlier
    return (
        not rest
        and first.action is OperationAction.START
        and update.action is not OperationAction.START
        and update.operation_type in _MAY_END_WHERE_BEGUN
    )

"""Which move an operation may make, and what it is afterwards; pure.

`apply` is what an invocation may ask for by an update; `fire` is what the service does when a timer is due, and
`complete` what the outside (a callback's answer, an invoked function, the end of the execution) brings about.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from durable.model import (
    CallbackDetails,
    ChainedInvokeDetails,
    ContextDetails,
    ErrorObject,
    Operation,
    OperationAction,
    OperationStatus,
    OperationType,
    OperationUpdate,
    StepDetails,
    WaitDetails,
)
from durable_local.errors import InvalidParameterValueError

_NEW = None
_STARTED, _PENDING, _READY = OperationStatus.STARTED, OperationStatus.PENDING, OperationStatus.READY
_SUCCEEDED, _FAILED = OperationStatus.SUCCEEDED, OperationStatus.FAILED
_TIMED_OUT, _STOPPED = OperationStatus.TIMED_OUT, OperationStatus.STOPPED


def apply(operation: Operation | None, update: OperationUpdate, now: datetime, callback_id: str) -> Operation:
    """The operation after an accepted update; `callback_id` names a callback that the update starts.

    Raises InvalidParameterValueError for a move that is not in the table, or an update at odds with itself or
    with what is recorded.
    """
    move = _MOVES.get((update.operation_type, update.action))
    if move is None:
        raise InvalidParameterValueError(f"{update.operation_type} operations have no action {update.action}")
    if operation is not None and update.operation_type is not OperationType.EXECUTION:
        _check_identity(operation, update)
    status = operation.status if operation else _NEW
    if status not in move.allowed:
        raise InvalidParameterValueError(
            f"Operation {update.operation_id} is {status or 'not started'}; {update.action} is not possible"
        )
    _check_outcome(update)
    return move.make(operation or _fresh(update, now), update, now, callback_id)


def fire(operation: Operation, now: datetime) -> Operation:
    """The operation whose time has come: a wait is over, a step's next attempt is ready."""
    if operation.operation_type is OperationType.WAIT and operation.status is _STARTED:
        return replace(operation, status=_SUCCEEDED, end_timestamp=now)
    if operation.operation_type is OperationType.STEP and operation.status is _PENDING:
        details = replace(operation.step_details or StepDetails(), next_attempt_timestamp=None)
        return replace(operation, status=_READY, step_details=details)
    raise ValueError(f"{operation.operation_type} {operation.operation_id} is {operation.status}: no timer can be due")


def complete(
    operation: Operation,
    status: OperationStatus,
    now: datetime,
    *,
    result: str | None = None,
    error: ErrorObject | None = None,
) -> Operation:
    """The operation that something outside its invocation has ended.

    Raises ValueError if operations of this type do not end so, or it is not STARTED any more.
    """
    if operation.status is not _STARTED or status not in _ENDED_FROM_OUTSIDE.get(operation.operation_type, ()):
        raise ValueError(
            f"{operation.operation_type} {operation.operation_id} is {operation.status}: it cannot become {status}"
        )
    ended = replace(operation, status=status, end_timestamp=now)
    if ended.callback_details:
        return replace(ended, callback_details=replace(ended.callback_details, result=result, error=error))
    if ended.operation_type is OperationType.CHAINED_INVOKE:
        return replace(ended, chained_invoke_details=ChainedInvokeDetails(result, error))
    return ended


_ENDED_FROM_OUTSIDE = {
    OperationType.CALLBACK: {_SUCCEEDED, _FAILED, _TIMED_OUT},
    OperationType.CHAINED_INVOKE: {_SUCCEEDED, _FAILED, _TIMED_OUT, _STOPPED},
    OperationType.EXECUTION: {_SUCCEEDED, _FAILED, _TIMED_OUT, _STOPPED},
}


def _check_identity(operation: Operation, update: OperationUpdate) -> None:
    pairs = (
        ("Type", operation.operation_type, update.operation_type),
        ("SubType", operation.sub_type, update.sub_type),
        ("Name", operation.name, update.name),
        ("ParentId", operation.parent_id, update.parent_id),
    )
    for member, recorded, asked in pairs:
        if asked is not None and asked != recorded:
            raise InvalidParameterValueError(
                f"Operation {operation.operation_id} is recorded with {member} {recorded!r}, the update has {asked!r}"
            )


def _check_outcome(update: OperationUpdate) -> None:
    if update.action is OperationAction.SUCCEED and update.error is not None:
        raise InvalidParameterValueError(f"The SUCCEED of operation {update.operation_id} carries an Error")
    if update.action is OperationAction.FAIL and update.payload is not None:
        raise InvalidParameterValueError(f"The FAIL of operation {update.operation_id} carries a Payload")


def _fresh(update: OperationUpdate, now: datetime) -> Operation:
    return Operation(
        update.operation_id,
        update.operation_type,
        _STARTED,
        parent_id=update.parent_id,
        name=update.name,
        start_timestamp=now,
        sub_type=update.sub_type,
    )


def _moved(operation: Operation, status: OperationStatus, ended: datetime | None = None, **details: Any) -> Operation:
    """The operation in another status, with the details of its type; five times as fast as `replace`."""
    return Operation(
        operation.operation_id,
        operation.operation_type,
        status,
        operation.parent_id,
        operation.name,
        operation.start_timestamp,
        ended,
        operation.sub_type,
        **details,
    )


_Make = Callable[[Operation, OperationUpdate, datetime, str], Operation]


def _start_step(operation: Operation, _update: OperationUpdate, _now: datetime, _id: str) -> Operation:
    attempt = operation.step_details.attempt if operation.step_details else 0
    return _moved(operation, _STARTED, step_details=StepDetails(attempt))


def _end_step(operation: Operation, update: OperationUpdate, now: datetime, _id: str) -> Operation:
    attempt = operation.step_details.attempt if operation.step_details else 0
    details = StepDetails(attempt + 1, result=update.payload, error=update.error)
    return _moved(operation, _ENDINGS[update.action], now, step_details=details)


def _retry_step(operation: Operation, update: OperationUpdate, now: datetime, _id: str) -> Operation:
    if update.step_options is None:
        raise InvalidParameterValueError(f"The RETRY of operation {update.operation_id} needs StepOptions")
    if update.error is not None and update.payload is not None:
        raise InvalidParameterValueError(f"The RETRY of operation {update.operation_id} has both Error and Payload")
    attempt = operation.step_details.attempt if operation.step_details else 0
    due = now + timedelta(seconds=update.step_options.next_attempt_delay_seconds)
    return replace(operation, status=_PENDING, step_details=StepDetails(attempt + 1, due, update.payload, update.error))


def _start_wait(operation: Operation, update: OperationUpdate, now: datetime, _id: str) -> Operation:
    if update.wait_options is None:
        raise InvalidParameterValueError(f"The START of wait {update.operation_id} needs WaitOptions")
    return replace(operation, wait_details=WaitDetails(now + timedelta(seconds=update.wait_options.wait_seconds)))


def _cancel(operation: Operation, _update: OperationUpdate, now: datetime, _id: str) -> Operation:
    return replace(operation, status=OperationStatus.CANCELLED, end_timestamp=now)


def _start_callback(operation: Operation, _update: OperationUpdate, _now: datetime, callback_id: str) -> Operation:
    return replace(operation, callback_details=CallbackDetails(callback_id))


def _start_invoke(operation: Operation, update: OperationUpdate, _now: datetime, _id: str) -> Operation:
    if update.chained_invoke_options is None:
        raise InvalidParameterValueError(f"The START of invoke {update.operation_id} needs ChainedInvokeOptions")
    return replace(operation, chained_invoke_details=ChainedInvokeDetails())


def _start_context(operation: Operation, _update: OperationUpdate, _now: datetime, _id: str) -> Operation:
    return _moved(operation, _STARTED, context_details=ContextDetails())


def _end_context(operation: Operation, update: OperationUpdate, now: datetime, _id: str) -> Operation:
    replay_children = bool(update.context_options and update.context_options.replay_children)
    details = ContextDetails(replay_children, update.payload, update.error)
    return _moved(operation, _ENDINGS[update.action], now, context_details=details)


def _end_execution(operation: Operation, update: OperationUpdate, now: datetime, _id: str) -> Operation:
    return replace(operation, status=_ENDINGS[update.action], end_timestamp=now)


_ENDINGS = {OperationAction.SUCCEED: _SUCCEEDED, OperationAction.FAIL: _FAILED}


@dataclass(frozen=True, slots=True)
class _Move:
    allowed: frozenset[OperationStatus | None]
    make: _Make


def _move(allowed: set[OperationStatus | None], make: _Make) -> _Move:
    return _Move(frozenset(allowed), make)


_MOVES: dict[tuple[OperationType, OperationAction], _Move] = {
    (OperationType.STEP, OperationAction.START): _move({_NEW, _READY}, _start_step),
    (OperationType.STEP, OperationAction.SUCCEED): _move({_NEW, _STARTED, _READY}, _end_step),
    (OperationType.STEP, OperationAction.FAIL): _move({_NEW, _STARTED, _READY}, _end_step),
    (OperationType.STEP, OperationAction.RETRY): _move({_NEW, _STARTED, _READY}, _retry_step),
    (OperationType.WAIT, OperationAction.START): _move({_NEW}, _start_wait),
    (OperationType.WAIT, OperationAction.CANCEL): _move({_STARTED}, _cancel),
    (OperationType.CALLBACK, OperationAction.START): _move({_NEW}, _start_callback),
    (OperationType.CHAINED_INVOKE, OperationAction.START): _move({_NEW}, _start_invoke),
    (OperationType.CONTEXT, OperationAction.START): _move({_NEW}, _start_context),
    (OperationType.CONTEXT, OperationAction.SUCCEED): _move({_NEW, _STARTED}, _end_context),
    (OperationType.CONTEXT, OperationAction.FAIL): _move({_NEW, _STARTED}, _end_context),
    (OperationType.EXECUTION, OperationAction.SUCCEED): _move({_STARTED}, _end_execution),
    (OperationType.EXECUTION, OperationAction.FAIL): _move({_STARTED}, _end_execution),
}

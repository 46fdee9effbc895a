"""Rows of operations."""

# ruff: noqa: S608 - the queries are put together from constants of this module

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from durable.model import (
    CallbackDetails,
    ChainedInvokeDetails,
    ContextDetails,
    ErrorObject,
    ExecutionDetails,
    Operation,
    OperationStatus,
    OperationType,
    StepDetails,
    WaitDetails,
)
from durable_local.store.columns import (
    ERROR_BEGINNING,
    error_beginning,
    error_object,
    error_text,
    moment,
    stamp,
)
from durable_local.store.database import Database

_CHANGING = "sequence, status, started_at, ended_at, attempt, due_at, replay_children, seal, result, error"
_COLUMNS = (
    "id, type, parent_id, name, sub_type, input, callback_id, status, started_at, ended_at, attempt, due_at, "
    "replay_children, result, error"
)
_INSERT = (
    f"INSERT INTO operations (execution, id, type, parent_id, name, sub_type, input, callback_id, {_CHANGING}) "
    f"VALUES ({', '.join('?' * 18)})"
)
_UPDATE = f"UPDATE operations SET ({_CHANGING}) = ({', '.join('?' * 10)}) WHERE execution = ? AND id = ?"
_BY_ID = f"SELECT {_COLUMNS} FROM operations WHERE execution = ? AND id = ?"
_BY_IDS = f"SELECT {_COLUMNS} FROM operations WHERE execution = ? AND id IN (SELECT value FROM json_each(?))"
_BY_CALLBACK = "SELECT execution, id FROM operations WHERE callback_id = ?"
_CHANGED = f"SELECT sequence, {_COLUMNS} FROM operations WHERE execution = ? AND sequence > ? ORDER BY sequence LIMIT ?"
_OUTSIDE = "(type NOT IN ('STEP', 'CONTEXT') OR status = 'READY')"
_CHANGED_OUTSIDE = _CHANGED.replace("ORDER BY", f"AND {_OUTSIDE} ORDER BY")
_IDS_CHANGED_OUTSIDE = (
    f"SELECT id FROM operations WHERE execution = ? AND sequence > ? AND {_OUTSIDE} ORDER BY sequence"
)
_ALL = f"SELECT {_COLUMNS} FROM operations WHERE execution = ? ORDER BY position"
_ALL_SMALL = _ALL.replace("input,", "NULL,").replace("result, error", f"NULL, {ERROR_BEGINNING}")

# Nothing below a closed context is told, unless that context is rebuilt from its children: the walk stops there.
_VISIBLE = f"""
WITH RECURSIVE visible (position, execution, id, open) AS (
    SELECT position, execution, id, type <> 'CONTEXT' OR status = 'STARTED' OR replay_children
    FROM operations WHERE execution = ?1 AND parent_id IS NULL
    UNION ALL
    SELECT child.position, child.execution, child.id,
           child.type <> 'CONTEXT' OR child.status = 'STARTED' OR child.replay_children
    FROM visible JOIN operations AS child
        ON child.execution = visible.execution AND child.parent_id = visible.id
    WHERE visible.open
)
SELECT position, {_COLUMNS} FROM operations
WHERE position IN (SELECT position FROM visible WHERE position > ?2) ORDER BY position LIMIT ?3
"""


@dataclass(frozen=True, slots=True)
class Change:
    """An operation as it stands after a change; `given` is what an execution or an invoked function is given."""

    sequence: int
    operation: Operation
    given: str | None = None


def insert(database: Database, execution: int, changes: Sequence[Change]) -> None:
    """Store new operations."""
    database.write_all(_INSERT, [_inserted(execution, each) for each in changes])


def update(database: Database, execution: int, changes: Sequence[Change]) -> None:
    """Store how operations stand now."""
    database.write_all(_UPDATE, [_updated(execution, each) for each in changes])


def by_id(database: Database, execution: int, operation_id: str) -> Operation | None:
    """One operation."""
    row = database.row(_BY_ID, (execution, operation_id))
    return _operation(row) if row else None


def by_ids(database: Database, execution: int, operation_ids: Sequence[str]) -> dict[str, Operation]:
    """Those of some operations that are there, by their ids."""
    rows = database.rows(_BY_IDS, (execution, json.dumps(operation_ids)))
    return {row[0]: _operation(row) for row in rows}


def by_callback(database: Database, callback_id: str) -> tuple[int, str] | None:
    """Key of the execution and id of the operation that a callback id stands for."""
    row = database.row(_BY_CALLBACK, (callback_id,))
    return (row[0], row[1]) if row else None


def changed(database: Database, execution: int, after: int, limit: int) -> list[tuple[int, Operation]]:
    """The operations changed after a change, each with the number of its latest; reads all of the execution."""
    return [(row[0], _operation(row[1:])) for row in database.rows(_CHANGED, (execution, after, limit))]


def changed_outside(database: Database, execution: int, after: int, limit: int) -> list[tuple[int, Operation]]:
    """The same where all those changes came from timers and from outside, and none from an invocation."""
    return [(row[0], _operation(row[1:])) for row in database.rows(_CHANGED_OUTSIDE, (execution, after, limit))]


def ids_changed_outside(database: Database, execution: int, after: int) -> list[str]:
    """The ids of the operations that timers and the outside have changed after a change."""
    return [row[0] for row in database.rows(_IDS_CHANGED_OUTSIDE, (execution, after))]


def visible(database: Database, execution: int, after: int, limit: int) -> list[tuple[int, Operation]]:
    """The operations that replay needs, each with its position, in the order of their start."""
    return [(row[0], _operation(row[1:])) for row in database.rows(_VISIBLE, (execution, after, limit))]


def every(database: Database, execution: int) -> list[Operation]:
    """All operations, in the order of their start."""
    return [_operation(row) for row in database.rows(_ALL, (execution,))]


def every_small(database: Database, execution: int) -> list[Operation]:
    """The same without inputs and results, and with no more of errors than the beginning of what they say."""
    return [_operation(row, error_beginning) for row in database.rows(_ALL_SMALL, (execution,))]


def awaits_anything(database: Database, execution: int) -> bool:
    """Whether anything is pending that will go on by itself or from outside."""
    query = (
        "SELECT EXISTS (SELECT 1 FROM operations WHERE execution = ? AND "
        "(status = 'PENDING' OR (status = 'STARTED' AND type IN ('WAIT', 'CALLBACK', 'CHAINED_INVOKE'))))"
    )
    row = database.row(query, (execution,))
    return bool(row and row[0])


def _inserted(execution: int, change: Change) -> tuple[Any, ...]:
    identity, callback = _identity(change.operation), change.operation.callback_details
    return (execution, *identity, change.given, callback and callback.callback_id, *_changing(identity, change))


def _updated(execution: int, change: Change) -> tuple[Any, ...]:
    identity = _identity(change.operation)
    return (*_changing(identity, change), execution, identity[0])


def _identity(operation: Operation) -> tuple[str | None, ...]:
    kind, parent_id = operation.operation_type._value_, operation.parent_id
    return operation.operation_id, kind, parent_id, _plain(operation.name), _plain(operation.sub_type)


def _changing(identity: tuple[str | None, ...], change: Change) -> tuple[Any, ...]:
    operation = change.operation
    step, context, wait = operation.step_details, operation.context_details, operation.wait_details
    due = step.next_attempt_timestamp if step else wait.scheduled_end_timestamp if wait else None
    small = (
        change.sequence,
        operation.status._value_,
        stamp(operation.start_timestamp),
        stamp(operation.end_timestamp),
        step.attempt if step else None,
        stamp(due),
        int(context.replay_children) if context else None,
    )
    return (*small, sealed(*identity, *small), operation.result, error_text(operation.error))


def _plain(text: str | None) -> str | None:
    """A text as it is read again: of an enum's member only that is stored."""
    return None if text is None else str(text)


def sealed(*columns: str | int | None) -> int:
    """The checksum over an operation's id, type, parent, name, sub type and what changes of it, but for its end."""
    return zlib.crc32(repr(columns).encode("utf-8", "surrogatepass"))


def _operation(row: Sequence[Any], read: Callable[[str | None], ErrorObject | None] = error_object) -> Operation:
    (id_, type_, parent_id, name, sub_type, given, callback_id, status, started, ended, *rest) = row
    attempt, due, replay_children, result, error_json = rest
    kind, error = OperationType(type_), read(error_json)
    details: dict[str, Any]
    match kind:
        case OperationType.EXECUTION:
            details = {"execution_details": ExecutionDetails(given)}
        case OperationType.STEP:
            details = {"step_details": StepDetails(attempt or 0, moment(due), result, error)}
        case OperationType.CONTEXT:
            details = {"context_details": ContextDetails(bool(replay_children), result, error)}
        case OperationType.WAIT:
            details = {"wait_details": WaitDetails(moment(due))}
        case OperationType.CALLBACK:
            details = {"callback_details": CallbackDetails(callback_id, result, error)}
        case OperationType.CHAINED_INVOKE:
            details = {"chained_invoke_details": ChainedInvokeDetails(result, error)}
    return Operation(
        id_, kind, OperationStatus(status), parent_id, name, moment(started), moment(ended), sub_type, **details
    )

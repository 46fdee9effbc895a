"""Rows of calls: functions without executions of their own that an execution has invoked and that have not answered."""

from dataclasses import dataclass
from datetime import datetime

from durable.wire import from_milliseconds
from durable_local.store.database import Database
from durable_local.store.due import GRACE_MILLISECONDS

_SELECT = """
SELECT arn, calls.operation_id, calls.function, operations.input, calls.tenant_id, operations.started_at + {grace}
FROM calls
JOIN operations ON operations.execution = calls.execution AND operations.id = calls.operation_id
JOIN executions ON executions.key = calls.execution
"""
_FIRST = f"{_SELECT.format(grace=0)} WHERE calls.execution = ? ORDER BY operations.position LIMIT 1"
_GRACE = f"CASE WHEN request_id IS NULL THEN 0 ELSE {GRACE_MILLISECONDS} END"
_ASKED = f"{_SELECT.format(grace=_GRACE)} WHERE calls.function = ? LIMIT ?"


@dataclass(frozen=True, slots=True)
class Call:
    """A function to call, what to give it, for which tenant, since when, and the operation that awaits it."""

    operation_id: str
    function: str
    payload: str | None
    tenant_id: str | None
    asked_at: datetime


def insert(database: Database, execution: int, operation_id: str, function: str, tenant_id: str | None) -> None:
    """Store what is to be called."""
    database.write(
        "INSERT INTO calls (execution, operation_id, function, tenant_id) VALUES (?, ?, ?, ?)",
        (execution, operation_id, function, tenant_id),
    )


def first(database: Database, execution: int) -> Call | None:
    """What an execution has waited for longest."""
    row = database.row(_FIRST, (execution,))
    return _call(*row)[1] if row else None


def asked(database: Database, function: str, limit: int) -> list[tuple[str, Call]]:
    """Some of the calls that a function has not answered, each with the ARN of the execution that waits for it."""
    return [_call(*row) for row in database.rows(_ASKED, (function, limit))]


def delete(database: Database, execution: int, operation_id: str) -> None:
    """Forget what has answered."""
    database.write("DELETE FROM calls WHERE execution = ? AND operation_id = ?", (execution, operation_id))


def _call(
    arn: str, operation_id: str, function: str, payload: str | None, tenant_id: str | None, asked_at: int
) -> tuple[str, Call]:
    return arn, Call(operation_id, function, payload, tenant_id, from_milliseconds(asked_at))

"""Rows of calls: functions without executions of their own that an execution has invoked and that have not answered."""

from dataclasses import dataclass
from datetime import datetime

from durable.wire import from_milliseconds
from durable_local.store.database import Database


@dataclass(frozen=True, slots=True)
class Call:
    """A function to call, what to give it, since when, and the operation that awaits it."""

    operation_id: str
    function: str
    payload: str | None
    asked_at: datetime


def insert(database: Database, execution: int, operation_id: str, function: str) -> None:
    """Store what is to be called."""
    database.write(
        "INSERT INTO calls (execution, operation_id, function) VALUES (?, ?, ?)", (execution, operation_id, function)
    )


def first(database: Database, execution: int) -> Call | None:
    """What an execution has waited for longest."""
    row = database.row(
        "SELECT calls.operation_id, calls.function, operations.input, operations.started_at FROM calls "
        "JOIN operations ON operations.execution = calls.execution AND operations.id = calls.operation_id "
        "WHERE calls.execution = ? ORDER BY operations.position LIMIT 1",
        (execution,),
    )
    return Call(row[0], row[1], row[2], from_milliseconds(row[3])) if row else None


def delete(database: Database, execution: int, operation_id: str) -> None:
    """Forget what has answered."""
    database.write("DELETE FROM calls WHERE execution = ? AND operation_id = ?", (execution, operation_id))

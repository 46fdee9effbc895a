"""Rows of timers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from durable.wire import from_milliseconds, milliseconds
from durable_local.store.columns import moment
from durable_local.store.database import Database


class TimerKind(StrEnum):
    """What happens when a timer is due."""

    OPERATION = "OPERATION"
    """A wait is over or a step's next attempt is ready."""
    CALLBACK_TIMEOUT = "CALLBACK_TIMEOUT"
    HEARTBEAT_TIMEOUT = "HEARTBEAT_TIMEOUT"
    EXECUTION_TIMEOUT = "EXECUTION_TIMEOUT"


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer of an operation, and how long it was set for."""

    operation_id: str
    kind: TimerKind
    due: datetime
    seconds: int


def arm(database: Database, execution: int, timer: Timer) -> None:
    """Set a timer, or set it anew."""
    database.write(
        "INSERT OR REPLACE INTO timers (execution, operation_id, kind, due_at, seconds) VALUES (?, ?, ?, ?, ?)",
        (execution, timer.operation_id, timer.kind.value, milliseconds(timer.due), timer.seconds),
    )


def disarm(database: Database, execution: int, operation_id: str) -> None:
    """Drop the timers of an operation."""
    database.write("DELETE FROM timers WHERE execution = ? AND operation_id = ?", (execution, operation_id))


def disarm_all(database: Database, execution: int) -> None:
    """Drop the timers of an execution."""
    database.write("DELETE FROM timers WHERE execution = ?", (execution,))


def of_operation(database: Database, execution: int, operation_id: str) -> list[Timer]:
    """The timers of an operation."""
    query = "SELECT operation_id, kind, due_at, seconds FROM timers WHERE execution = ? AND operation_id = ?"
    return [_timer(*row) for row in database.rows(query, (execution, operation_id))]


def due(database: Database, execution: int, now: datetime) -> list[Timer]:
    """The timers of an execution that are due, earliest first."""
    query = "SELECT operation_id, kind, due_at, seconds FROM timers WHERE execution = ? AND due_at <= ? ORDER BY due_at"
    return [_timer(*row) for row in database.rows(query, (execution, milliseconds(now)))]


def earliest(database: Database) -> datetime | None:
    """When the first timer of all executions is due."""
    return moment((database.row("SELECT min(due_at) FROM timers") or (None,))[0])


def earliest_of(database: Database, execution: int) -> datetime | None:
    """When the first timer of an execution is due."""
    row = database.row("SELECT due_at FROM timers WHERE execution = ? ORDER BY due_at LIMIT 1", (execution,))
    return from_milliseconds(row[0]) if row else None


def earliest_after(database: Database, execution: int, now: datetime) -> datetime | None:
    """When the first timer of an execution is due that is not due yet."""
    query = "SELECT due_at FROM timers WHERE execution = ? AND due_at > ? ORDER BY due_at LIMIT 1"
    row = database.row(query, (execution, milliseconds(now)))
    return from_milliseconds(row[0]) if row else None


def _timer(operation_id: str, kind: str, due_at: int, seconds: int) -> Timer:
    return Timer(operation_id, TimerKind(kind), from_milliseconds(due_at), seconds)

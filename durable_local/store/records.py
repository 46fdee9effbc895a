"""Rows as they stand, for whoever examines them; nothing is made of them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from durable_local.store.database import Database
from durable_local.store.operations import sealed


class ExecutionRecord(NamedTuple):
    """What an execution's row says of itself and its other rows."""

    key: int
    arn: str
    name: str
    function: str
    operation_id: str
    timeout_seconds: int | None
    started_at: int
    ended_at: int | None
    status: str
    request_id: str | None
    invocations: int
    events: int
    operations: int
    chain: str


class OperationRecord(NamedTuple):
    """An operation; the result and the error of an execution stand elsewhere, but are told here."""

    id: str
    type: str
    parent_id: str | None
    status: str
    name: str | None
    started_at: int
    ended_at: int | None
    input: str | None
    callback_id: str | None
    result: str | None
    error: str | None
    is_sealed: bool
    """Whether the row is what it was when it was written."""


class EventRecord(NamedTuple):
    """An event."""

    number: int
    type: str
    operation_id: str | None
    facts: str | None
    payload: str | None
    error: str | None


_OPERATIONS = """
SELECT id, type, parent_id, name, sub_type, sequence, status, started_at, ended_at, attempt, due_at, replay_children,
       seal, input, callback_id,
       iif(type = 'EXECUTION', outcomes.result, operations.result),
       iif(type = 'EXECUTION', outcomes.error, operations.error)
FROM operations LEFT JOIN outcomes ON outcomes.execution = operations.execution
WHERE operations.execution = ? ORDER BY position
"""
_EXECUTION = f"SELECT {', '.join(ExecutionRecord._fields)} FROM executions WHERE key = ?"  # noqa: S608 - of this module
_EVENTS = "SELECT number, type, operation_id, facts, payload, error FROM events WHERE execution = ? ORDER BY number"
_GOES_ON = """
SELECT invoke_at IS NOT NULL OR request_id IS NOT NULL
    OR EXISTS (SELECT 1 FROM timers WHERE timers.execution = key)
    OR EXISTS (SELECT 1 FROM calls WHERE calls.execution = key)
    OR EXISTS (SELECT 1 FROM executions AS child WHERE child.parent = executions.key AND child.status = 'RUNNING')
    OR EXISTS (SELECT 1 FROM operations WHERE operations.execution = key AND type = 'CALLBACK' AND status = 'STARTED')
FROM executions WHERE key = ?
"""


def integrity(database: Database) -> list[str]:
    """What SQLite itself finds wrong with the file."""
    return [problem for (problem,) in database.rows("PRAGMA integrity_check") if problem != "ok"]


def strangers(database: Database) -> list[tuple[str, int]]:
    """Tables with rows of executions that are not there, and how many."""
    found: dict[str, int] = {}
    for table, *_ in database.rows("PRAGMA foreign_key_check"):
        found[table] = found.get(table, 0) + 1
    return sorted(found.items())


def losses(database: Database) -> list[tuple[int, int]]:
    """For each loss that was noticed, how many times an execution had been written and how many were found."""
    return [(acknowledged, found) for acknowledged, found in database.rows("SELECT acknowledged, found FROM losses")]


def executions(database: Database) -> Iterator[ExecutionRecord]:
    """All executions."""
    keys = database.rows("SELECT key FROM executions ORDER BY key")
    for (key,) in keys:
        yield from (ExecutionRecord(*row) for row in database.rows(_EXECUTION, (key,)))


def operations(database: Database, key: int) -> list[OperationRecord]:
    """The operations of an execution, in the order of their start."""
    return [_operation(*row) for row in database.rows(_OPERATIONS, (key,))]


def events(database: Database, key: int) -> list[EventRecord]:
    """The events of an execution, in order."""
    return [EventRecord(*row) for row in database.rows(_EVENTS, (key,))]


def goes_on(database: Database, key: int) -> bool:
    """Whether something will go on with an execution, be it an answer from outside."""
    row = database.row(_GOES_ON, (key,))
    return bool(row and row[0])


def has_timers(database: Database, key: int) -> bool:
    """Whether anything of an execution is timed."""
    return database.row("SELECT 1 FROM timers WHERE execution = ? LIMIT 1", (key,)) is not None


def _operation(*columns: Any) -> OperationRecord:
    id_, kind, parent_id, name, _, _, status, started_at, ended_at, *_ = columns
    *small, seal, given, callback_id, result, error = columns
    is_sealed = sealed(*small) == seal
    return OperationRecord(
        id_, kind, parent_id, status, name, started_at, ended_at, given, callback_id, result, error, is_sealed
    )

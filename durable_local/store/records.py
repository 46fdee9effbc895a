"""Rows as they stand, for whoever examines them; nothing is made of them."""

from collections.abc import Iterator
from typing import NamedTuple

from durable_local.store.database import Database


class ExecutionRecord(NamedTuple):
    """What an execution's row says of itself and its other rows."""

    key: int
    name: str
    status: str
    events: int
    operations: int
    chain: str


class OperationRecord(NamedTuple):
    """An operation; the result and the error of an execution stand elsewhere, but are told here."""

    id: str
    type: str
    parent_id: str | None
    status: str
    result: str | None
    error: str | None


class EventRecord(NamedTuple):
    """An event."""

    number: int
    type: str
    operation_id: str | None
    facts: str | None
    payload: str | None
    error: str | None


_OPERATIONS = """
SELECT id, type, parent_id, operations.status,
       iif(type = 'EXECUTION', outcomes.result, operations.result),
       iif(type = 'EXECUTION', outcomes.error, operations.error)
FROM operations LEFT JOIN outcomes ON outcomes.execution = operations.execution
WHERE operations.execution = ? ORDER BY position
"""
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
        query = "SELECT key, name, status, events, operations, chain FROM executions WHERE key = ?"
        yield from (ExecutionRecord(*row) for row in database.rows(query, (key,)))


def operations(database: Database, key: int) -> list[OperationRecord]:
    """The operations of an execution, in the order of their start."""
    return [OperationRecord(*row) for row in database.rows(_OPERATIONS, (key,))]


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

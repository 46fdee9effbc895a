"""Rows of events."""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from durable.model import ErrorObject
from durable.wire import from_milliseconds, milliseconds
from durable_local.history import Event
from durable_local.store.columns import ERROR_BEGINNING, error_beginning, error_object, error_text
from durable_local.store.database import Database
from durable_local.store.executions import ExecutionRow

_INSERT = (
    "INSERT INTO events (execution, number, type, at, operation_id, facts, payload, error) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_SELECT = """
SELECT event.number, event.type, event.at, event.operation_id, operation.name, operation.sub_type,
       operation.parent_id, event.payload, event.error, event.facts
FROM events AS event LEFT JOIN operations AS operation
    ON operation.execution = event.execution AND operation.id = event.operation_id
WHERE event.execution = ?
"""
_ROWS = (
    "SELECT execution, number, type, at, operation_id, facts, payload, error FROM events "
    "WHERE execution = ? ORDER BY number"
)
_LINK_BYTES = 16
_FORWARD = f"{_SELECT} AND event.number > ? ORDER BY event.number LIMIT ?"
_BACKWARD = f"{_SELECT} AND event.number < ? ORDER BY event.number DESC LIMIT ?"
_WITHOUT_PAYLOADS = _SELECT.replace("event.payload", "NULL")
_SMALL = (
    _WITHOUT_PAYLOADS.replace("event.error", ERROR_BEGINNING.replace("error", "event.error", 1))
    + " AND event.number > ? ORDER BY event.number LIMIT ?"
)
_OF_ONE = _WITHOUT_PAYLOADS.replace("= ?", "= (SELECT key FROM executions WHERE arn = ?)")
_OF_OPERATION = f"{_OF_ONE} AND event.operation_id = ? ORDER BY event.number"


def append(database: Database, row: ExecutionRow, key: int, events: Sequence[Event]) -> None:
    """Store the events of an execution that follow those stored, and lengthen its chain."""
    rows = [(key, number, *_columns(event)) for number, event in enumerate(events, row.events + 1)]
    database.write_all(_INSERT, rows)
    row.events += len(rows)
    for columns in rows:
        row.chain = _link(row.chain, columns)


def chain(database: Database, key: int) -> str:
    """The chain of an execution as its stored events make it."""
    link = ""
    for columns in database.rows(_ROWS, (key,)):
        link = _link(link, columns)
    return link


def _link(before: str, columns: tuple[Any, ...]) -> str:
    text = f"{before}{columns!r}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=_LINK_BYTES).hexdigest()


def page(
    database: Database, execution: int, after: int, limit: int, *, backward: bool = False
) -> list[tuple[int, Event]]:
    """Numbered events after (or, going backward, before) a number."""
    return [_numbered(*row) for row in database.rows(_BACKWARD if backward else _FORWARD, (execution, after, limit))]


def small_page(database: Database, execution: int, after: int, limit: int) -> list[tuple[int, Event]]:
    """The same without payloads, and with no more of errors than the beginning of what they say."""
    return [_numbered(*row, read=error_beginning) for row in database.rows(_SMALL, (execution, after, limit))]


def of_operation(database: Database, arn: str, operation_id: str) -> list[tuple[int, Event]]:
    """The numbered events of one operation of an execution, without payloads."""
    return [_numbered(*row) for row in database.rows(_OF_OPERATION, (arn, operation_id))]


def _numbered(
    number: int, kind: str, at: int, *rest: str | None, read: Callable[[str | None], ErrorObject | None] = error_object
) -> tuple[int, Event]:
    operation_id, name, sub_type, parent_id, payload, error, facts = rest
    named = operation_id, name, sub_type, parent_id
    told = json.loads(facts) if facts else {}
    return number, Event(kind, from_milliseconds(at), *named, payload, read(error), told)


def _columns(event: Event) -> tuple[Any, ...]:
    facts = json.dumps(event.facts) if event.facts else None
    return (
        event.type,
        milliseconds(event.at),
        event.operation_id,
        facts,
        event.payload,
        error_text(event.error),
    )

"""Rows of events."""

import json

from durable.wire import from_milliseconds, milliseconds
from durable_local.history import Event
from durable_local.store.columns import error_object, error_text
from durable_local.store.database import Database

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
_FORWARD = f"{_SELECT} AND event.number > ? ORDER BY event.number LIMIT ?"
_BACKWARD = f"{_SELECT} AND event.number < ? ORDER BY event.number DESC LIMIT ?"


def append(database: Database, execution: int, number: int, event: Event) -> None:
    """Store the next event of an execution."""
    facts = json.dumps(event.facts) if event.facts else None
    identity = (execution, number, event.type, milliseconds(event.at), event.operation_id)
    database.write(_INSERT, (*identity, facts, event.payload, error_text(event.error)))


def page(
    database: Database, execution: int, after: int, limit: int, *, backward: bool = False
) -> list[tuple[int, Event]]:
    """Numbered events after (or, going backward, before) a number."""
    rows = database.rows(_BACKWARD if backward else _FORWARD, (execution, after, limit))
    return [
        (
            number,
            Event(
                kind,
                from_milliseconds(at),
                operation_id,
                name,
                sub_type,
                parent_id,
                payload,
                error_object(error),
                json.loads(facts) if facts else {},
            ),
        )
        for number, kind, at, operation_id, name, sub_type, parent_id, payload, error, facts in rows
    ]

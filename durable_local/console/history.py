"""The page of an execution's history: its events, so many at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from durable.model import ErrorObject
from durable_local.console import addresses
from durable_local.console.page import Asked, Sheet
from durable_local.errors import InvalidParameterValueError, ResourceNotFoundError
from durable_local.history import Event
from durable_local.runtime import LocalRuntime
from durable_local.store import events
from durable_local.store import executions as rows

EVENTS = 100

_UNTOLD = {"RequestId", "CallbackId"}
"""One tells people nothing, the other is a secret."""
_LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """A row of the page."""

    number: int
    type: str
    at: datetime
    operation_id: str | None
    name: str | None
    details: str
    error: ErrorObject | None


def history(runtime: LocalRuntime, path: Asked, query: Asked) -> Sheet:
    """The events of an execution after the number in the query."""
    database, after = runtime.journals.database, _number(query.get("after", "0"))
    row = rows.by_name(database, path["name"])
    if row is None:
        raise ResourceNotFoundError(f"There is no execution {path['name'][:100]}")
    found = events.small_page(database, row.key or 0, after, EVENTS)
    last = found[-1][0] if found else after
    values = {
        "name": row.name,
        "operation_id": row.operation_id,
        "events": [told(number, event) for number, event in found],
        "count": row.events,
        "first": addresses.events(row.name) if after else None,
        "next": addresses.events(row.name, last) if last < row.events else None,
    }
    return Sheet("history.html", values)


def told(number: int, event: Event) -> ToldEvent:
    """An event in one row; no payloads."""
    details = " · ".join(_details(event.facts))
    return ToldEvent(number, event.type, event.at, event.operation_id, event.name, details, event.error)


def _details(facts: Mapping[str, Any]) -> Iterator[str]:
    for member, value in facts.items():
        if isinstance(value, Mapping):
            yield from _details(value)
        elif member not in _UNTOLD and not member.endswith("Timestamp"):
            yield f"{member} {value}"


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER:
        return int(text)
    raise InvalidParameterValueError(f"There is no event after {text[:100]!r}; begin with the first one")

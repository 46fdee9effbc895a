"""The page of all executions: newest first, filtered, and as much as fits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from durable.wire import from_milliseconds
from durable_local.console import addresses
from durable_local.console.page import Asked, Sheet
from durable_local.errors import InvalidParameterValueError
from durable_local.runtime import LocalRuntime
from durable_local.store import listing
from durable_local.store.columns import moment
from durable_local.store.database import Database
from durable_local.store.listing import Filter, ListedRow

ROWS = 50
STATUSES = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED")

_MARKER = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the page."""

    name: str
    function: str
    status: str
    started: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Tab:
    """A status to choose, or none for all, and how many executions have it; nobody counts those of part of a name."""

    status: str
    count: int | None
    address: str


def executions(endpoint: str, runtime: LocalRuntime, _path: Asked, query: Asked) -> Sheet:
    """The executions that the query asks for, from the one after its marker on."""
    chosen = Filter(query.get("function", ""), query.get("status", ""), query.get("name", "").strip())
    marker = query.get("after", "")
    database = runtime.journals.database
    rows = listing.page(database, chosen, _position(marker), ROWS + 1)
    older = _address(chosen, f"{rows[ROWS - 1].started_at}.{rows[ROWS - 1].key}") if len(rows) > ROWS else None
    values = {
        "rows": [_listed(row) for row in rows[:ROWS]],
        "chosen": chosen,
        "functions": sorted({*listing.functions(database), *runtime.functions, *filter(None, [chosen.function])}),
        "endpoint": endpoint,
        "hosted": sorted(runtime.functions),
        "tabs": list(_tabs(database, chosen)),
        "newest": _address(chosen) if marker else None,
        "older": older,
        "now": runtime.journals.clock.now(),
    }
    return Sheet("executions.html", values)


def _tabs(database: Database, chosen: Filter) -> Iterator[Tab]:
    counts = None if chosen.part else listing.counts(database, chosen.function)
    for status in ("", *STATUSES):
        count = None if counts is None else counts.get(status, 0) if status else sum(counts.values())
        yield Tab(status, count, _address(replace(chosen, status=status)))


def _listed(row: ListedRow) -> Listed:
    return Listed(row.name, row.function, row.status, from_milliseconds(row.started_at), moment(row.ended_at))


def _address(chosen: Filter, after: str = "") -> str:
    return addresses.executions(function=chosen.function, status=chosen.status, name=chosen.part, after=after)


def _position(marker: str) -> tuple[int, int] | None:
    if not marker:
        return None
    if found := _MARKER.fullmatch(marker):
        return int(found[1]), int(found[2])
    raise InvalidParameterValueError(f"There is no page after {marker[:100]!r}; begin with the newest executions")

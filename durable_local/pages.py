"""Operations in pages: those that replay needs, and those that have changed.

A marker names the order and the last row of the page before: `p7` goes on after position 7 in the order of
starts, `s7` after change 7 in the order of changes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from durable.model import Operation
from durable_local.errors import InvalidParameterValueError
from durable_local.journal import ExecutionJournal
from durable_local.store import operations

PAGE_BYTES = 5 * 1024 * 1024
"""How much of payloads and errors one page holds; it is never empty for that."""
PAGE_ITEMS = 1_000
DEFAULT_ITEMS = 100

_MARKER = re.compile(r"([ps])(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Page:
    """Some operations, and the marker at which the rest begins."""

    operations: Sequence[Operation]
    next_marker: str | None = None


def first_page(journal: ExecutionJournal) -> Page:
    """The beginning of what an invocation needs for replay."""
    return _page("p", operations.visible(*journal.stored(), 0, PAGE_ITEMS + 1), PAGE_ITEMS)


def changes_after(journal: ExecutionJournal, sequence: int, items: int = PAGE_ITEMS) -> Page:
    """The operations changed after a change, in the order of their changes."""
    if sequence == journal.began_at:
        return _page("s", list(journal.changed.values()), items)
    if sequence < journal.row.heard:
        return _page("s", operations.changed(*journal.stored(), sequence, items + 1), items)
    # What an invocation has changed itself it was told at once, so the rest came from outside.
    before = operations.changed_outside(journal.database, journal.key, sequence, items + 1)
    unchanged = [each for each in before if each[1].operation_id not in journal.changed]
    return _page("s", [*unchanged, *journal.changed.values()], items)


def page_at(journal: ExecutionJournal, marker: str, items: int) -> Page:
    """The page that a marker names, the first for an empty one; 0 items is the default number."""
    found = _MARKER.fullmatch(marker or "p0")
    if found is None:
        raise InvalidParameterValueError(f"Marker {marker[:100]!r} is not one that this service has given")
    if not 0 <= items <= PAGE_ITEMS:
        raise InvalidParameterValueError(f"MaxItems is {items}; it must lie between 0 and {PAGE_ITEMS}")
    items, after = items or DEFAULT_ITEMS, int(found[2])
    if found[1] == "s":
        return changes_after(journal, after, items)
    return _page("p", operations.visible(*journal.stored(), after, items + 1), items)


def _page(order: str, numbered: Sequence[tuple[int, Operation]], items: int) -> Page:
    taken: list[Operation] = []
    size, last = 0, 0
    for number, operation in numbered[:items]:
        size += _weight(operation)
        if taken and size > PAGE_BYTES:
            break
        taken.append(operation)
        last = number
    return Page(taken, f"{order}{last}" if len(taken) < len(numbered) else None)


def _weight(operation: Operation) -> int:
    given = operation.execution_details.input_payload if operation.execution_details else None
    error = operation.error.message or "" if operation.error else ""
    return len(operation.result or "") + len(given or "") + len(error)

"""Operations in pages, those that replay needs and those that have changed; and a history in pages.

A marker of operations names the order and the last row of the page before: `p7` goes on after position 7 in the order
of starts, `s7` after change 7 in the order of changes. That of a history is the number of the last event.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from durable.model import Operation
from durable.wire import json_length
from durable_local.errors import InvalidParameterValueError
from durable_local.history import Event, shown
from durable_local.journal import ExecutionJournal
from durable_local.store import events, operations
from durable_local.store.columns import error_text

T = TypeVar("T")

PAGE_BYTES = 5 * 1024 * 1024
"""How much of payloads and errors one page holds, in bytes of JSON; it is never empty for that. With all the small
members of its operations or events it stays below the 6 MB of a response."""
PAGE_ITEMS = 1_000
DEFAULT_ITEMS = 100

_MARKER = re.compile(r"([ps])(\d{1,18})")
_EVENT_MARKER = re.compile(r"\d{1,9}")
_EVENTS_AT_ONCE = 50
_LAST = 2**62


@dataclass(frozen=True, slots=True)
class Page:
    """Some operations, and the marker at which the rest begins."""

    operations: Sequence[Operation]
    next_marker: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some events as the API tells them, and the marker at which the rest begins."""

    events: Sequence[Mapping[str, Any]]
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
        raise _unknown(marker)
    items, after = _number_of_items(items), int(found[2])
    if found[1] == "s":
        return changes_after(journal, after, items)
    return _page("p", operations.visible(*journal.stored(), after, items + 1), items)


def history_page(
    journal: ExecutionJournal, marker: str, items: int, *, backward: bool = False, include_execution_data: bool = True
) -> HistoryPage:
    """The page that a marker names, the first or, going backward, the last for an empty one; 0 items is the default."""
    if marker and not _EVENT_MARKER.fullmatch(marker):
        raise _unknown(marker)
    numbered = _events(journal, int(marker or (_LAST if backward else 0)), backward=backward)
    told = ((number, shown(event, number, include_execution_data=include_execution_data)) for number, event in numbered)
    taken, last = _fitting(told, _number_of_items(items), lambda event: len(json.dumps(event)))
    return HistoryPage(taken, str(last) if last else None)


def _events(journal: ExecutionJournal, after: int, *, backward: bool) -> Iterator[tuple[int, Event]]:
    """The numbered events after a number, read as they are needed: a thousand may hold hundreds of megabytes."""
    while some := events.page(journal.database, journal.key, after, _EVENTS_AT_ONCE, backward=backward):
        yield from some
        after = some[-1][0]


def _page(order: str, numbered: Sequence[tuple[int, Operation]], items: int) -> Page:
    taken, last = _fitting(numbered, items, _weight)
    return Page(taken, f"{order}{last}" if last else None)


def _fitting(numbered: Iterable[tuple[int, T]], items: int, weight: Callable[[T], int]) -> tuple[list[T], int | None]:
    """What fits into a page, and the number of the last of these if there are more."""
    taken: list[T] = []
    size, last = 0, 0
    for number, each in numbered:
        size += weight(each)
        if taken and (len(taken) == items or size > PAGE_BYTES):
            return taken, last
        taken.append(each)
        last = number
    return taken, None


def _weight(operation: Operation) -> int:
    given = operation.execution_details.input_payload if operation.execution_details else None
    told = json_length(operation.result or given or "")
    return told if operation.error is None else told + json_length(error_text(operation.error) or "")


def _number_of_items(asked: int) -> int:
    if not 0 <= asked <= PAGE_ITEMS:
        raise InvalidParameterValueError(f"MaxItems is {asked}; it must lie between 0 and {PAGE_ITEMS}")
    return asked or DEFAULT_ITEMS


def _unknown(marker: str) -> InvalidParameterValueError:
    return InvalidParameterValueError(f"Marker {marker[:100]!r} is not one that this service has given")

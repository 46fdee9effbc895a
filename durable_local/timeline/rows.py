"""The timeline of an execution: rows of spans, those that go on without an end; no output."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from durable.model import Operation
from durable_local.timeline.invocations import invocations_of
from durable_local.timeline.outline import Node, Omission, rows, tree
from durable_local.timeline.spans import Doing, Json, Span, spans_of
from durable_local.wording import duration, label

_FINEST = 1_000
"""Into how many parts the time of a row for many is told apart: thousands of bars on one line are nothing to see."""


@dataclass(frozen=True, slots=True)
class Row:
    """An operation, or several that are only counted, at a depth."""

    depth: int
    label: str
    took: str
    spans: Sequence[Span]
    operation: Operation | None = None
    """None for several."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """An execution from its start to its end, or to now."""

    began: datetime
    ended: datetime
    rows: Sequence[Row]
    invocations: Sequence[Span]

    @property
    def doings(self) -> list[Doing]:
        """What there is in the rows, in the order of their declaration."""
        used = {span.doing for row in self.rows for span in row.spans}
        return [each for each in Doing if each in used]


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of an execution: its operations, its events with datetimes for moments, and what time it is."""

    operations: Sequence[Operation]
    events: Sequence[Json]
    now: datetime
    invoked: datetime | None = None
    """Since when its function runs, if it does and that is known."""


def timeline(began: datetime, ended: datetime | None, told: Told, *, complete: bool) -> Timeline:
    """The timeline of an execution that has begun and ended at these moments; long rows of like ones are cut short."""
    spans, last = spans_of(told.events), ended or told.now
    drawn = rows(tree(told.operations), complete=complete)
    invocations = invocations_of(told.events, None if ended else told.invoked)
    return Timeline(began, last, [_row(depth, each, spans, (began, last)) for depth, each in drawn], invocations)


def _row(
    depth: int, each: Node | Omission, spans: Mapping[str, Sequence[Span]], whole: tuple[datetime, datetime]
) -> Row:
    began, last = whole
    if isinstance(each, Omission):
        inside = [span for node in each.nodes for below in node.below() for span in _of(below, spans)]
        return Row(depth, f"… {len(each.nodes)} more", "", merged(inside, (last - began) / _FINEST, last))
    operation = each.operation
    took = "left open" if each.is_left_open else duration(operation.start_timestamp, each.over or last)
    return Row(depth, label(operation), took, list(_of(each, spans)), operation)


def _of(node: Node, spans: Mapping[str, Sequence[Span]]) -> Iterator[Span]:
    for span in spans.get(node.operation.operation_id, ()):
        yield replace(span, ended=span.ended or node.over)


def merged(spans: Iterable[Span], gap: timedelta, last: datetime) -> list[Span]:
    """The same with those united that do alike, and overlap or are so close to each other; what goes on ends last."""
    united: dict[Doing, list[Span]] = {}
    for span in sorted(spans, key=lambda span: span.began):
        alike, ended = united.setdefault(span.doing, []), span.ended or last
        before = alike[-1] if alike else None
        if before and before.ended and span.began <= before.ended + gap:
            alike[-1] = replace(before, ended=max(before.ended, ended), failed=before.failed or span.failed)
        else:
            alike.append(replace(span, ended=ended))
    return [span for doing in Doing for span in united.get(doing, ())]

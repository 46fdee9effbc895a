"""A timeline as a page draws it: its script stretches the bars, and without one they stand as they are sent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from durable.model import Operation
from durable_local.timeline.axis import Axis
from durable_local.timeline.bars import LEGEND
from durable_local.timeline.rows import Row, Timeline
from durable_local.timeline.spans import Doing, Span
from durable_local.wording import label

_DEEPEST = 8
"""How many levels are indented; deeper ones stand below each other."""
_NARROWEST = 0.2
_TEXTURED = {Doing.WAITS, Doing.RETRIES, Doing.REPLAYS}

Address = Callable[[Operation], str]


@dataclass(frozen=True, slots=True)
class Bar:
    """A span at a place, in percent; `at` has its begin and its end in milliseconds since the execution's."""

    doing: Doing
    left: float
    width: float
    at: str
    failed: bool
    is_open: bool

    @property
    def is_textured(self) -> bool:
        """Whether a texture tells it from others, beside its colour."""
        return self.doing in _TEXTURED

    @property
    def is_marked(self) -> bool:
        """Whether its end is: it failed there, or goes on."""
        return self.doing is not Doing.HOLDS and (self.failed or self.is_open)


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its bars."""

    label: str
    kind: str
    took: str
    depth: int
    bars: Sequence[Bar]
    status: str = ""
    address: str | None = None

    @property
    def is_context(self) -> bool:
        """Whether others are inside it."""
        return any(bar.doing is Doing.HOLDS for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Chart:
    """All lines, and what there is to know about them; the length is in milliseconds."""

    began: datetime
    length: int
    marks: Sequence[tuple[float, str]]
    lines: Sequence[Line]
    doings: Sequence[tuple[Doing, str]]
    is_open: bool


def chart(drawn: Timeline, address: Address) -> Chart:
    """A timeline whose rows lead to addresses."""
    axis = Axis(drawn.began, drawn.ended, 0, 100)
    lines = [*_invocations(drawn, axis), *(_line(row, axis, address) for row in drawn.rows)]
    used = {bar.doing for line in lines for bar in line.bars}
    return Chart(
        drawn.began,
        _milliseconds(drawn.began, drawn.ended),
        list(axis.marks()),
        lines,
        [(doing, LEGEND[doing]) for doing in Doing if doing in used],
        any(bar.is_open for line in lines for bar in line.bars),
    )


def _invocations(drawn: Timeline, axis: Axis) -> Iterator[Line]:
    if drawn.invocations:
        yield Line("invocations", "", "", 0, _bars(drawn.invocations, axis))


def _line(row: Row, axis: Axis, address: Address) -> Line:
    bars, depth = _bars(row.spans, axis), min(row.depth, _DEEPEST)
    operation = row.operation
    if operation is None:
        return Line(row.label, "", row.took, depth, bars, address="?all")
    kind = operation.sub_type or operation.operation_type
    kind = "" if kind == label(operation) else kind
    return Line(row.label, kind, row.took, depth, bars, operation.status, address(operation))


def _bars(spans: Sequence[Span], axis: Axis) -> list[Bar]:
    # A failure stays visible, however short.
    return [_bar(span, axis) for span in sorted(spans, key=lambda span: span.failed)]


def _bar(span: Span, axis: Axis) -> Bar:
    ended = span.ended or axis.ended
    left, right = axis.share(span.began), axis.share(ended)
    at = f"{_milliseconds(axis.began, span.began)} {_milliseconds(axis.began, ended)}"
    width = round(max(right - left, _NARROWEST / 100) * 100, 2)
    return Bar(span.doing, round(left * 100, 2), width, at, span.failed, span.ended is None)


def _milliseconds(began: datetime, moment: datetime) -> int:
    return round((moment - began).total_seconds() * 1000)

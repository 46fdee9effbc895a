"""Operations drawn in time: one bar each, told apart by its texture and not by colour alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console
from rich.text import Text

from durable_local.cli.wording import COLOURS
from durable_local.timeline.rows import Row, Timeline
from durable_local.timeline.spans import Doing, Span
from durable_local.wording import duration, mark

_BARS = {Doing.HOLDS: "─", Doing.WAITS: "░", Doing.RETRIES: "▒", Doing.RUNS: "█"}
_ASCII_BARS = {Doing.HOLDS: "-", Doing.WAITS: ".", Doing.RETRIES: "~", Doing.RUNS: "#"}
_STYLES = {Doing.HOLDS: "dim", Doing.WAITS: "blue", Doing.RETRIES: "yellow", Doing.RUNS: "green"}
_STRENGTH = list(_BARS)
"""Where several happen at once, the latest of these is drawn."""
_LEGEND = {Doing.RUNS: "runs", Doing.WAITS: "waits", Doing.RETRIES: "until it is tried again", Doing.HOLDS: "contains"}
_DURATION_WIDTH = 12
_NARROWEST_LABEL, _WIDEST_LABEL, _NARROWEST_CHART = 16, 48, 10


@dataclass(frozen=True, slots=True)
class Chart:
    """A stretch of time on so many columns."""

    began: datetime
    ended: datetime
    width: int

    def bar(self, spans: Iterable[Span], marks: Mapping[Doing, str]) -> Text:
        """The spans side by side; the shortest one has a column."""
        doings: list[Doing | None] = [None] * self.width
        for span in spans:
            first = self._column(span.began)
            last = max(first + 1, self._column(span.ended or self.ended, up=True))
            for column in range(first, min(last, self.width)):
                before = doings[column]
                if before is None or _STRENGTH.index(before) < _STRENGTH.index(span.doing):
                    doings[column] = span.doing
        return Text.assemble(*((marks[each], _STYLES[each]) if each else " " for each in doings))

    def _column(self, moment: datetime, *, up: bool = False) -> int:
        whole = max((self.ended - self.began).total_seconds(), 1e-6)
        exact = round((moment - self.began).total_seconds() / whole * self.width, 6)
        column = -int(-exact // 1) if up else int(exact)
        return min(max(column, 0), self.width if up else self.width - 1)


class Drawing:
    """Draws a timeline to the width of a console."""

    def __init__(self, console: Console, timeline: Timeline) -> None:
        self._console, self._timeline = console, timeline
        self._is_ascii = not console.encoding.lower().startswith("utf")
        self._marks = _ASCII_BARS if self._is_ascii else _BARS
        self._label = min(_WIDEST_LABEL, max(_NARROWEST_LABEL, console.width * 3 // 10))
        room = max(_NARROWEST_CHART, console.width - self._label - _DURATION_WIDTH - 3)
        self._chart = Chart(timeline.began, timeline.ended, room)

    def draw(self) -> None:
        """All bars, below the whole time and above what they mean."""
        self._line("", self._axis(), "")
        for row in self._timeline.rows:
            self._row(row)
        used = self._timeline.doings
        legend = (f"{self._marks[doing]} {words}" for doing, words in _LEGEND.items() if doing in used)
        self._line("", Text("   ".join(legend), style="dim"), "")

    def _axis(self) -> Text:
        whole = duration(self._chart.began, self._chart.ended)
        return Text("0" + whole.rjust(self._chart.width - 1), style="dim")

    def _row(self, row: Row) -> None:
        indent, bar = "  " * row.depth, self._chart.bar(row.spans, self._marks)
        if row.operation is None:
            self._line(self._plain(f"{indent}{row.label}"), bar, "", "dim")
            return
        sign = mark(row.operation.status)
        self._line(Text.assemble(indent, (self._plain(sign), COLOURS[sign]), " ", row.label), bar, row.took)

    def _plain(self, words: str) -> str:
        if not self._is_ascii:
            return words
        return words.translate({ord(sign): plain for sign, plain in _ASCII_MARKS.items()})

    def _line(self, name: Text | str, bar: Text, took: str, style: str = "") -> None:
        left = Text(style=style)
        left.append_text(name) if isinstance(name, Text) else left.append(name)
        left.truncate(self._label, overflow="crop" if self._is_ascii else "ellipsis", pad=True)
        line = Text.assemble(left, " ", bar, f" {took:>{_DURATION_WIDTH}}" if took else "")
        line.rstrip()
        self._console.print(line, no_wrap=True, crop=False, soft_wrap=True)


_ASCII_MARKS = {"…": ".", "↻": "~", "✓": "+", "✗": "x", "⊘": "/"}

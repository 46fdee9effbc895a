"""Shows progress: lines that move on a terminal, lines that are added elsewhere."""

from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from durable_local.cli.progress import Line
from durable_local.cli.wording import COLOURS, doings
from durable_local.wording import duration, mark

_WIDEST_LABEL = 40


class Display(AbstractContextManager["Display"], Protocol):
    """Where progress is shown."""

    def show(self, lines: list[Line], now: datetime) -> None:
        """Show the lines as they are now."""


def display_on(console: Console) -> Display:
    """The display that fits a console: a pipe gets no control codes."""
    return MovingDisplay(console) if console.is_terminal and not console.is_dumb_terminal else PlainDisplay(console)


class MovingDisplay(Display):
    """One row per line, with a spinner while it runs."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, auto_refresh=False, transient=False)
        self._spinners: dict[int, Spinner] = {}

    def __enter__(self) -> "MovingDisplay":
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, lines: list[Line], now: datetime) -> None:
        """Draw all lines anew, the latest if there are more than the screen has room for."""
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis", max_width=_WIDEST_LABEL)
        table.add_column(overflow="fold")
        table.add_column(justify="right", no_wrap=True, style="dim")
        room = max(1, self._live.console.height - 2)
        for number, line in list(enumerate(lines))[-room:]:
            label, elapsed = Text("  " * line.depth + line.label), duration(line.began, line.ended or now)
            table.add_row(self._mark(number, line), label, Text(doings(line, now)), elapsed)
        self._live.update(table, refresh=True)

    def _mark(self, number: int, line: Line) -> Spinner | Text:
        if not line.status.is_terminal and not line.delays:
            return self._spinners.setdefault(number, Spinner("dots", style="cyan"))
        sign = "↻" if line.delays else mark(line.status)
        return Text(sign, style=COLOURS[sign])


class PlainDisplay(Display):
    """A text line whenever something begins, waits or ends."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told: dict[int, str] = {}

    def __enter__(self) -> "PlainDisplay":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def show(self, lines: list[Line], now: datetime) -> None:
        """Tell what has changed since the last time."""
        for number, line in enumerate(lines):
            state = "ended" if line.status.is_terminal else "waits" if line.delays else "began"
            if self._told.get(number) == state:
                continue
            first_time = number not in self._told
            self._told[number] = state
            if state != "began" or first_time:
                self._console.print(self._text(line, state, now), highlight=False, markup=False, soft_wrap=True)

    def _text(self, line: Line, state: str, now: datetime) -> str:
        sign = mark(line.status) if state == "ended" else "…"
        took = duration(line.began, line.ended) if state == "ended" else ""
        parts = ["  " * line.depth + f"{sign} {line.label}", doings(line, now), took]
        return "  ".join(part for part in parts if part)

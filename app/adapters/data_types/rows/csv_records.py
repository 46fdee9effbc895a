"""Records of comma-separated values, where one that is broken costs no other."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from app.adapters.data_types.rows.unreadable import MOST_CHARACTERS, TOO_LONG

OPEN_QUOTE = csv.Error("unexpected end of data")
REASONS = {
    "unexpected end of data": "has a quote that is never closed",
    "',' expected after": "has text after a closing quote; double a quote that is part of a cell",
    "field larger than": f"has a cell of more than {csv.field_size_limit()} characters",
}


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line of which no record can be made, and why."""

    text: str
    reason: str


class LinesInHand(Iterator[str]):
    """Lines, of which those of the current record can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._last: str | None = None
        self._taken: list[str] = []
        self._size = 0

    def __next__(self) -> str:
        line = self._last or next(self._lines)
        self._last = None
        self._taken.append(line)
        self._size += len(line)
        if self._size > MOST_CHARACTERS:
            raise csv.Error(TOO_LONG)
        return line

    def begin_record(self) -> None:
        """Forget the lines of the record before."""
        self._taken.clear()
        self._size = 0

    def several(self) -> bool:
        """Whether the record has more than one line, so that a quote was open at the end of the first."""
        return len(self._taken) > 1

    def give_up(self) -> list[str]:
        """The lines of a record that went wrong; the last of several may begin a good one, and is taken again."""
        if self.several():
            self._last = self._taken.pop()
        return self._taken.copy()


def csv_records(lines: Iterator[str]) -> Iterator[list[str] | BrokenLine]:
    """Each record's cells, without blank lines.

    Where quotes do not close as they should, each line up to there is taken for a record of its own. So a document is
    read in time linear in its size, whatever it holds.
    """
    in_hand = LinesInHand(lines)
    reader = csv.reader(in_hand, strict=True)
    while True:
        in_hand.begin_record()
        try:
            record = next(reader, None)
        except csv.Error as error:
            told = _reason(OPEN_QUOTE if in_hand.several() else error)
            yield from _line_by_line(in_hand.give_up(), told)
            continue
        if record is None:
            return
        if not _is_blank(record):
            yield record


def _line_by_line(lines: list[str], reason: str) -> Iterator[list[str] | BrokenLine]:
    """The first line is broken for this reason; others were taken for parts of its last cell."""
    first, *others = lines
    yield BrokenLine(first.rstrip("\r\n"), reason)
    for line in others:
        try:
            record = next(csv.reader([line], strict=True))
        except csv.Error as error:
            yield BrokenLine(line.rstrip("\r\n"), _reason(error))
        else:
            if not _is_blank(record):
                yield record


def _is_blank(record: list[str]) -> bool:
    return len(record) < 2 and not "".join(record).strip()


def _reason(error: csv.Error) -> str:
    told = str(error)
    return next((reason for start, reason in REASONS.items() if told.startswith(start)), told)

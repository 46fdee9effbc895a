"""Where rows come from."""

from collections.abc import Iterator
from typing import Protocol


class SourceError(Exception):
    """The source cannot be read, and asking again will not help; the text says why."""


class SourceUnavailableError(SourceError):
    """The source cannot be read now; the same call may succeed later, `wait_seconds` from now if the source says so."""

    def __init__(self, told: str, wait_seconds: int = 0) -> None:
        super().__init__(told)
        self.wait_seconds = wait_seconds


class DataSource(Protocol):
    """Yields the rows of one data type, raw: one JSON text each, on one line, as it came.

    Rows are judged by the mapper alone, so exact numbers and broken rows pass through untouched.
    """

    def fetch(self) -> Iterator[str]:
        """Every row, in a stable order, read while they are taken."""
        ...

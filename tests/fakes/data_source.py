"""A data source whose rows a test writes down."""

from collections.abc import Iterable, Iterator, Sequence

from app.ports.data_source import DataSource


class WrittenSource(DataSource):
    """Yields these rows; each next fetch raises the next trouble after its rows, until there is none left."""

    def __init__(self, rows: Sequence[str], troubles: Iterable[Exception] = ()) -> None:
        self._rows = rows
        self._troubles = list(troubles)
        self.fetches = 0

    def fetch(self) -> Iterator[str]:
        self.fetches += 1
        yield from self._rows
        if self._troubles:
            raise self._troubles.pop(0)

"""Embedded stores: tables of SQLite whose errors are those of a port."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.adapters.technologies.sqlite import PATIENCE_SECONDS, transaction


@dataclass(frozen=True, slots=True)
class EmbeddedStore:
    """The tables of one port in a file; building it touches nothing."""

    path: Path
    what: str
    tables: Sequence[str]
    final: type[Exception]
    may_pass: type[Exception]
    patience_seconds: float = PATIENCE_SECONDS

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Read and write all or nothing."""
        try:
            with transaction(self.path, self.tables[0], self.patience_seconds) as database:
                for table in self.tables[1:]:
                    database.execute(table)
                yield database
        except sqlite3.OperationalError as error:  # locked, full, not to be opened: another moment may be better
            raise self.may_pass(f"Cannot use {self.what} in {self.path}: {error}") from error
        except (sqlite3.Error, OSError, ValueError) as error:
            raise self.final(f"Cannot use {self.what} in {self.path}: {error}") from error

"""The SQLite file: how it is opened, and the one way to write to it."""

import sqlite3
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 3
IN_MEMORY = ":memory:"

_BUSY_MILLISECONDS = 10_000


class StoreError(Exception):
    """The database cannot be used; the message names the file and what to do."""


class Durability(StrEnum):
    """What an acknowledged checkpoint survives.

    NORMAL: the death of the process. FULL: loss of power as well, for the price of one fsync per checkpoint.
    """

    NORMAL = "NORMAL"
    FULL = "FULL"


class Database:
    """One connection, shared by the threads of this process; other processes may have theirs."""

    def __init__(self, path: Path | str, durability: Durability = Durability.NORMAL) -> None:
        self.path = str(path)
        self._lock = threading.RLock()
        self._depth = 0
        self.failure: StoreError | None = None
        """Why the latest transaction could not be kept, if it could not."""
        if self.path != IN_MEMORY:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._open(durability)
        except sqlite3.Error as error:
            raise StoreError(f"{self.path} cannot be opened as a database: {error}") from error
        # Who lets go of the database need not think of its file.
        self._give_back = weakref.finalize(self, self._connection.close)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all or nothing; the one writer at a time. Nested uses join the outer transaction."""
        with self._lock:
            if self._depth:
                yield
                return
            self._begin()
            try:
                yield
                self._connection.execute("COMMIT")
                self.failure = None
            except sqlite3.Error as error:
                self._roll_back()
                self.failure = StoreError(f"{self.path}: {error}; nothing of this change was kept")
                raise self.failure from error
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth = 0

    def write(self, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
        """Run a statement inside a transaction."""
        return self._connection.execute(sql, values)

    def write_all(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        """Run a statement inside a transaction, once for each of the values."""
        self._connection.executemany(sql, values)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, if there is one."""
        with self._lock:
            row: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
            return row

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._give_back()

    def _begin(self) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise StoreError(f"{self.path}: {error}; does another process hold it?") from error
        self._depth = 1

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _open(self, durability: Durability) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
            # WAL lets other processes read while one writes, and makes a commit one append.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {durability}")
            connection.execute("PRAGMA foreign_keys = ON")
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            version = _create(connection)
        if version != SCHEMA_VERSION:
            raise StoreError(
                f"{self.path} has schema version {version}, this program needs {SCHEMA_VERSION}; "
                "use the program's version that wrote it, or another --database"
            )


def _create(connection: sqlite3.Connection) -> int:
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        for statement in _statements():
            connection.execute(statement)
        version = SCHEMA_VERSION
        connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("COMMIT")
    return int(version)


def _statements() -> list[str]:
    script = files("durable_local.store").joinpath("schema.sql").read_text(encoding="utf-8")
    lines = [line.partition("--")[0] for line in script.splitlines()]
    return [statement for statement in "\n".join(lines).split(";") if statement.strip()]

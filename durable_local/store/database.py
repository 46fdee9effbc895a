"""The SQLite file, and the one way to write to it: changes that come together share a commit."""

import logging
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from durable_local.store.opening import IN_MEMORY, SCHEMA_VERSION, UNREADABLE, Durability, StoreError, connect, hold
from durable_local.store.witness import NOTHING, Witness

__all__ = ["IN_MEMORY", "NOTHING", "SCHEMA_VERSION", "Database", "Durability", "StoreError"]

_MOST_TOGETHER = {Durability.PROCESS: 1, Durability.POWER: 64}
"""How many changes share a commit: as many as wait for it where it takes an fsync. Without, waiting costs more."""

_log = logging.getLogger(__name__)


class _Commit:
    """A commit to come, and those who wait for it."""

    def __init__(self) -> None:
        self.changes = 0
        self.noted: tuple[int, int] | None = None
        self._failure: StoreError | None = None
        self._made = threading.Lock()
        self._made.acquire()

    def end(self, failure: StoreError | None = None) -> None:
        """Let those who wait go on."""
        self._failure = failure
        self._made.release()

    def wait(self) -> None:
        """Come back when it is made; raises StoreError if it could not be."""
        with self._made:
            pass
        if self._failure:
            raise StoreError(str(self._failure)) from self._failure


class Database:
    """One connection, shared by the threads of this process; other processes may have theirs."""

    def __init__(self, path: Path | str, durability: Durability = Durability.PROCESS) -> None:
        self.path = str(path)
        self._connection = connect(self.path, durability)
        self._most_together = _MOST_TOGETHER[durability]
        self._witness = None if self.path == IN_MEMORY else Witness(f"{self.path}-witness")
        self._held: sqlite3.Connection | None = None
        self._lock, self._counting = threading.RLock(), threading.Lock()
        self.waiting = 0
        """How many threads wait to write."""
        self.commits = 0
        """How many commits have been made."""
        self._undone = 0
        self._writer: int | None = None
        self._noted: tuple[int, int] | None = None
        self._commit: _Commit | None = None
        # Who lets go of the database need not think of its file.
        self._give_back = weakref.finalize(self, self._connection.close)
        self._look_for_losses()

    def hold(self, *, alone: bool) -> None:
        """Keep others from running executions of this file, or only those who would do it alone.

        Raises StoreError if one of them does.
        """
        if self.path == IN_MEMORY or (self._held and not alone):
            return
        if self._held:
            self._held.close()
        self._held = hold(self.path, alone=alone)
        weakref.finalize(self, self._held.close)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all or nothing; it is kept when this is left. Nested uses join the outer transaction.

        One thread writes at a time. One that finds others waiting to write leaves the commit to the last of them,
        and all of them go on once it is made.
        """
        if self._writer == threading.get_ident():
            yield
            return
        self._arrive()
        try:
            commit = self._join()
            try:
                yield
            except BaseException as error:
                self._undo(commit, error)
                raise
            self._keep(commit)
        finally:
            self._writer = None
            if self._commit and (not self.waiting or self._commit.changes >= self._most_together):
                self._make(self._commit)
            self._lock.release()
        commit.wait()

    def note(self, key: int, writes: int) -> None:
        """Have the transaction remembered, once it is kept, by how many times it has written an execution."""
        self._noted = key, writes

    def version(self) -> tuple[int, int]:
        """Inside a transaction: changes when another process has written, or when something was undone.

        While it stays, what this process has read and written still stands.
        """
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return version, self._undone

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read everything as of one moment; other processes may write meanwhile."""
        with self._lock:
            self._make_what_is_read()
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    def write(self, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
        """Run a statement inside a transaction."""
        return self._connection.execute(sql, values)

    def write_all(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        """Run a statement inside a transaction, once for each of the values."""
        self._connection.executemany(sql, values)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock:
            self._make_what_is_read()
            try:
                return self._connection.execute(sql, values).fetchall()
            except UNREADABLE as error:
                raise StoreError(f"{self.path} cannot be read: {error}; `durable doctor` tells more") from error

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, if there is one; the query should end there."""
        return next(iter(self.rows(sql, values)), None)

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._give_back()
            if self._held:
                self._held.close()
            if self._witness:
                self._witness.close()

    def _arrive(self) -> None:
        if self._lock.acquire(blocking=False):
            return
        with self._counting:
            self.waiting += 1
        try:
            self._lock.acquire()
        finally:
            with self._counting:
                self.waiting -= 1

    def _join(self) -> _Commit:
        if self._commit:
            self._connection.execute("SAVEPOINT change")
        else:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise StoreError(f"{self.path}: {error}; does another process hold it?") from error
            self._commit = _Commit()
        self._writer, self._noted = threading.get_ident(), None
        return self._commit

    def _keep(self, commit: _Commit) -> None:
        if commit.changes:
            self._connection.execute("RELEASE change")
        commit.changes += 1
        commit.noted = self._noted or commit.noted

    def _undo(self, commit: _Commit, error: BaseException) -> None:
        failure = StoreError(f"{self.path}: {error}; nothing of this change was kept")
        self._undone += 1
        if commit.changes and self._connection.in_transaction:
            self._connection.execute("ROLLBACK TO change")
            self._connection.execute("RELEASE change")
        else:
            self._roll_back(commit, failure)
        if isinstance(error, sqlite3.Error):
            raise failure from error

    def _make(self, commit: _Commit) -> None:
        self._commit = None
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back(commit, StoreError(f"{self.path}: {error}; nothing of this change was kept"))
            return
        if self._witness and commit.noted:
            self._witness.write(*commit.noted)
        self.commits += 1
        commit.end()

    def _roll_back(self, commit: _Commit, failure: StoreError) -> None:
        # Where the disk is full, SQLite has done it already.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._undone += 1
        self._commit = None
        commit.end(failure)

    def _make_what_is_read(self) -> None:
        if self._commit and self._writer is None:
            self._make(self._commit)

    def _look_for_losses(self) -> None:
        remembered = self._witness.read() if self._witness else None
        if remembered is None:
            return
        key, writes = remembered
        found = (self.row("SELECT writes FROM executions WHERE key = ?", (key,)) or (0,))[0]
        if found >= writes:
            return
        with self.transaction():
            self.write("INSERT INTO losses (execution, acknowledged, found) VALUES (?, ?, ?)", (key, writes, found))
        _log.warning("%s lacks changes that were acknowledged before; `durable doctor` tells more", self.path)
        if self._witness:
            self._witness.write(key, found)

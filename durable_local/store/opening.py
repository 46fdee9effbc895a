"""How the SQLite file is opened: its settings, its schema, and who may have it."""

import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

SCHEMA_VERSION = 6
IN_MEMORY = ":memory:"

_BUSY_MILLISECONDS = 10_000
_PAGES_BETWEEN_WRITE_BACKS = 4_000
"""How far the WAL grows before it is written back to the file, which takes two fsyncs: 16 MB."""


UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What reading a damaged file raises; the latter where even the message of the former is damaged."""


class StoreError(Exception):
    """The database cannot be used; the message names the file and what to do."""


class Durability(StrEnum):
    """What an acknowledged checkpoint survives: the death of the process, or the loss of power as well."""

    PROCESS = "process"
    POWER = "power"


_SYNCHRONOUS = {Durability.PROCESS: "NORMAL", Durability.POWER: "FULL"}


def connect(path: str, durability: Durability) -> sqlite3.Connection:
    """Open a file and prepare it, if it is new; raises StoreError if it cannot be used."""
    if path != IN_MEMORY:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            _set_up(connection, durability)
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    except UNREADABLE as error:
        raise StoreError(f"{path} cannot be opened as a database: {error}") from error
    return connection


def hold(path: str, *, alone: bool) -> sqlite3.Connection:
    """Hold a file until the answer is closed or the process ends: alone, or beside others who do not hold it alone.

    Held is a file beside it, so that everybody can still read. Raises StoreError if others hold it.
    """
    connection = sqlite3.connect(f"{path}-lock", isolation_level=None, check_same_thread=False, timeout=0)
    try:
        connection.execute("BEGIN EXCLUSIVE" if alone else "BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError as error:
        connection.close()
        raise StoreError(
            f"Executions of {path} are being run by another process; end it, or use another --database"
        ) from error
    return connection


def _set_up(connection: sqlite3.Connection, durability: Durability) -> None:
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    # WAL lets other processes read while one writes, and makes a commit one append.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_BETWEEN_WRITE_BACKS}")
    connection.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[durability]}")
    connection.execute("PRAGMA foreign_keys = ON")


def _prepare(connection: sqlite3.Connection, path: str) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        version = _create(connection)
    if version != SCHEMA_VERSION:
        raise StoreError(
            f"{path} has schema version {version}, this program needs {SCHEMA_VERSION}; "
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


def _statements() -> Iterator[str]:
    script = files("durable_local.store").joinpath("schema.sql").read_text(encoding="utf-8")
    statement = ""
    for line in script.splitlines():
        statement += line.partition("--")[0] + "\n"
        if sqlite3.complete_statement(statement):  # a trigger has semicolons inside
            yield statement
            statement = ""

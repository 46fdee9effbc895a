import sqlite3
from pathlib import Path

import pytest

from app.adapters.technologies.sqlite import transaction

SCHEMA = "CREATE TABLE IF NOT EXISTS notes (text TEXT NOT NULL) STRICT"


def notes(path: Path) -> list[str]:
    with transaction(path, SCHEMA) as database:
        return [text for (text,) in database.execute("SELECT text FROM notes ORDER BY rowid")]


def note(path: Path, *texts: str | None) -> None:
    with transaction(path, SCHEMA) as database:
        for text in texts:
            database.execute("INSERT INTO notes VALUES (?)", (text,))


def test_what_one_transaction_has_written_the_next_one_reads(tmp_path: Path) -> None:
    note(tmp_path / "new" / "notes.sqlite", "one", "two")

    assert notes(tmp_path / "new" / "notes.sqlite") == ["one", "two"]


def test_a_transaction_that_raises_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    note(path, "one")

    with pytest.raises(sqlite3.IntegrityError):
        note(path, "two", None)

    assert notes(path) == ["one"]


def test_two_transactions_follow_each_other(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"

    with transaction(path, SCHEMA) as database:
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
        database.execute("INSERT INTO notes VALUES ('one')")

    assert notes(path) == ["one"]

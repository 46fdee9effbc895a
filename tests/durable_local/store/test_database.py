import sqlite3
import threading
from pathlib import Path

import pytest

from durable_local.store.database import IN_MEMORY, SCHEMA_VERSION, Database, Durability, StoreError

EXECUTION = "INSERT INTO executions (arn, name, function, operation_id, started_at, status) VALUES"
INSERT = f"{EXECUTION} (?, ?, 'f', ?, 0, '')"
ONE = ("arn-1", "one", "e")


def names(database: Database) -> list[str]:
    return [row[0] for row in database.rows("SELECT name FROM executions ORDER BY name")]


def test_what_a_transaction_wrote_is_there_after_reopening(tmp_path: Path) -> None:
    database = Database(tmp_path / "deep" / "journal.sqlite")
    with database.transaction():
        database.write(INSERT, ONE)
    database.close()

    assert names(Database(tmp_path / "deep" / "journal.sqlite")) == ["one"]


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()])
def test_a_transaction_that_is_left_by_an_error_keeps_nothing(error: BaseException) -> None:
    database = Database(IN_MEMORY)

    def interrupted() -> None:
        with database.transaction():
            database.write(INSERT, ONE)
            raise error

    with pytest.raises(type(error)):
        interrupted()

    assert names(database) == []


def test_a_nested_transaction_is_part_of_the_outer_one() -> None:
    database = Database(IN_MEMORY)

    def interrupted() -> None:
        with database.transaction():
            with database.transaction():
                database.write(INSERT, ONE)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        interrupted()

    assert names(database) == []


def test_threads_take_turns_to_write(tmp_path: Path) -> None:
    database = Database(tmp_path / "journal.sqlite")

    def write(number: int) -> None:
        for item in range(20):
            with database.transaction():
                database.write(INSERT, (f"arn-{number}-{item}", f"{number}-{item}", "e"))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert len(names(database)) == 160


def test_a_row_that_breaks_a_rule_undoes_the_whole_change() -> None:
    database = Database(IN_MEMORY)

    def broken() -> None:
        with database.transaction():
            database.write(INSERT, ONE)
            database.write(INSERT, ("arn-2", "two", ""))

    with pytest.raises(StoreError, match="nothing of this change was kept"):
        broken()

    assert names(database) == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO operations (execution, id, sequence, type, status) VALUES (1, '', 1, 'STEP', 'STARTED')",
        "INSERT INTO operations (execution, id, sequence, type, status) VALUES (9, 's', 1, 'STEP', 'STARTED')",
        "INSERT INTO timers (execution, operation_id, kind, due_at, seconds) VALUES (1, '', 'OPERATION', 0, 0)",
        f"{EXECUTION} ('', 'two', 'f', 'e', 0, '')",
        f"{EXECUTION} ('arn-2', 'one', 'f', 'e', 0, '')",
    ],
)
def test_empty_ids_strangers_and_doubles_are_refused(statement: str) -> None:
    database = Database(IN_MEMORY)
    with database.transaction():
        database.write(INSERT, ONE)

    with pytest.raises(StoreError, match="constraint failed"), database.transaction():
        database.write(statement, ())


def test_a_database_of_another_schema_version_is_refused_with_both_versions(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 41}")
    connection.close()

    with pytest.raises(StoreError, match=rf"schema version {SCHEMA_VERSION + 41}, this program needs {SCHEMA_VERSION}"):
        Database(path)


def test_a_file_that_is_no_database_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, and longer than the header of one, so that nobody takes it for empty\n" * 20)

    with pytest.raises(StoreError, match=r"notes\.txt cannot be opened as a database"):
        Database(path)


@pytest.mark.parametrize(("durability", "synchronous"), [(Durability.NORMAL, 1), (Durability.FULL, 2)])
def test_durability_is_sqlites_synchronous_setting(tmp_path: Path, durability: Durability, synchronous: int) -> None:
    database = Database(tmp_path / "journal.sqlite", durability)

    assert database.row("PRAGMA synchronous") == (synchronous,)
    assert database.row("PRAGMA journal_mode") == ("wal",)
    assert database.row("PRAGMA foreign_keys") == (1,)


def test_a_full_disk_is_told_and_keeps_what_was_written_before(tmp_path: Path) -> None:
    database = Database(tmp_path / "journal.sqlite")
    with database.transaction():
        database.write(INSERT, ONE)
    (pages,) = database.row("PRAGMA page_count") or (0,)
    database.row(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StoreError, match="full"), database.transaction():
        database.write(INSERT, ("arn-2", "x" * 100_000, "e"))

    assert names(database) == ["one"]

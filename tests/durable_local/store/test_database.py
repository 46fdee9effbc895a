import sqlite3
import threading
from contextlib import suppress
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


@pytest.mark.parametrize(("durability", "synchronous"), [(Durability.PROCESS, 1), (Durability.POWER, 2)])
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


def write_together(database: Database, *names: str) -> list[BaseException | None]:
    """Have so many threads wait to write while another writes; the answer is what each has raised."""
    raised: dict[str, BaseException | None] = {}

    def write(name: str) -> None:
        try:
            with database.transaction():
                database.write(INSERT, (f"arn-{name}", name, "e"))
            raised[name] = None
        except StoreError as error:
            raised[name] = error

    writers = [threading.Thread(target=write, args=(name,)) for name in names]
    # The first writes nothing, but shares the others' lot.
    with suppress(StoreError), database.transaction():
        for writer in writers:
            writer.start()
        while database.waiting < len(names):
            pass
    for writer in writers:
        writer.join()
    return [raised[name] for name in names]


def test_changes_that_come_together_share_a_commit_where_it_takes_a_fsync(tmp_path: Path) -> None:
    database = Database(tmp_path / "journal.sqlite", Durability.POWER)

    raised = write_together(database, "1", "2", "3", "4")

    assert raised == [None] * 4
    assert database.commits == 1
    assert names(Database(tmp_path / "journal.sqlite")) == ["1", "2", "3", "4"]


def test_a_change_that_fails_costs_none_of_those_that_share_its_commit(tmp_path: Path) -> None:
    database = Database(tmp_path / "journal.sqlite", Durability.POWER)

    raised = write_together(database, "1", "", "3")

    assert [type(error) for error in raised] == [type(None), StoreError, type(None)]
    assert names(database) == ["1", "3"]


def test_a_disk_that_is_full_fails_all_changes_that_share_a_commit(tmp_path: Path) -> None:
    database = Database(tmp_path / "journal.sqlite", Durability.POWER)
    (pages,) = database.row("PRAGMA page_count") or (0,)
    database.row(f"PRAGMA max_page_count = {pages}")

    raised = write_together(database, *("x" * 9_000 + str(number) for number in range(3)))
    database.row("PRAGMA max_page_count = 1000000")

    assert all("full" in str(error) for error in raised)
    assert names(database) == []
    assert write_together(database, "1", "2") == [None, None]


def test_a_loss_of_what_was_acknowledged_is_told_and_written_down(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "journal.sqlite"
    database = Database(path)
    with database.transaction():
        database.write(INSERT, ONE)
        database.note(1, 3)
    database.close()

    again = Database(path)

    assert "lacks changes that were acknowledged" in caplog.text
    assert again.rows("SELECT * FROM losses") == [(1, 3, 0)]
    again.close()
    assert len(Database(path).rows("SELECT * FROM losses")) == 1

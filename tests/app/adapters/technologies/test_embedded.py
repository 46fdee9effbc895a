import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.technologies.embedded import EmbeddedStore
from app.domain.refusals import OutOfStockError

WORDS = "CREATE TABLE IF NOT EXISTS words (word TEXT NOT NULL PRIMARY KEY) STRICT"
NUMBERS = "CREATE TABLE IF NOT EXISTS numbers (number INTEGER NOT NULL CHECK (number > 0)) STRICT"


class FinalError(Exception):
    """Asking again will not help."""


class PassingError(FinalError):
    """The same call may succeed later."""


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    path = tmp_path / "below" / "store.sqlite"
    return EmbeddedStore(path, "words", [WORDS, NUMBERS], FinalError, PassingError, patience_seconds=0)


def words(store: EmbeddedStore) -> list[str]:
    with store.transaction() as database:
        return [word for (word,) in database.execute("SELECT word FROM words")]


def write_and_refuse(store: EmbeddedStore) -> None:
    with store.transaction() as database:
        database.execute("INSERT INTO words VALUES ('tea')")
        raise OutOfStockError("no tea")


def test_what_was_written_stays(store: EmbeddedStore) -> None:
    with store.transaction() as database:
        database.execute("INSERT INTO words VALUES ('tea')")
        database.execute("INSERT INTO numbers VALUES (7)")

    assert words(store) == ["tea"]


def test_an_error_of_the_domain_passes_and_undoes_everything(store: EmbeddedStore) -> None:
    with pytest.raises(OutOfStockError):
        write_and_refuse(store)

    assert words(store) == []


def test_a_rule_of_a_table_that_is_broken_is_final(store: EmbeddedStore) -> None:
    with pytest.raises(FinalError, match="CHECK constraint failed") as broken, store.transaction() as database:
        database.execute("INSERT INTO numbers VALUES (-1)")

    assert not isinstance(broken.value, PassingError)


def test_what_another_process_holds_may_be_free_later(store: EmbeddedStore) -> None:
    assert words(store) == []

    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(PassingError, match="database is locked"):
            words(store)

    assert words(store) == []


def test_a_folder_that_cannot_be_made_is_final(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = EmbeddedStore(tmp_path / "file" / "store.sqlite", "words", [WORDS], FinalError, PassingError)

    with pytest.raises(FinalError, match="Cannot use words in "):
        words(store)


def test_building_a_store_touches_nothing(store: EmbeddedStore, tmp_path: Path) -> None:
    assert list(tmp_path.iterdir()) == []

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.carts.sqlite import SqliteCarts
from app.domain.carts import Cart
from app.ports.carts import CartsError, CartsUnavailableError

OPENED = "2026-01-01T10:00:00.000+00:00"
OPEN = Cart("c-1", "ada", OPENED)
KILLED = """
import os, signal, sys
from pathlib import Path
from app.adapters.carts.sqlite import KEEP, SCHEMA, SqliteCarts
from app.adapters.technologies.sqlite import transaction
path = Path(sys.argv[1])
SqliteCarts(path).add("c-1", "ada", "2026-01-01T10:00:00.000+00:00")
with transaction(path, SCHEMA) as database:
    database.execute(KEEP, ("c-1", "ada", "2026-01-01T10:00:00.000+00:00", "o-7", "2026-01-01T12:00:00.000+00:00"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_leaves_what_was_acknowledged_and_nothing_half_done(tmp_path: Path) -> None:
    path = tmp_path / "carts.sqlite"

    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)

    assert killed.returncode == -signal.SIGKILL
    assert SqliteCarts(path).find("c-1") == OPEN


def test_carts_outlive_the_process_that_has_kept_them(tmp_path: Path) -> None:
    SqliteCarts(tmp_path / "below" / "carts.sqlite").add("c-1", "ada", OPENED)

    assert SqliteCarts(tmp_path / "below" / "carts.sqlite").find("c-1") == OPEN


def test_nothing_is_written_before_the_first_call(tmp_path: Path) -> None:
    SqliteCarts(tmp_path / "carts.sqlite")

    assert list(tmp_path.iterdir()) == []


def test_what_another_process_holds_may_be_free_later(tmp_path: Path) -> None:
    path = tmp_path / "carts.sqlite"
    SqliteCarts(path).add("c-1", "ada", OPENED)

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CartsUnavailableError, match=rf"Cannot use carts in {path}: database is locked"):
            SqliteCarts(path, patience_seconds=0).find("c-1")

    assert SqliteCarts(path).find("c-1") == OPEN


def test_a_file_that_is_no_database_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "carts.sqlite"
    path.write_text("a shopping list, and no database at all")

    with pytest.raises(CartsError, match="file is not a database") as refused:
        SqliteCarts(path).find("c-1")

    assert not isinstance(refused.value, CartsUnavailableError)


def test_a_text_that_utf_8_cannot_say_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CartsError, match="Cannot use carts"):
        SqliteCarts(tmp_path / "carts.sqlite").add("\ud800", "ada", OPENED)

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from durable_local.cli.app import app
from durable_local.clock import SystemClock
from durable_local.executions import Executions
from durable_local.journal import Journals
from durable_local.store.database import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "durable.sqlite"
    database = Database(path)
    Executions(Journals(database, SystemClock())).start("f", "{}", "nightly")
    database.close()
    return path


def doctor(path: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["doctor", "--database", str(path), *options])


def test_a_sound_database_is_called_so(path: Path) -> None:
    result = doctor(path)

    assert result.exit_code == 0
    assert "durable.sqlite is sound" in result.stdout


def test_what_was_lost_is_told_for_people_and_for_scripts(path: Path) -> None:
    empty = path.with_name("empty.sqlite")
    Database(empty).close()
    shutil.copy(empty, path)

    result, document = doctor(path), json.loads(doctor(path, "--json").stdout)

    assert result.exit_code == 1
    assert "Acknowledged changes were lost" in result.stdout
    assert [finding["DurableExecutionName"] for finding in document["Findings"]] == [None]


def test_a_contradiction_is_told_with_its_execution(path: Path) -> None:
    database = Database(path)
    with database.transaction():
        database.write("UPDATE operations SET status = 'FAILED'", ())
    database.close()

    assert "nightly: The execution is RUNNING, its EXECUTION operation FAILED" in doctor(path).stdout


def test_a_missing_database_and_a_file_that_is_none_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("no database, and longer than the header of one, so that nobody takes it for empty\n" * 20)

    assert doctor(tmp_path / "missing.sqlite").exit_code == 2
    assert doctor(file).exit_code == 4

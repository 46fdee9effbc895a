"""`durable replay` and `durable export`, as a user calls them."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from durable_local.cli.app import app
from durable_local.testing import DurableFunctionTestRunner
from tests.durable_local.cli.conftest import Shop
from tests.durable_local.replay.edits import CODE
from tests.durable_local.replay.orders import ended, handler_of, waiting

HANDLERS = "tests.durable_local.cli.replayed"


@pytest.fixture
def history(tmp_path: Path) -> str:
    """A file with the history of an order that waits for all of its answers."""
    path = tmp_path / "history.json"
    path.write_text(json.dumps({"Events": waiting()}))
    return str(path)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with such an order, of the name monday."""
    runner = DurableFunctionTestRunner(handler_of(CODE, lambda what: what), database=tmp_path / "durable.sqlite")
    runner.run(name="monday")
    return tmp_path / "durable.sqlite"


def durable(*arguments: str, given: str = "", columns: int = 80) -> Result:
    return CliRunner().invoke(app, arguments, input=given, env={"COLUMNS": str(columns)})


def replay(history: str, handler: str, *options: str, columns: int = 80) -> Result:
    return durable("replay", history, f"{HANDLERS}.{handler}", *options, columns=columns)


@pytest.mark.parametrize("columns", [80, 200])
def test_code_that_goes_on_as_it_began_is_compatible(history: str, columns: int) -> None:
    result = replay(history, "unchanged", columns=columns)

    assert result.exit_code == 0
    assert result.stdout.startswith("✓ compatible  tests.durable_local.cli.replayed.unchanged over ")
    assert "18 recorded operations met" in " ".join(result.stdout.split())
    assert "  then  waits for Callback approval" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= columns


@pytest.mark.parametrize("columns", [80, 200])
def test_the_first_operation_that_diverges_is_shown_recorded_beside_current(history: str, columns: int) -> None:
    result = replay(history, "renamed", columns=columns)

    assert result.exit_code == 1
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert "  at        both > packing > box > wrap" in lines
    assert "  recorded  Step wrap, SUCCEEDED" in lines
    assert "  current   Step pack" in lines
    assert lines[-1].startswith("Keep operations and their order while executions run")


def test_a_pipe_gets_no_control_codes(history: str) -> None:
    result = replay(history, "renamed")

    assert "\x1b" not in result.stdout
    assert result.stderr == ""


def test_what_code_returns_is_shown_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "begun.json").write_text(json.dumps({"Events": waiting()[:1]}))

    assert '  then  returns "[bold]early[/bold]"' in replay(str(tmp_path / "begun.json"), "early").stdout


def test_scripts_are_told_in_json(history: str) -> None:
    compatible, diverging = (json.loads(replay(history, each, "--json").stdout) for each in ("unchanged", "renamed"))

    assert compatible["Compatible"]
    assert compatible["Next"][0] == "waits for Callback approval"
    assert diverging == {
        "Compatible": False,
        "Events": len(waiting()),
        "ReplayedEvents": len(waiting()),
        "OperationsMet": diverging["OperationsMet"],
        "Divergence": {
            "Path": ["both", "packing", "box", "wrap"],
            "Recorded": "Step wrap, SUCCEEDED",
            "Current": "Step pack",
        },
    }


@pytest.mark.parametrize("pages", [1, 3])
def test_a_history_may_come_through_a_pipe_and_in_pages(pages: int) -> None:
    events = waiting()
    document = [{"Events": events[start::pages]} for start in range(pages)]

    result = durable("replay", "-", f"{HANDLERS}.unchanged", given=json.dumps(document))

    assert result.exit_code == 0


def test_an_execution_of_this_machine_is_replayed_by_its_name_or_arn(database: Path) -> None:
    listed = durable("list", "--json", "--database", str(database))
    (execution,) = json.loads(listed.stdout)

    for name in ("monday", execution["DurableExecutionArn"]):
        assert replay(name, "unchanged", "--database", str(database)).exit_code == 0
        assert replay(name, "renamed", "--database", str(database)).exit_code == 1


def test_an_export_is_what_aws_gives_and_replays(database: Path, tmp_path: Path) -> None:
    exported = durable("export", "monday", "--database", str(database)).stdout
    (tmp_path / "exported.json").write_text(exported)

    first: dict[str, Any] = json.loads(exported)["Events"][0]
    assert (first["EventId"], first["EventType"], first["Name"]) == (1, "ExecutionStarted", "monday")
    assert first["ExecutionStartedDetails"]["Input"] == {"Payload": "null", "Truncated": False}
    assert replay(str(tmp_path / "exported.json"), "unchanged").exit_code == 0


@pytest.mark.parametrize(("handler", "code"), [("unchanged", 0), ("renamed", 1), ("broken", 1)])
def test_every_cut_of_an_ended_execution_stands_for_those_that_run(tmp_path: Path, handler: str, code: int) -> None:
    (tmp_path / "ended.json").write_text(json.dumps({"Events": ended()}))

    result = replay(str(tmp_path / "ended.json"), handler, "--every-cut")

    assert result.exit_code == code
    told = " ".join(result.stdout.split())
    assert (f"at every one of {len(ended())} events" in told) == (code == 0)
    assert (", cut after event " in told) == (code == 1)


def test_a_step_appended_to_an_ended_execution_is_shown_as_what_comes_instead_of_its_end(tmp_path: Path) -> None:
    (tmp_path / "ended.json").write_text(json.dumps({"Events": ended()}))

    result = replay(str(tmp_path / "ended.json"), "longer", columns=200)

    assert "  at        the handler's end" in result.stdout
    assert "  current   begins Step thank" in result.stdout


MISTAKES = {
    "nowhere.json": ("unchanged", "no file nowhere.json, and no database"),
    "[]": ("unchanged", "lacks event 1"),
    "{]": ("unchanged", "is not JSON"),
    '{"Status": "RUNNING"}': ("unchanged", 'expected {"Events": [...]}'),
    "history": ("plain", "plain is no function decorated with durable.durable_execution"),
    " history": ("missing", "has no function missing"),
}


@pytest.mark.parametrize("given", MISTAKES)
def test_what_cannot_be_replayed_is_explained(given: str, tmp_path: Path) -> None:
    handler, told = MISTAKES[given]
    path = tmp_path / "given.json"
    path.write_text(json.dumps({"Events": waiting()}) if given.strip() == "history" else given)
    source = given if given == "nowhere.json" else str(path)

    result = replay(source, handler, "--database", str(tmp_path / "none.sqlite"))

    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert told in result.stderr


def test_a_name_that_is_neither_a_file_nor_an_execution_is_explained(database: Path) -> None:
    result = replay("tuesday", "unchanged", "--database", str(database))

    assert result.exit_code == 2
    assert "There is neither a file nor an execution tuesday; `durable list` lists them" in result.stderr


def test_a_handler_of_the_folder_is_replayed_in_a_process_of_its_own(shop: Shop) -> None:
    """As an installed command does it, where the handler's module prints and starts a child process that does."""
    asked = shop.durable("run", "shop.asks", "--name", "asked")
    verdict = shop.durable("replay", "asked", "shop.asks")
    other = shop.durable("replay", "asked", "shop.handler")

    assert (asked.returncode, verdict.returncode, other.returncode) == (3, 0, 1)
    assert "✓ compatible  shop.asks over asked" in verdict.stdout
    assert "from a child process" not in verdict.stdout + other.stdout


def test_a_module_that_cannot_be_imported_is_explained(tmp_path: Path, shop: Shop) -> None:
    (shop.folder / "faulty.py").write_text("raise ValueError('as asked')")
    (shop.folder / "history.json").write_text(json.dumps({"Events": waiting()}))

    result = shop.durable("replay", "history.json", "faulty.handler")

    assert result.returncode == 2
    assert result.stderr == "Error: faulty.handler cannot be imported: ValueError: as asked\n"

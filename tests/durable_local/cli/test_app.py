"""The command as a user calls it, in processes of its own."""

import json
import os
import pty
import select
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from typer.main import get_command

from durable_local.cli.app import app
from tests.durable_local.cli.conftest import ROOT, Shop

COMMANDS = [
    ["run"],
    ["start"],
    ["list"],
    ["show"],
    ["history"],
    ["callback", "succeed"],
    ["callback", "fail"],
    ["callback", "heartbeat"],
    ["stop"],
    ["export"],
    ["doctor"],
]
SECRETS = ["payload-secret", "secret-log"]


@pytest.fixture(scope="module")
def monday(shop: Shop) -> "subprocess.CompletedProcess[str]":
    """The first run of an execution named monday."""
    return shop.durable("run", "shop.handler", "--event", shop.event(n=1), "--name", "monday")


def test_a_run_ends_with_tree_result_log_and_how_to_look_again(
    monday: "subprocess.CompletedProcess[str]",
) -> None:
    assert monday.returncode == 0
    assert "monday  SUCCEEDED" in monday.stdout
    assert "├── ✓ fetch  Step" in monday.stdout
    assert "… and 6 more, all succeeded" in monday.stdout
    assert json.dumps({"größe": [3, 9]}, indent=2, ensure_ascii=False) in monday.stdout
    assert "Log: .durable/logs/monday.jsonl" in monday.stdout
    assert "look again with: " in monday.stdout
    assert "-m durable_local show monday" in monday.stdout


def test_progress_goes_to_stderr_with_the_sums_of_each_branch(
    monday: "subprocess.CompletedProcess[str]",
) -> None:
    lines = monday.stderr.splitlines()

    assert any(line.startswith("… pause  waits for pause until ") for line in lines)
    assert any("✓ customers  steps 3 · items 3 · stored 3 · rejected 1" in line for line in lines)
    assert any("✓ orders  steps 9 · items 9 · stored 9 · rejected 1" in line for line in lines)


def test_a_pipe_gets_no_control_codes(monday: "subprocess.CompletedProcess[str]") -> None:
    assert "\x1b" not in monday.stdout + monday.stderr


def test_what_the_function_prints_goes_to_the_log(monday: "subprocess.CompletedProcess[str]", shop: Shop) -> None:
    log = (shop.folder / ".durable/logs/monday.jsonl").read_text()

    assert "secret-log" in log
    assert "from a child process" in log
    assert "secret-log" not in monday.stdout + monday.stderr


def test_a_name_that_has_ended_shows_its_result_and_runs_nothing(
    monday: "subprocess.CompletedProcess[str]", shop: Shop
) -> None:
    ledger = (shop.folder / "ledger.txt").read_text()

    again = shop.durable("run", "shop.handler", "--name", "monday")

    assert again.returncode == 0
    assert "has succeeded before; nothing ran again" in again.stderr
    assert again.stdout == monday.stdout
    assert (shop.folder / "ledger.txt").read_text() == ledger


def test_a_name_with_another_payload_is_refused(monday: "subprocess.CompletedProcess[str]", shop: Shop) -> None:
    refused = shop.durable("run", "shop.handler", "--event", shop.event(n=2), "--name", "monday")

    assert refused.returncode == 2
    assert refused.stderr.strip() == (
        "Error: Execution monday was started with another payload; use another name or the same payload"
    )


def test_show_and_list_tell_no_payloads(monday: "subprocess.CompletedProcess[str]", shop: Shop) -> None:
    for arguments in (["show", "monday"], ["show", "monday", "--json"], ["list"], ["list", "--json"]):
        told = shop.inside(*arguments)
        assert told.exit_code == 0
        assert "monday" in told.stdout
        assert not any(secret in told.stdout for secret in SECRETS)


@pytest.mark.parametrize("width", [80, 200])
def test_a_timeline_in_a_pipe_takes_its_width_and_has_no_control_codes(
    monday: "subprocess.CompletedProcess[str]", shop: Shop, width: int
) -> None:
    shown = shop.durable("show", "monday", "--timeline", environment={"COLUMNS": str(width)})

    assert shown.returncode == 0
    assert max(map(len, shown.stdout.splitlines())) == width - 1
    assert "✓ fetch" in shown.stdout
    assert "… 6 more" in shown.stdout
    assert "\x1b" not in shown.stdout


def test_a_timeline_is_written_to_a_file_as_a_picture(
    monday: "subprocess.CompletedProcess[str]", shop: Shop, tmp_path: Path
) -> None:
    few, all_ = tmp_path / "few.svg", tmp_path / "all.svg"

    told = [
        shop.inside("show", "monday", "--svg", str(few)),
        shop.inside("show", "monday", "--all", "--svg", str(all_)),
    ]

    assert [each.stdout for each in told] == [f"Wrote {few}\n", f"Wrote {all_}\n"]
    assert "… 6 more" in few.read_text()
    assert all_.read_text().count('class="row"') == few.read_text().count('class="row"') + 6 * 2 - 1
    assert not any(secret in file.read_text() for file in (few, all_) for secret in SECRETS)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--svg", "x.svg", "--json"], "goes with neither --json nor --timeline"),
        (["--svg", "nowhere/x.svg"], "nowhere/x.svg cannot be written: No such file or directory"),
    ],
)
def test_a_picture_that_cannot_be_written_is_told(
    monday: "subprocess.CompletedProcess[str]", shop: Shop, options: list[str], told: str
) -> None:
    shown = shop.inside("show", "monday", *options)

    assert (shown.exit_code, told in shown.stderr) == (2, True)


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("command", [["list"], ["show", "monday"], ["show", "monday", "--all"], ["history", "monday"]])
def test_a_table_in_a_pipe_fits_its_width(
    monday: "subprocess.CompletedProcess[str]", shop: Shop, command: list[str], width: int
) -> None:
    told = shop.durable(*command, environment={"COLUMNS": str(width)})

    assert (told.returncode, told.stderr) == (0, "")
    assert max(map(len, told.stdout.splitlines())) <= width
    assert "\x1b" not in told.stdout


def test_all_operations_are_shown_when_asked_for(monday: "subprocess.CompletedProcess[str]", shop: Shop) -> None:
    for option in ([], ["--timeline"]):
        shown = shop.inside("show", "monday", "--all", *option).stdout
        assert shown.count("store") == 12
        assert "more" not in shown


def test_an_execution_is_found_by_its_arn_too(monday: "subprocess.CompletedProcess[str]", shop: Shop) -> None:
    (listed,) = [each for each in shop.told("list") if each["DurableExecutionName"] == "monday"]

    shown = shop.told("show", listed["DurableExecutionArn"])

    assert shown["Status"] == "SUCCEEDED"
    assert len(shown["Operations"]) == 5 + 2 * 1 + 12 * 2


def test_a_history_has_payloads_only_when_asked_for(monday: "subprocess.CompletedProcess[str]", shop: Shop) -> None:
    without = shop.told("history", "monday")["Events"]
    complete = shop.told("history", "monday", "--include-execution-data")["Events"]

    assert without[2]["StepSucceededDetails"]["Result"] == {"Truncated": True}
    assert complete[2]["StepSucceededDetails"]["Result"] == {"Payload": '"payload-secret"', "Truncated": False}
    assert [event["EventId"] for event in complete] == list(range(1, len(complete) + 1))
    assert complete[0]["EventTimestamp"].endswith("+00:00")
    assert "WaitStarted" in shop.inside("history", "monday").stdout


def test_a_run_for_scripts_prints_one_json_document(shop: Shop) -> None:
    run = shop.durable("run", "shop.handler", "--event", shop.event(fail=True), "--name", "failing", "--json")

    document = json.loads(run.stdout)
    assert run.returncode == 1
    assert (document["Status"], document["DurableExecutionName"]) == ("FAILED", "failing")
    assert document["Error"]["ErrorMessage"] == "as asked"
    assert document["Error"]["ErrorType"] == "ValueError"
    assert "raise ValueError" in document["Error"]["StackTrace"][-1]


def test_a_run_without_a_name_gets_a_new_one_each_time(shop: Shop) -> None:
    names = {json.loads(shop.durable("run", "shop:asks", "--json").stdout)["DurableExecutionName"] for _ in range(2)}

    assert len(names) == 2
    assert all(name.startswith("shop-") for name in names)


def test_a_run_that_waits_for_the_outside_says_so_and_keeps_the_callbacks_id_to_itself(shop: Shop) -> None:
    run = shop.durable("run", "shop.asks", "--name", "approval")
    with closing(sqlite3.connect(shop.folder / ".durable/durable.sqlite")) as database:
        (callback_id,) = database.execute("SELECT callback_id FROM operations WHERE name = 'approval'").fetchone()
    told = [shop.inside(*each).stdout for each in (["show", "approval"], ["show", "approval", "--json"], ["list"])]

    assert run.returncode == 3
    assert "waits for an answer from outside" in run.stdout
    assert not any(callback_id in text for text in (run.stdout, run.stderr, *told))


def test_a_run_over_a_quota_names_the_option_that_lifts_it(shop: Shop) -> None:
    command = ["run", "shop.counts", "--event", shop.event(to=3_001), "--json"]

    over = shop.durable(*command)
    lifted = shop.durable(*command, "--quotas", "none")

    assert over.returncode == 1
    assert "more than 3000 operations, its quota" in json.loads(over.stdout)["Error"]["ErrorMessage"]
    assert "--quotas none lifts it on this machine" in json.loads(over.stdout)["Error"]["ErrorMessage"]
    assert (lifted.returncode, json.loads(lifted.stdout)["Result"]) == (0, 3_001)


def test_what_runs_and_stops_leave_behind_is_sound(monday: "subprocess.CompletedProcess[str]", shop: Shop) -> None:
    shop.durable("run", "shop.asks", "--name", "left")
    shop.durable("stop", "left")

    examined = shop.inside("doctor")

    assert (examined.exit_code, examined.stdout) == (0, f"{shop.folder}/.durable/durable.sqlite is sound.\n")


def test_an_answer_from_another_process_wakes_a_run_that_waits_for_its_timeout(shop: Shop) -> None:
    with subprocess.Popen(
        shop.command("run", "shop.asks_soon", "--name", "soon", "--json"),
        cwd=shop.folder,
        env=shop.environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        while shop.inside("callback", "heartbeat", "soon", "approval").exit_code:
            assert run.poll() is None
        shop.durable("callback", "succeed", "soon", "approval", "--result", "yes")
        told, _ = run.communicate(timeout=60)

    assert (run.returncode, json.loads(told)["Result"]) == (0, "yes")


def test_a_stop_from_another_process_ends_a_run_that_waits(shop: Shop) -> None:
    with subprocess.Popen(
        shop.command("run", "shop.asks_soon", "--name", "stopped-soon", "--json"),
        cwd=shop.folder,
        env=shop.environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        while shop.inside("callback", "heartbeat", "stopped-soon", "approval").exit_code:
            assert run.poll() is None
        shop.durable("stop", "stopped-soon")
        told, _ = run.communicate(timeout=60)

    assert (run.returncode, json.loads(told)["Status"]) == (1, "STOPPED")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "missing.handler"], "There is no module missing"),
        (["run", "shop.handler", "--event", "missing.json"], "missing.json cannot be read"),
        (["run", "shop.handler", "--event", "shop.py"], "shop.py is not JSON"),
        (["run", "shop.handler", "--name", "../up"], "DurableExecutionName '../up'"),
        (["run", "broken.handler"], "broken.handler cannot be imported: KeyError: 'BUCKET'"),
    ],
)
def test_wrong_usage_is_told_in_one_line(shop: Shop, arguments: list[str], told: str) -> None:
    (shop.folder / "broken.py").write_text("import os\n\nBUCKET = os.environ['BUCKET']\n")

    refused = shop.durable(*arguments)

    assert refused.returncode == 2
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_bad_function_is_named_and_leaves_no_execution_behind(shop: Shop) -> None:
    refused = shop.durable("run", "shop.missing", "--name", "never")

    assert (refused.returncode, refused.stderr.strip()) == (2, "Error: Module shop has no function missing")
    for command in ("show", "history"):
        unknown = shop.inside(command, "never")
        assert (unknown.exit_code, unknown.stderr.strip()) == (2, "Error: There is no execution never")


def test_before_the_first_run_there_is_nothing_to_show_and_an_empty_list(shop: Shop, tmp_path: Path) -> None:
    nowhere = tmp_path / "none.sqlite"

    assert "There is no database" in shop.inside("show", "monday", database=nowhere).stderr
    assert shop.inside("list", "--json", database=nowhere).stdout == "[]\n"
    assert "durable run FUNCTION" in shop.inside("list", database=nowhere).stdout
    assert not nowhere.exists()


def test_a_file_that_is_no_database_is_told_with_its_own_exit_code(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "notes.sqlite").write_text("no database, but long enough to be taken for one by its size " * 20)

    refused = shop.inside("list", database=tmp_path / "notes.sqlite")

    assert refused.exit_code == 4
    assert "cannot be opened as a database" in refused.stderr


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_fits_its_width_and_has_an_example(shop: Shop, command: list[str], width: int) -> None:
    helped = shop.inside(*command, "--help", width=width)

    assert helped.exit_code == 0
    assert max(map(len, helped.stdout.splitlines())) <= width
    assert f"Example: durable {' '.join(command)}" in " ".join(helped.stdout.split())
    assert "\x1b" not in helped.stdout


def test_help_names_every_command(shop: Shop) -> None:
    helped = shop.durable("--help").stdout

    assert all(f"│ {command[0]} " in helped for command in COMMANDS)


def test_the_readme_names_every_command() -> None:
    (row,) = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| `durable_local/`")]

    commands = get_command(app).list_commands  # type: ignore[attr-defined]

    assert not {name for name in commands(None) if f"`{name}`" not in row}


def test_an_encoding_without_the_marks_ends_no_command(monday: "subprocess.CompletedProcess[str]", shop: Shop) -> None:
    for options in ([], ["--timeline"]):
        shown = shop.durable("show", "monday", *options, environment={"PYTHONIOENCODING": "ascii"})
        assert (shown.returncode, shown.stderr) == (0, "")
        assert shown.stdout.isascii()
        assert "fetch" in shown.stdout


@pytest.mark.parametrize("colour", [{}, {"NO_COLOR": "1"}])
def test_ctrl_c_on_a_terminal_leaves_the_execution_resumable_and_says_how(shop: Shop, colour: dict[str, str]) -> None:
    named = ["run", "shop.handler", "--name", f"interrupted-{len(colour)}", "--quotas", "none"]
    command = shop.command(*named, "--event", shop.event())
    parent, child = pty.openpty()
    run = subprocess.Popen(
        command,
        cwd=shop.folder,
        env=shop.environment(TERM="xterm-256color", **colour),
        stdin=child,
        stdout=child,
        stderr=child,
        start_new_session=True,
    )
    os.close(child)

    screen = read_until(parent, "waits for pause")
    run.send_signal(signal.SIGINT)
    screen += read_until(parent, None)

    assert run.wait(timeout=20) == 130
    assert f"go on with: {' '.join(shop.command(*named))}" in screen.replace("\r\n", "")
    assert ("\x1b[33m" in screen) is not bool(colour)
    resumed = shop.durable(*named)
    assert "was begun before and goes on" in resumed.stderr
    assert resumed.returncode == 0


def read_until(terminal: int, wanted: str | None) -> str:
    """What a terminal shows until a text appears, or until its program ends."""
    shown = b""
    while wanted is None or wanted not in shown.decode(errors="ignore"):
        ready, _, _ = select.select([terminal], [], [], 30)
        assert ready, f"{wanted!r} did not appear in: {shown.decode(errors='ignore')}"
        try:
            chunk = os.read(terminal, 65_536)
        except OSError:  # Linux says so when the other side of a terminal is closed
            chunk = b""
        if not chunk:
            assert wanted is None, f"{wanted!r} did not appear in: {shown.decode(errors='ignore')}"
            break
        shown += chunk
    return shown.decode()

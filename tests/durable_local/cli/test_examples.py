"""The example that each command's help shows works as it is printed."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from durable_local.cli.app import app
from tests.durable_local.cli.conftest import PROGRAM, ROOT
from tests.durable_local.cli.test_remote import TEMPLATE

WIDTHS: tuple[dict[str, str], ...] = ({"COLUMNS": "80"}, {"COLUMNS": "200"}, {})
"""The last one is a pipe that tells no width."""
OVER = ["list", "show", "history", "export", "replay", "cost", "doctor"]
WAITING = ["callback succeed", "callback fail", "callback heartbeat", "stop"]


def environment(**more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DURABLE_", "COLUMNS"))}
    return inherited | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"} | more


def called(command: str, folder: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """A command line in a folder, as a user types it."""
    return subprocess.run(  # noqa: S602 - what the help tells to type into a shell
        command, shell=True, cwd=folder, env=environment(**more), capture_output=True, text=True, check=False
    )


def example(command: str, folder: Path) -> str:
    """What the command's help shows, the same at every width."""
    (shown,) = {_shown(called(f"durable {command} --help", folder, **width).stdout) for width in WIDTHS}
    assert shown.startswith(f"durable {command}")
    return shown


def _shown(helped: str) -> str:
    found = re.search(r"Example: (.*?)(?:\. (?:Exit codes|SIGINT)|$)", " ".join(helped.split()))
    assert found, helped
    return found[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout, as far as the examples need one."""
    for name in ("app", "data", "events"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "shop.py").write_text(PROGRAM)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    return tmp_path


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the pipeline's execution monday, made as the example of `durable run` says."""
    folder = tmp_path_factory.mktemp("over")
    for name in ("app", "data", "events"):
        (folder / name).symlink_to(ROOT / name)
    ended = called(example("run", folder), folder)
    assert ended.returncode == 0, ended.stderr
    return folder / ".durable"


@pytest.mark.parametrize("command", OVER)
def test_the_example_for_an_execution_that_is_over_works(command: str, folder: Path, over: Path) -> None:
    shutil.copytree(over, folder / ".durable")

    done = called(example(command, folder), folder)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", WAITING)
def test_the_example_for_an_execution_that_waits_works(command: str, folder: Path) -> None:
    assert called("durable run shop.asks --name monday", folder).returncode == 3

    done = called(example(command, folder), folder)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_example_for_a_server_works_at_any_port(folder: Path) -> None:
    command = example("start", folder).replace("--port 9010", "--port 0").split()
    with subprocess.Popen(
        command, cwd=folder, env=environment(PYTHONUNBUFFERED="1"), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        told = next((line for line in process.stdout if "Ctrl-C" in line), "")
        process.send_signal(signal.SIGINT)
        process.stdout.read()

    assert told
    assert process.returncode == 0


def test_every_command_has_its_example_tried() -> None:
    commands = get_command(app).list_commands  # type: ignore[attr-defined]

    assert {*commands(None)} == {"run", "start", *OVER, *(each.split()[0] for each in WAITING)}

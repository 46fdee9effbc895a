"""The demo as a person takes it: one terminal serves, the commands that it prints are typed in another."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.slow

LAST_LINE = "Ctrl-C ends the server"
LOOKS = 60  # each takes about half a second, and the tour about fifteen
DURABLE = [sys.executable, "-m", "durable_local"]
APPROVE = [sys.executable, "-m", "tools.decide", "o-1001", "approve"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like a clone, in which nothing has run yet."""
    for name in ("app", "data", "events", "template.yaml"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "local.yaml", tmp_path)
    subprocess.run([sys.executable, "-m", "tools.knowledge"], cwd=ROOT, capture_output=True, check=True)
    (tmp_path / "artifact").symlink_to(ROOT / "artifact")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


@pytest.fixture
def demo(place: Path) -> Iterator["subprocess.Popen[str]"]:
    """The first terminal; at the end Ctrl-C is pressed in it."""
    command = [sys.executable, "-m", "tools.demo", "--port", "0"]
    with subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait()


def typed(place: Path, command: list[str]) -> str:
    """What a command in the second terminal says."""
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=True).stdout


def begun(demo: "subprocess.Popen[str]") -> str:
    """What the demo prints until it only serves."""
    text = ""
    while LAST_LINE not in text:
        line = demo.stdout.readline() if demo.stdout else ""
        assert line, text
        text += line
    return text


def has_ended(place: Path, name: str) -> bool:
    (told,) = [
        each for each in json.loads(typed(place, [*DURABLE, "list", "--json"])) if each["DurableExecutionName"] == name
    ]
    return bool(told["Status"] == "SUCCEEDED")


def test_all_five_workflows_begin_and_go_on_as_they_are_answered(place: Path, demo: "subprocess.Popen[str]") -> None:
    printed = begun(demo)
    (address,) = re.findall(r"The server is at (\S+);", printed)
    answers = [shlex.split(line) for line in re.findall(r"\.venv/bin/durable (callback .+)", printed)]

    for answer in answers:
        typed(place, [*DURABLE, *answer])
    told = typed(place, [*APPROVE, "--endpoint", address])

    assert dict(re.findall(r"^  (\S+) +([A-Z]+|waits for you) ", printed, re.MULTILINE)) == {
        "sample": "SUCCEEDED",
        "demo-tour": "waits for you",
        "cart-reminder-c-1017": "RUNNING",
        "fulfilment-o-1001": "waits for you",
        "demo-analyst": "waits for you",
    }
    assert told == "Order o-1001: approve by rita\n"
    for name in ("fulfilment-o-1001", "demo-analyst", "demo-tour", "cart-reminder-c-1017"):
        assert any(has_ended(place, name) for _ in range(LOOKS))


def test_who_decides_where_no_server_listens_is_told_how_to_start_one(place: Path) -> None:
    notices = place / "notices"
    notices.mkdir()
    (notices / "review-order-o-1001.json").write_text('{"text": "approval 0123abcd"}')
    command = [*APPROVE, "--endpoint", "http://127.0.0.1:9", "--notices", str(notices)]

    ran = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (1, "No server listens at http://127.0.0.1:9; start it with: make demo\n")

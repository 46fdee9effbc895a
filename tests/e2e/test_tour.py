"""The tour as a person takes it: one terminal runs it, another one answers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.slow

CALLBACK = ["first", "wait-for-external-callback"]
PATIENCE = 60  # times a command is tried until there is something to answer


@pytest.fixture
def durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command, on a database and a storage of its own."""
    (tmp_path / "local.yaml").write_text((ROOT / "local.yaml").read_text())
    monkeypatch.setenv("DURABLE_DATABASE", str(tmp_path / "durable.sqlite"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return [sys.executable, "-m", "durable_local"]


@contextmanager
def begun(durable: list[str], folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """The first terminal, closed at the end whatever goes on there."""
    where = ["--template", str(ROOT / "template.yaml"), "--overrides", str(folder / "local.yaml")]
    what = ["--event", str(ROOT / "events" / "tour.json"), "--name", CALLBACK[0], "--json"]
    command = [*durable, "run", "TourFunction", *where, *what]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def answer(durable: list[str]) -> None:
    """The second terminal, as soon as there is something to answer."""
    command = [*durable, "callback", "succeed", *CALLBACK, "--result", '"with pleasure"']
    assert any(subprocess.run(command, capture_output=True, check=False).returncode == 0 for _ in range(PATIENCE))


def test_the_tour_goes_on_when_it_is_answered_from_another_terminal(durable: list[str], tmp_path: Path) -> None:
    with begun(durable, tmp_path) as first:
        answer(durable)
        told = json.loads(first.communicate(timeout=60)[0])

    assert (first.returncode, told["Status"]) == (0, "SUCCEEDED")
    assert "answer: 'with pleasure'" in (tmp_path / ".durable/storage/tour/first/report.txt").read_text()


def test_the_tour_goes_on_in_another_process_when_the_first_is_killed(durable: list[str], tmp_path: Path) -> None:
    with begun(durable, tmp_path) as killed:
        answer(durable)

    with begun(durable, tmp_path) as again:
        told = json.loads(again.communicate(timeout=60)[0])

    assert killed.returncode < 0
    assert (again.returncode, told["Status"]) == (0, "SUCCEEDED")

"""Setting up from nothing, in a folder whose name has a space."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NEEDED = ["Makefile", "LICENSE", "pyproject.toml", "requirements-dev.txt", "requirements-local.txt"]
SOURCES = ["app", "durable", "durable_local", "tools"]

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy without an environment."""
    copy = tmp_path / "a clone"
    copy.mkdir()
    for file in NEEDED:
        shutil.copy(ROOT / file, copy)
    for folder in SOURCES:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def make(project: Path, *arguments: str) -> str:
    """What make prints; the make that runs this test is not its parent."""
    environment = {key: value for key, value in os.environ.items() if key not in {"MAKEFLAGS", "MAKELEVEL"}}
    command = ["make", *arguments, f"PYTHON={sys.executable}"]
    process = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


def durable(project: Path) -> int:
    return subprocess.run([project / ".venv/bin/durable", "--help"], capture_output=True, check=False).returncode


def test_the_first_set_up_installs_and_the_second_has_nothing_to_do(project: Path) -> None:
    first = make(project, "local")
    second = make(project, "local")

    assert "Making .venv" in first
    assert second == ""
    assert durable(project) == 0


def test_an_environment_that_was_never_finished_is_made_anew(project: Path) -> None:
    make(project, "local")
    (project / ".venv/made-from.txt").unlink()
    shutil.rmtree(next(project.glob(".venv/lib/*/site-packages")))

    healed = make(project, "local")

    assert "Making .venv" in healed
    assert durable(project) == 0


def test_changed_requirements_are_installed_in_place(project: Path) -> None:
    make(project, "local")
    pins = project / "requirements-local.txt"
    pins.write_text(pins.read_text() + "# changed\n")

    updated = make(project, "local")

    assert "Making .venv" not in updated
    assert "Installing requirements-local.txt" in updated


def test_a_development_environment_serves_a_run_as_well(project: Path) -> None:
    make(project, "dev")

    assert make(project, "local") == ""

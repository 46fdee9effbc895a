"""The application as it is deployed, in a process's environment of its own."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import app

ROOT = Path(app.__path__[0]).parent

Lines = list[dict[str, Any]]
"""Lines of a log."""


def log_lines(printed: str) -> tuple[Lines, Lines]:
    """What a workflow has logged, and apart from that the lines of its steps."""
    lines = [json.loads(line) for line in printed.splitlines()]
    steps = [line for line in lines if line.get("message") == "Step ran"]
    return [line for line in lines if line not in steps], steps


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the application, imported after this, keeps its documents; it reads the sample data."""
    monkeypatch.setenv("APP_STORAGE_ROOT", str(tmp_path / "results"))
    monkeypatch.setenv("APP_SOURCE_ROOT", str(ROOT / "data"))
    return tmp_path / "results"


@pytest.fixture
def modules() -> Iterator[None]:
    """Entry points are imported anew, and all that is imported meanwhile is forgotten for what was there before."""
    before = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "app"}
    for name in [name for name in before if name.startswith("app.entrypoints")]:
        del sys.modules[name]
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "app"]:
        del sys.modules[name]
    sys.modules.update(before)

"""The tests of the core, run on a copy of the project that may be broken."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.requirements import BESIDE, ROOT
from tests.mutants.mutant import Mutant

_SLOW = ("--ignore=tests/durable/extras", "--ignore=tests/catalogue/test_crash_and_recovery.py")
WHOLE = ("tests/durable", "tests/catalogue", "tests/conformance", *_SLOW)
PATIENCE = 20.0
"""Seconds after which a test hangs; the longest one takes less than two on a machine that does nothing else."""
MOST_PATIENCE = 300.0
"""Seconds after which the tests hang as a whole."""

_COPIED = ("app", "durable", "durable_local", "tests")
_TEST = re.compile(r"^(\S+\.py::.+?) *(?: (?:PASSED|FAILED|ERROR|SKIPPED|Timeout)\b.*)?$", re.MULTILINE)
_PASSED, _FAILED = 0, 1


class UntriedError(Exception):
    """The tests could not be run, so they say nothing."""


@dataclass(frozen=True, slots=True)
class Death:
    """Which test ended a run, and whether by not ending itself."""

    test: str
    is_hang: bool

    def __str__(self) -> str:
        """What happened."""
        return f"hangs in {self.test}" if self.is_hang else self.test


def copy_project(folder: Path) -> Path:
    """Copy what the tests of the core need, with the requirements where they lie beside the project."""
    copy = folder / "project"
    for name in _COPIED:
        shutil.copytree(ROOT / name, copy / name)
    shutil.copy2(ROOT / "pyproject.toml", copy)
    if BESIDE.is_dir():
        beside = folder / BESIDE.relative_to(ROOT.parent)
        beside.parent.mkdir(parents=True)
        beside.symlink_to(BESIDE)
    return copy


def put_to_the_test(mutant: Mutant, project: Path, number: int) -> Death | None:
    """What kills a mutant in a copy of its own: one of its first tests, else any; None if it survives."""
    broken = project.with_name(f"mutant-{number}")
    shutil.copytree(project, broken)
    try:
        (broken / mutant.file).write_text(mutant.mutate(project), encoding="utf-8")
        return run_tests(broken, mutant.tests) or run_tests(broken, WHOLE)
    finally:
        shutil.rmtree(broken)


def run_tests(project: Path, tests: Iterable[str], patience: float = PATIENCE) -> Death | None:
    """Run tests up to the first that fails or hangs; None if they all pass."""
    limits = ["-o", f"faulthandler_timeout={patience}", "-o", "faulthandler_exit_on_timeout=true"]
    command = [sys.executable, "-m", "pytest", "-x", "-v", "--tb=no", "-p", "no:cacheprovider", *limits, *tests]
    told, ending = _run(command, project)
    reached = _TEST.findall(told)
    is_hang = ending is None or "Timeout (" in told
    if ending == _PASSED:
        return None
    if not reached or not (is_hang or ending == _FAILED):
        raise UntriedError(f"pytest ended with {ending} before any test had failed:\n{told}")
    return Death(reached[-1], is_hang)


def _run(command: list[str], project: Path) -> tuple[str, int | None]:
    """What a command says and how it ends, None if it does not; no process of its own is left behind."""
    process = subprocess.Popen(
        command,
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(project), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        told, _ = process.communicate(timeout=MOST_PATIENCE)
    except subprocess.TimeoutExpired:
        _kill(process)
        return process.communicate()[0], None
    else:
        return told, process.returncode
    finally:
        _kill(process)


def _kill(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ALLOWED_SKIPS, fail_in_ci


@pytest.fixture
def skipped() -> pytest.TestReport:
    where = ("test_kills.py", 7, "Skipped: no second process here")
    return pytest.TestReport("test_kills.py::test_x", ("test_kills.py", 7, "x"), {}, "skipped", where, "call")


def test_a_skip_in_ci_is_a_failure_that_tells_the_reason(
    skipped: pytest.TestReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")

    fail_in_ci(skipped)

    assert skipped.failed
    assert "test_kills.py::test_x was skipped" in str(skipped.longrepr)
    assert "no second process here" in str(skipped.longrepr)


def test_a_skip_at_a_desk_stays_a_skip(skipped: pytest.TestReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    fail_in_ci(skipped)

    assert skipped.skipped


def test_a_skip_for_an_allowed_reason_stays_a_skip_in_ci(
    skipped: pytest.TestReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setitem(ALLOWED_SKIPS, "no second process", "only shown here")

    fail_in_ci(skipped)

    assert skipped.skipped


@pytest.mark.parametrize(
    ("marks", "collected"), [("not slow", set()), ("slow or cloud", {"emulated"}), ("cloud", {"deployed"})]
)
def test_tests_of_a_deployed_stack_are_left_out_unless_they_alone_are_asked_for(
    marks: str, collected: set[str]
) -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", marks, "tests/e2e/stack"]

    told = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False).stdout

    assert {stack for stack in ("emulated", "deployed") if f"[{stack}]" in told} == collected


def test_without_a_stack_its_tests_are_skipped_and_say_how_to_name_one() -> None:
    command = [sys.executable, "-m", "pytest", "-rs", "-m", "cloud", "tests/e2e/stack", "-k", "tour"]
    environment = {name: value for name, value in os.environ.items() if name not in {"CI", "STACK"}}

    ran = subprocess.run(
        command, cwd=Path(__file__).parents[1], env=environment, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stdout
    assert "1 skipped" in ran.stdout
    assert "STACK names no deployed stack" in ran.stdout

"""The workflow for GitHub: what zizmor does not ask for, because it knows this project no better than any other."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / ".github/workflows/ci.yml").read_text()


@pytest.fixture
def job() -> Any:
    (only,) = yaml.safe_load(TEXT)["jobs"].values()
    return only


def test_it_runs_what_ci_runs_here_and_nothing_else(job: Any) -> None:
    commands = [step["run"] for step in job["steps"] if "run" in step]

    assert commands == [".ci/run"]
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_it_has_the_pythons_that_ci_looks_for(job: Any) -> None:
    (offered,) = [step["with"]["python-version"] for step in job["steps"] if "setup-python" in step.get("uses", "")]

    looked_for = set(re.findall(r"\$\(python (3\.\d+)\)", (ROOT / ".ci/run").read_text()))

    assert looked_for == set(offered.split())


def test_every_action_is_named_by_its_commit_and_says_its_version() -> None:
    used = re.findall(r"uses: (.+)", TEXT)

    assert used
    assert [each for each in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)] == []


def test_it_may_read_the_code_and_nothing_else_and_has_an_end(job: Any) -> None:
    assert yaml.safe_load(TEXT)["permissions"] == {"contents": "read"}
    assert "permissions" not in job
    assert job["timeout-minutes"] <= 180

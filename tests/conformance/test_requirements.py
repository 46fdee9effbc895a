"""Every requirement is met, exactly."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance import suites
from tests.conformance.matching import Bindings, history_differences, log_differences
from tests.conformance.registry import HANDLERS
from tests.conformance.requirements import HOW_TO_GET_THEM, Requirement, files, read
from tests.conformance.running import Ran, run

suites.load()
FILES = files()

pytestmark = pytest.mark.skipif(not FILES, reason=HOW_TO_GET_THEM)


def test_every_requirement_has_a_handler_and_every_handler_a_requirement() -> None:
    required = {file.stem for file in FILES}

    assert required - set(HANDLERS) == set()
    assert set(HANDLERS) - required == set()


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_handler_meets_its_requirement(file: Path) -> None:
    requirement = read(file)

    ran = run(requirement, HANDLERS[requirement.id])

    found = list(differences(requirement, ran))
    assert not found, "\n".join([str(requirement), *found])


def differences(requirement: Requirement, ran: Ran) -> Iterator[str]:
    """Where an execution is not as required."""
    bindings, expected = Bindings(), requirement.get("ExpectedResult") or {}
    yield from history_differences(requirement.get("ExpectedExecutionHistory") or [], ran.history, bindings)
    yield from log_differences(requirement.get("ExpectedLogs") or [], ran.log, bindings)
    if expected.get("ExecutionStatus", ran.execution.status) != ran.execution.status:
        yield f"the status is {ran.execution.status}, expected {expected['ExecutionStatus']}: {ran.execution.error}"
    if "Result" in expected and json.loads(ran.execution.result or "null") != expected["Result"]:
        yield f"the result is {ran.execution.result}, expected {expected['Result']!r}"

import json
from pathlib import Path

import pytest

from tests.conformance import suites
from tests.conformance.matching import Bindings, differences, history_differences, log_differences
from tests.conformance.registry import HANDLERS
from tests.conformance.requirements import HOW_TO_GET_THEM, files, read
from tests.conformance.running import run

suites.load()
FILES = files()


@pytest.mark.skipif(not FILES, reason=HOW_TO_GET_THEM)
def test_every_requirement_has_a_handler_and_every_handler_a_requirement() -> None:
    assert {file.stem for file in FILES} == set(HANDLERS)


@pytest.mark.skipif(not FILES, reason=HOW_TO_GET_THEM)
@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_handler_meets_its_requirement(file: Path) -> None:
    requirement, bindings = read(file), Bindings()

    ran = run(requirement, HANDLERS[file.stem])

    expected = requirement.get("ExpectedResult") or {}
    found = history_differences(requirement.get("ExpectedExecutionHistory") or [], ran.history, bindings)
    found += log_differences(requirement.get("ExpectedLogs") or [], ran.log, bindings)
    if "ExecutionStatus" in expected:
        found += differences(expected["ExecutionStatus"], ran.execution.status, bindings, "the status")
    if "Result" in expected and json.loads(ran.execution.result or "null") != expected["Result"]:
        found.append(f"the result is {ran.execution.result}, expected {expected['Result']!r}")
    told = "\n".join(json.dumps(event, default=str) for event in ran.history)
    assert not found, "\n".join([str(requirement), "", *found, "", told])

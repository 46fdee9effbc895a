"""The test runner, on functions of the durable core."""

import sys
from pathlib import Path
from typing import Any

import pytest

from durable.config import Duration
from durable.context import DurableContext
from durable.execution import durable_execution
from durable_local.testing import DurableFunctionTestRunner, cold, run


@durable_execution
def nightly(event: dict[str, int], context: DurableContext) -> Any:
    base = context.step(lambda _: event["base"], name="read-base")
    context.wait(Duration.from_days(30), name="a-month")
    doubled = context.map([1, 2], lambda child, item, *_: child.step(lambda _: base * item, name="times"), name="all")
    return doubled.get_results()


@durable_execution
def failing(event: Any, context: DurableContext) -> None:
    raise ValueError("no")


def test_a_result_has_the_answer_and_everything_that_was_recorded() -> None:
    result = run(nightly, {"base": 21})

    assert (result.status, result.result, result.error, result.invocations) == ("SUCCEEDED", [21, 42], None, 2)
    assert result.operation("a-month").status == "SUCCEEDED"
    assert sorted(str(each.result) for each in result.operations_named("times")) == ["21", "42"]
    assert [event["EventType"] for event in result.history][:4] == [
        "ExecutionStarted",
        "StepStarted",
        "StepSucceeded",
        "WaitStarted",
    ]


def test_a_failure_has_its_error() -> None:
    result = run(failing)

    assert (result.status, result.result) == ("FAILED", None)
    assert result.error
    assert (result.error.type, result.error.message) == ("ValueError", "no")


def test_a_name_that_no_operation_has_is_answered_with_those_there_are() -> None:
    with pytest.raises(LookupError, match=r"'charge'; the names are: a-month, all, .*read-base, times"):
        run(nightly, {"base": 1}).operation("charge")


def test_a_name_that_was_run_before_runs_nothing_again(tmp_path: Path) -> None:
    first = DurableFunctionTestRunner(nightly, database=tmp_path / "journal.sqlite").run({"base": 2}, "monday")
    again = DurableFunctionTestRunner(nightly, database=tmp_path / "journal.sqlite").run({"base": 2}, "monday")

    assert again == first


def test_a_cold_handler_loses_what_it_keeps_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "forgetful.py").write_text(
        "from durable.config import Duration\n"
        "from durable.execution import durable_execution\n\n"
        "kept = []\n\n\n"
        "@durable_execution\n"
        "def handler(event, context):\n"
        "    context.step(lambda _: kept.append(1), name='keep')\n"
        "    context.wait(Duration.from_seconds(1), name='pause')\n"
        "    return len(kept)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))

    result = DurableFunctionTestRunner(loader=cold("forgetful.handler")).run()

    del sys.modules["forgetful"]
    assert (result.status, result.result) == ("SUCCEEDED", 0)


@pytest.mark.parametrize("given", [{}, {"handler": nightly, "loader": cold("a.b")}])
def test_a_runner_takes_a_handler_or_a_loader(given: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="either a handler or a loader"):
        DurableFunctionTestRunner(**given)

import json
from typing import Any

import pytest

from durable.completion import CompletionConfig
from durable.config import Duration, MapConfig, NestingType
from durable.model import OperationUpdate
from tests.durable.execution import ExecutionUnderTest, Invoked, Program, ident
from tests.durable.updates import context as child

ROOT = "aws_durable_execution_sdk_python.exceptions"
LARGE = "x" * 100_000


def mapped(count: int, nesting: NestingType, calls: list[str], config: dict[str, Any] | None = None) -> Program:
    """A map whose result takes more than 256 KiB, and an answer that tells of it without its size."""

    def function(inner: Any, item: int, *_: object) -> str:
        calls.append("body")
        inner.step(lambda _: calls.append("step"), name="s")
        if item == 1:
            raise ValueError("item 1")
        return LARGE

    def program(_event: object, context: Any) -> object:
        settings = MapConfig(nesting_type=nesting, completion_config=CompletionConfig.all_completed(), **(config or {}))
        batch = context.map(range(count), function, name="m", config=settings)
        context.wait(Duration(1))
        errors = [[error.type, error.message] for error in batch.get_errors()]
        return [
            batch.completion_reason,
            [item.status for item in batch.all],
            [len(r) for r in batch.get_results()],
            errors,
        ]

    return program


@pytest.mark.parametrize("nesting", list(NestingType))
def test_a_large_batch_is_rebuilt_without_running_any_step(nesting: NestingType) -> None:
    execution, calls = ExecutionUnderTest(), list[str]()

    first = execution.invoke(mapped(5, nesting, calls))
    ran = list(calls)
    execution.clock.advance(1)
    second = execution.invoke(mapped(5, nesting, calls))

    details = execution.operation("m").context_details
    assert details
    assert details.replay_children
    assert json.loads(details.result or "") == {
        "type": "MapResult",
        "totalCount": 5,
        "completionReason": "ALL_COMPLETED",
        "startedIndexes": [],
        "startedCount": 0,
        "successCount": 4,
        "failureCount": 1,
        "status": "FAILED",
    }
    statuses = ["SUCCEEDED", "FAILED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]
    assert second.result == ["ALL_COMPLETED", statuses, [100_000] * 4, [["ValueError", "item 1"]]]
    assert (first.status, calls.count("step")) == ("PENDING", 5)
    assert len(calls) - len(ran) == (0 if nesting is NestingType.NESTED else 5)
    assert second.batches == []


def closed(nested: list[OperationUpdate], **members: object) -> ExecutionUnderTest:
    """An execution with a batch that closed with a record of its own, and that many branches."""
    record = {"type": "MapResult", "completionReason": "MIN_SUCCESSFUL_REACHED", **members}
    end = child("SUCCEED", "m", payload=json.dumps(record), sub_type="Map", replay_children=True)
    execution = ExecutionUnderTest()
    execution.given(child("START", "m", sub_type="Map"), *nested, end)
    return execution


def branch(index: int, *actions: str, payload: str = '"r"') -> list[OperationUpdate]:
    def update(action: str) -> OperationUpdate:
        result = payload if action == "SUCCEED" else None
        return child(action, f"map-item-{index}", (1, index), result, "MapIteration")

    return [update(action) for action in actions]


def replay(execution: ExecutionUnderTest, count: int = 3, config: MapConfig | None = None) -> Invoked:
    def program(_event: object, context: Any) -> object:
        batch = context.map(range(count), lambda *_: "ran", name="m", config=config)
        return [batch.completion_reason, [[item.index, item.status, item.result] for item in batch.all]]

    return execution.invoke(program)


def test_branches_that_had_not_ended_are_started_still_whatever_is_recorded_of_them() -> None:
    nested = [*branch(0, "START", "SUCCEED"), *branch(1, "START", "SUCCEED"), *branch(2, "START")]
    execution = closed(nested, totalCount=3, startedIndexes=[1, 2])

    invoked = replay(execution)

    assert invoked.result == [
        "MIN_SUCCESSFUL_REACHED",
        [[0, "SUCCEEDED", "r"], [1, "STARTED", None], [2, "STARTED", None]],
    ]
    assert invoked.batches == []


def test_the_branches_that_had_ended_may_be_recorded_instead() -> None:
    execution = closed(branch(2, "START", "SUCCEED"), totalCount=3, completedIndexes=[2])

    invoked = replay(execution)

    assert [item[1] for item in invoked.result[1]] == ["STARTED", "STARTED", "SUCCEEDED"]


def test_branches_that_never_began_are_left_out() -> None:
    execution = closed(branch(0, "START", "SUCCEED"), totalCount=1, startedIndexes=[])

    assert replay(execution).result == ["MIN_SUCCESSFUL_REACHED", [[0, "SUCCEEDED", "r"]]]


@pytest.mark.parametrize("actions", [(), ("START",)])
def test_a_branch_that_should_have_ended_but_has_not_fails_the_execution(actions: tuple[str, ...]) -> None:
    execution = closed([*branch(0, "START", "SUCCEED"), *branch(1, *actions)], totalCount=2, startedIndexes=[])

    invoked = replay(execution)

    assert invoked.error["ErrorType"] == f"{ROOT}.NonDeterministicExecutionError"
    assert "map-item-1" in invoked.error["ErrorMessage"]


def test_fewer_items_than_the_batch_closed_with_fail_the_execution() -> None:
    execution = closed(branch(0, "START", "SUCCEED"), totalCount=1, startedIndexes=[])

    invoked = replay(execution, count=0)

    assert invoked.error["ErrorType"] == f"{ROOT}.NonDeterministicExecutionError"
    assert "closed with 1 branches, but the code now has 0" in invoked.error["ErrorMessage"]


def test_a_record_that_cannot_be_read_fails_the_execution() -> None:
    execution = closed([], wrong=True)

    assert replay(execution).error["ErrorType"] == f"{ROOT}.ExecutionError"


def test_the_id_of_a_branch_follows_from_its_index() -> None:
    assert branch(2, "START")[0].operation_id == ident(1, 2)

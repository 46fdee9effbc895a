import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from durable import BatchResult, ParallelBranch
from durable.completion import CompletionOutcome, complete_batch, continue_batch
from durable.config import CompletionConfig, Duration, MapConfig, NestingType, ParallelConfig, StepConfig
from durable.exceptions import SerDesError
from durable.execution import durable_execution
from durable.operations.branches.coordinator import MAX_WORKERS
from durable.retries import RetryPresets
from durable.serdes import DEFAULT_JSON_SERDES
from tests.durable.execution import ExecutionUnderTest, Program, ident, invoke, presented
from tests.durable.recording import PATIENCE
from tests.fakes.watched_scheduler import WatchedScheduler

ROOT = "aws_durable_execution_sdk_python.exceptions"
FLAT = NestingType.FLAT
ONE_AT_A_TIME = 1


def doubled(inner: Any, item: int, index: int, inputs: Sequence[int]) -> object:
    return inner.step(lambda _: item * 2, name=f"double-{index}")


def failing_at(*failing: int) -> Callable[..., object]:
    def function(_inner: Any, item: int, *_: object) -> int:
        if item in failing:
            raise ValueError(f"item {item}")
        return item

    return function


def mapped(inputs: Sequence[int], function: Callable[..., object], config: MapConfig | None = None) -> Program:
    """A program that answers how the items of its map ended."""

    def program(_event: object, context: Any) -> list[object]:
        batch = context.map(inputs, function, name="m", config=config)
        return [batch.completion_reason, [[item.index, item.status, item.result] for item in batch.all]]

    return program


def parallel(functions: Sequence[Any], config: ParallelConfig | None = None) -> Program:
    return lambda _event, context: context.parallel(functions, name="p", config=config).get_results()


def test_each_branch_is_a_child_of_the_batch_known_by_its_index() -> None:
    invoked = invoke(mapped([5, 6], doubled, MapConfig(max_concurrency=ONE_AT_A_TIME)))

    assert invoked.result == ["ALL_COMPLETED", [[0, "SUCCEEDED", 10], [1, "SUCCEEDED", 12]]]
    told = [(update["Action"], update["Name"], update["Id"], update.get("ParentId")) for update in invoked.updates]
    assert told == [
        ("START", "m", ident(1), None),
        ("START", "map-item-0", ident(1, 0), ident(1)),
        ("START", "double-0", ident(1, 0, 1), ident(1, 0)),
        ("SUCCEED", "double-0", ident(1, 0, 1), ident(1, 0)),
        ("SUCCEED", "map-item-0", ident(1, 0), ident(1)),
        ("START", "map-item-1", ident(1, 1), ident(1)),
        ("START", "double-1", ident(1, 1, 1), ident(1, 1)),
        ("SUCCEED", "double-1", ident(1, 1, 1), ident(1, 1)),
        ("SUCCEED", "map-item-1", ident(1, 1), ident(1)),
        ("SUCCEED", "m", ident(1), None),
    ]
    assert [update["SubType"] for update in invoked.updates] == [
        "Map",
        *["MapIteration", "Step", "Step", "MapIteration"] * 2,
        "Map",
    ]


def test_the_branches_of_a_parallel_have_its_subtypes_and_names() -> None:
    branches = [lambda _: 1, ParallelBranch(lambda _: 2, "second"), ParallelBranch(lambda _: 3)]

    invoked = invoke(parallel(branches, ParallelConfig(max_concurrency=ONE_AT_A_TIME)))

    assert invoked.result == [1, 2, 3]
    assert [(update["SubType"], update["Name"]) for update in invoked.updates if update["Action"] == "START"] == [
        ("Parallel", "p"),
        ("ParallelBranch", "parallel-branch-0"),
        ("ParallelBranch", "second"),
        ("ParallelBranch", "parallel-branch-2"),
    ]


def test_an_empty_branch_name_is_kept_as_no_name() -> None:
    invoked = invoke(parallel([ParallelBranch(lambda _: 1, "")]))

    assert "Name" not in invoked.updates[1]


def test_flat_branches_are_not_recorded_but_what_they_do_is() -> None:
    config = MapConfig(max_concurrency=ONE_AT_A_TIME, nesting_type=FLAT)

    invoked = invoke(mapped([5, 6], doubled, config))

    assert invoked.result == ["ALL_COMPLETED", [[0, "SUCCEEDED", 10], [1, "SUCCEEDED", 12]]]
    assert invoked.lines == [
        "CONTEXT START m",
        *["STEP START double-0", "STEP SUCCEED double-0", "STEP START double-1", "STEP SUCCEED double-1"],
        "CONTEXT SUCCEED m",
    ]
    assert [(update["Id"], update["ParentId"]) for update in invoked.updates[1:4:2]] == [
        (ident(1, 0, 1), ident(1)),
        (ident(1, 1, 1), ident(1)),
    ]


@pytest.mark.parametrize("count", [0, 1, 7])
def test_results_stand_in_the_order_of_the_items_however_they_ended(count: int) -> None:
    invoked = invoke(mapped(range(count), doubled))

    assert invoked.result == ["ALL_COMPLETED", [[index, "SUCCEEDED", index * 2] for index in range(count)]]
    assert (invoked.lines[0], invoked.lines[-1]) == ("CONTEXT START m", "CONTEXT SUCCEED m")


def test_the_function_is_handed_the_item_its_index_and_all_items() -> None:
    handed: list[tuple[object, ...]] = []
    inputs = ["a", "b"]

    def function(_inner: Any, *arguments: object) -> None:
        handed.append(arguments)

    invoke(lambda _event, context: context.map(inputs, function, config=MapConfig(1)).total_count)

    assert handed == [("a", 0, inputs), ("b", 1, inputs)]


def test_branches_may_be_named_after_their_items() -> None:
    config = MapConfig(item_namer=lambda item, index: f"order-{item}-{index}")

    invoked = invoke(mapped([7], doubled, config))

    assert "CONTEXT START order-7-0" in invoked.lines


@pytest.mark.parametrize("name", ["é", "x" * 257, 7])
@pytest.mark.parametrize("kind", ["map", "parallel"])
def test_a_branch_name_that_the_service_would_refuse_fails_the_batch(kind: str, name: Any) -> None:
    config = MapConfig(item_namer=lambda _item, _index: name)
    program = mapped([1], doubled, config) if kind == "map" else parallel([ParallelBranch(lambda _: 1, name)])

    invoked = invoke(program)

    assert invoked.error["ErrorType"] == f"{ROOT}.ChildContextError"
    assert "must be text of at most 256 printable ASCII characters" in invoked.error["ErrorMessage"]


def test_a_namer_that_raises_fails_the_batch() -> None:
    invoked = invoke(mapped([1], doubled, MapConfig(item_namer=lambda item, _index: str(item / 0))))

    assert invoked.lines == ["CONTEXT START m", "CONTEXT FAIL m"]


@pytest.mark.parametrize("config", [MapConfig(1), MapConfig(1, nesting_type=FLAT)])
def test_the_first_failure_ends_a_map_unless_said_otherwise(config: MapConfig) -> None:
    invoked = invoke(mapped([0, 1, 2], failing_at(1), config))

    assert invoked.result == ["FAILURE_TOLERANCE_EXCEEDED", [[0, "SUCCEEDED", 0], [1, "FAILED", None]]]


@pytest.mark.parametrize(
    ("completion", "failing", "reason", "total"),
    [
        (CompletionConfig.all_completed(), (0, 1, 2), "ALL_COMPLETED", 4),
        (CompletionConfig.all_successful(), (0,), "FAILURE_TOLERANCE_EXCEEDED", 1),
        (CompletionConfig.first_successful(), (0, 1), "MIN_SUCCESSFUL_REACHED", 3),
        (CompletionConfig.first_successful(), (0, 1, 2, 3), "ALL_COMPLETED", 4),
        (CompletionConfig(min_successful=4), (), "ALL_COMPLETED", 4),
        (CompletionConfig(tolerated_failure_count=1), (1, 2), "FAILURE_TOLERANCE_EXCEEDED", 3),
        (CompletionConfig(tolerated_failure_percentage=25), (0,), "ALL_COMPLETED", 4),
        (CompletionConfig(tolerated_failure_percentage=25), (0, 1), "FAILURE_TOLERANCE_EXCEEDED", 2),
        (
            CompletionConfig(
                should_complete=lambda s: complete_batch() if s.completed_count == 2 else continue_batch()
            ),
            (1,),
            "CUSTOM_COMPLETION_SUCCEEDED",
            2,
        ),
        (
            CompletionConfig(should_complete=lambda _: complete_batch(CompletionOutcome.FAILED)),
            (),
            "CUSTOM_COMPLETION_FAILED",
            0,
        ),
    ],
)
@pytest.mark.parametrize("nesting", list(NestingType))
def test_a_batch_of_four_ends_as_its_policy_says(
    completion: CompletionConfig, failing: tuple[int, ...], reason: str, total: int, nesting: NestingType
) -> None:
    config = MapConfig(ONE_AT_A_TIME, completion, nesting_type=nesting)

    invoked = invoke(mapped([0, 1, 2, 3], failing_at(*failing), config))

    assert invoked.result[0] == reason
    assert len(invoked.result[1]) == total


@pytest.mark.parametrize("nesting", list(NestingType))
def test_a_failed_item_keeps_the_error_that_its_branch_raised(nesting: NestingType) -> None:
    def stepping(inner: Any, item: int, *_: object) -> None:
        inner.step(lambda _: item / 0, name="s", config=StepConfig(RetryPresets.none()))

    def program(_event: object, context: Any) -> list[object]:
        config = MapConfig(completion_config=CompletionConfig.all_completed(), nesting_type=nesting)
        plain = context.map([1], failing_at(1), name="plain", config=config)
        nested = context.map([1], stepping, name="nested", config=config)
        return [[error.type, error.message] for error in plain.get_errors() + nested.get_errors()]

    assert invoke(program).result == [["ValueError", "item 1"], [f"{ROOT}.StepError", "division by zero"]]


def test_too_few_items_for_the_successes_asked_for_are_refused_before_anything_is_recorded() -> None:
    config = MapConfig(completion_config=CompletionConfig(min_successful=2))

    def program(_event: object, context: Any) -> object:
        with pytest.raises(Exception, match="min_successful=2 exceeds the number of items, 1"):
            context.map([1], doubled, name="m", config=config)
        return context.step(lambda _: 1, name="s")

    invoked = invoke(program)

    assert {update["Id"] for update in invoked.updates} == {ident(1)}


def test_items_and_the_batch_may_be_written_by_serdes_of_their_own() -> None:
    config = MapConfig(item_serdes=DEFAULT_JSON_SERDES)

    invoked = invoke(mapped([1], lambda *_: (1, 2), config))

    (item_end,) = (u for u in invoked.updates if u["Action"] == "SUCCEED" and u["Name"] == "map-item-0")
    assert item_end["Payload"] == "[1, 2]"


def test_a_batch_that_succeeded_is_not_run_again() -> None:
    ran: list[int] = []

    def program(_event: object, context: Any) -> object:
        batch = context.map([1, 2], lambda _inner, item, *_: ran.append(item), name="m")
        context.wait(Duration(1))
        return [type(batch) is BatchResult, batch.completion_reason]

    ended = ExecutionUnderTest().run(program)

    assert (ended.result, sorted(ran)) == ('[true, "ALL_COMPLETED"]', [1, 2])


def test_however_many_branches_are_at_work_at_a_time_they_take_few_threads() -> None:
    execution, scheduler = ExecutionUnderTest(), WatchedScheduler()
    event = replace(presented(execution.begin(), execution.service), scheduler=scheduler)

    def work(*_: object) -> None:
        assert scheduler.resting.wait(PATIENCE)

    def program(_event: object, context: Any) -> int:
        count: int = context.map(range(MAX_WORKERS + 10), work, name="m").success_count
        return count

    answer = durable_execution(program)(event, None)

    assert answer["Result"] == str(MAX_WORKERS + 10)
    assert scheduler.started <= MAX_WORKERS + 1


def test_a_thousand_items_take_few_threads() -> None:
    before, most = threading.active_count(), 0
    lock = threading.Lock()

    def count(_inner: Any, item: int, *_: object) -> int:
        nonlocal most
        with lock:
            most = max(most, threading.active_count())
        return item

    invoked = invoke(lambda _event, context: context.map(range(1000), count, name="m").success_count)

    assert invoked.result == 1000
    assert most <= before + MAX_WORKERS + 1
    assert len(invoked.batches) < 1000


def test_a_summary_of_the_users_own_that_no_checkpoint_holds_fails_the_batch_and_can_be_caught() -> None:
    config = MapConfig(summary_generator=lambda _result: "x" * 300_000)

    def program(_event: object, context: Any) -> str:
        try:
            context.map([1, 2], lambda *_: "y" * 200_000, name="m", config=config)
        except SerDesError as error:
            return str(error)
        return "recorded"

    invoked = invoke(program)

    assert re.match(r"The summary of m takes 300[0-9]{3} bytes, a checkpoint holds 262144", invoked.result)
    assert invoked.lines[-1] == "CONTEXT FAIL m"

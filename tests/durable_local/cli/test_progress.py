from datetime import timedelta

import pytest

from durable.model import (
    ContextDetails,
    ExecutionDetails,
    Operation,
    OperationStatus,
    OperationType,
    StepDetails,
    WaitDetails,
)
from durable_local.cli.progress import Delay, Line, Progress, integers
from tests.fakes.clock import START

LATER = START + timedelta(seconds=9)


def step(id_: str, parent: str | None = None, status: str = "SUCCEEDED") -> Operation:
    return Operation(id_, OperationType.STEP, OperationStatus(status), parent, f"step-{id_}", START, LATER, "Step")


def context(
    id_: str, kind: str, parent: str | None = None, status: str = "STARTED", result: str | None = None
) -> Operation:
    details = ContextDetails(result=result)
    return Operation(
        id_,
        OperationType.CONTEXT,
        OperationStatus(status),
        parent,
        f"{kind}-{id_}",
        START,
        sub_type=kind,
        context_details=details,
    )


def lines(*operations: Operation) -> dict[str, Line]:
    return {line.label: line for line in Progress(operations).lines()}


def test_every_top_level_operation_and_every_branch_of_a_parallel_has_a_line() -> None:
    shown = Progress(
        [
            Operation(
                "e", OperationType.EXECUTION, OperationStatus.STARTED, execution_details=ExecutionDetails("secret")
            ),
            step("s"),
            context("p", "Parallel"),
            context("b1", "ParallelBranch", "p"),
            context("b2", "ParallelBranch", "p"),
            context("m", "Map", "b1"),
            context("i", "MapIteration", "m"),
            context("q", "Parallel", "b2"),
            context("b3", "ParallelBranch", "q"),
        ]
    ).lines()

    assert [(line.depth, line.label) for line in shown] == [
        (0, "step-s"),
        (0, "Parallel-p"),
        (1, "ParallelBranch-b1"),
        (1, "ParallelBranch-b2"),
    ]


def test_steps_and_items_are_counted_on_the_line_of_their_branch() -> None:
    shown = lines(
        context("p", "Parallel"),
        context("b1", "ParallelBranch", "p"),
        context("b2", "ParallelBranch", "p"),
        step("s0", "b2"),
        context("m", "Map", "b1"),
        context("i0", "MapIteration", "m", "SUCCEEDED", '{"stored": 2, "rejected": 1, "key": "k", "ok": true}'),
        context("i1", "MapIteration", "m", "SUCCEEDED", '{"stored": 3}'),
        context("i2", "MapIteration", "m"),
        step("s1", "i0"),
        step("s2", "i0", "STARTED"),
        step("s3", "i1", "FAILED"),
    )

    branch = shown["ParallelBranch-b1"]
    assert (branch.steps, branch.items, branch.sums) == (1, 2, {"stored": 5, "rejected": 1})
    assert (shown["ParallelBranch-b2"].steps, shown["ParallelBranch-b2"].items) == (1, 0)


def test_an_operation_that_is_seen_again_counts_once() -> None:
    progress = Progress([step("s", status="STARTED")])

    progress.observe([step("s")])
    progress.observe([step("s")])

    (line,) = progress.lines()
    assert (line.steps, line.status, line.ended) == (1, "SUCCEEDED", LATER)


def test_waits_and_retries_are_noted_until_they_are_over() -> None:
    wait = Operation(
        "w", OperationType.WAIT, OperationStatus.STARTED, "x", "pause", START, wait_details=WaitDetails(LATER)
    )
    retry = Operation(
        "r", OperationType.STEP, OperationStatus.PENDING, "x", "charge", START, step_details=StepDetails(1, LATER)
    )
    progress = Progress([context("x", "RunInChildContext"), wait, retry])
    (line,) = progress.lines()

    assert list(line.delays.values()) == [
        Delay("pause", LATER, is_retry=False),
        Delay("charge", LATER, is_retry=True),
    ]
    progress.observe([step("r", "x"), Operation("w", OperationType.WAIT, OperationStatus.SUCCEEDED, "x", "pause")])
    assert line.delays == {}


@pytest.mark.parametrize(
    ("result", "found"),
    [
        ('{"stored":1,"ratio":0.5,"ok":true,"key":"k","none":null}', {"stored": 1}),
        ('{"t":"m","v":{"stored":{"t":"i","v":38},"ok":{"t":"b","v":true},"key":{"t":"s","v":"k"}}}', {"stored": 38}),
        ("[1, 2]", {}),
        ("7", {}),
        ("not JSON", {}),
        ('{"t":"m","v":[1]}', {}),
        ("", {}),
        (None, {}),
    ],
)
def test_only_integer_members_of_objects_are_added_up(result: str | None, found: dict[str, int]) -> None:
    assert integers(result) == found

"""Code that has changed under a running execution: refused before any new effect, even if it swallows errors."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from durable import ParallelBranch
from durable.config import ChildConfig, CompletionConfig, Duration, MapConfig, NestingType, ParallelConfig, StepConfig
from durable.model import OperationUpdate
from durable.retries import RetryPresets
from tests.durable.execution import ExecutionUnderTest, Program
from tests.durable.updates import context as child
from tests.durable.updates import step, wait

MISMATCH = "aws_durable_execution_sdk_python.exceptions.NonDeterministicExecutionError"
Body = Callable[[Any, Callable[[object], str]], object]


def program(body: Body, effects: list[str]) -> Program:
    def effect(_context: object) -> str:
        effects.append("!")
        return "done"

    return lambda _event, context: body(context, effect)


def branch_step(context: Any, effect: Any, name: str) -> Callable[[Any], object]:
    return lambda inner: inner.step(effect, name=name)


STEP_THEN_WAIT = [step("SUCCEED", "a", (1,), '"done"'), wait("w", (2,))]

CHANGED: dict[str, Body] = {
    "renamed": lambda c, effect: [c.step(effect, name="b"), c.wait(Duration(5), name="w")],
    "unnamed": lambda c, effect: [c.step(effect), c.wait(Duration(5), name="w")],
    "inserted before": lambda c, effect: [c.step(effect, name="new"), c.step(effect, name="a")],
    "removed": lambda c, effect: [c.wait(Duration(5), name="w"), c.step(effect, name="z")],
    "swapped": lambda c, effect: [c.wait(Duration(5), name="w"), c.step(effect, name="a")],
    "of another type": lambda c, effect: [c.run_in_child_context(lambda _: effect(c), name="a")],
    "of another subtype": lambda c, effect: [c.step(effect, name="a", config=StepConfig(sub_type="Mine"))],
    "in a child": lambda c, effect: c.run_in_child_context(lambda inner: inner.step(effect, name="a"), name="a"),
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_changed_operation_fails_the_execution_before_its_effect(change: str) -> None:
    execution, effects = ExecutionUnderTest(), list[str]()
    execution.given(*STEP_THEN_WAIT)

    invoked = execution.invoke(program(CHANGED[change], effects))

    assert invoked.status == "FAILED"
    assert invoked.error["ErrorType"] == MISMATCH
    assert (effects, invoked.updates) == ([], [])


@pytest.mark.parametrize("change", CHANGED)
def test_code_that_swallows_the_mismatch_fails_all_the_same(change: str) -> None:
    def swallowing(context: Any, effect: Callable[[object], str]) -> str:
        with suppress(Exception):
            CHANGED[change](context, effect)
        return context.step(effect, name="and on it goes") or "fine"

    execution, effects = ExecutionUnderTest(), list[str]()
    execution.given(*STEP_THEN_WAIT)

    invoked = execution.invoke(program(swallowing, effects))

    assert invoked.status == "FAILED"
    assert invoked.error["ErrorType"] == MISMATCH
    assert (effects, invoked.updates) == ([], [])


def test_code_that_swallows_every_mismatch_and_returns_fails_all_the_same() -> None:
    def deaf(context: Any, effect: Callable[[object], str]) -> str:
        for name in ("b", "c"):
            with suppress(Exception):
                context.step(effect, name=name)
        return "fine"

    execution, effects = ExecutionUnderTest(), list[str]()
    execution.given(*STEP_THEN_WAIT)

    invoked = execution.invoke(program(deaf, effects))

    assert (invoked.status, effects, invoked.updates) == ("FAILED", [], [])


def test_nothing_begins_after_a_mismatch_that_was_swallowed() -> None:
    def deaf(context: Any, effect: Callable[[object], str]) -> object:
        with suppress(Exception):
            context.step(effect, name="b")
        return context.step(effect, name="new")

    execution, effects = ExecutionUnderTest(), list[str]()
    execution.given(step("SUCCEED", "a", (1,), '"done"'))

    invoked = execution.invoke(program(deaf, effects))

    assert (invoked.status, effects, invoked.updates) == ("FAILED", [], [])
    assert invoked.error["ErrorType"] == MISMATCH


@pytest.mark.parametrize("tolerant", [CompletionConfig.all_completed(), CompletionConfig.all_successful()])
def test_a_changed_step_in_a_branch_fails_the_execution_however_tolerant_the_batch(tolerant: CompletionConfig) -> None:
    def changed(context: Any, effect: Callable[[object], str]) -> object:
        config = ParallelConfig(completion_config=tolerant)
        return context.parallel([branch_step(context, effect, "renamed")], name="p", config=config).get_results()

    execution, effects = ExecutionUnderTest(), list[str]()
    execution.given(
        child("START", "p", (1,), sub_type="Parallel"),
        child("START", "parallel-branch-0", (1, 0), sub_type="ParallelBranch"),
        step("SUCCEED", "x", (1, 0, 1), '"done"'),
    )

    invoked = execution.invoke(program(changed, effects))

    assert invoked.status == "FAILED"
    assert invoked.error["ErrorType"] == MISMATCH
    assert (effects, invoked.updates) == ([], [])


def test_a_renamed_branch_fails_the_execution() -> None:
    def changed(context: Any, effect: Callable[[object], str]) -> object:
        branch = ParallelBranch(branch_step(context, effect, "x"), name="renamed")
        return context.parallel([branch], name="p").get_results()

    execution, effects = ExecutionUnderTest(), list[str]()
    execution.given(
        child("START", "p", (1,), sub_type="Parallel"),
        child("START", "parallel-branch-0", (1, 0), sub_type="ParallelBranch"),
    )

    invoked = execution.invoke(program(changed, effects))

    assert (invoked.status, effects, invoked.updates) == ("FAILED", [], [])


def test_a_recorded_branch_may_not_become_flat() -> None:
    def changed(context: Any, effect: Callable[[object], str]) -> object:
        config = MapConfig(nesting_type=NestingType.FLAT)
        return context.map([1], lambda inner, *_: inner.step(effect, name="x"), name="m", config=config).get_results()

    execution, effects = ExecutionUnderTest(), list[str]()
    execution.given(
        child("START", "m", (1,), sub_type="Map"), child("START", "map-item-0", (1, 0), sub_type="MapIteration")
    )

    invoked = execution.invoke(program(changed, effects))

    assert (invoked.status, invoked.error["ErrorType"]) == ("FAILED", MISMATCH)
    assert (effects, invoked.updates) == ([], [])


ALLOWED: dict[str, Body] = {
    "as it was": lambda c, effect: [c.step(effect, name="a"), c.wait(Duration(5), name="w")],
    "something appended": lambda c, effect: [
        c.step(effect, name="a"),
        c.wait(Duration(5), name="w"),
        c.step(effect, name="z"),
    ],
    "other retries": lambda c, effect: [
        c.step(effect, name="a", config=StepConfig(RetryPresets.none())),
        c.wait(Duration(5), name="w"),
    ],
    "a longer wait": lambda c, effect: [c.step(effect, name="a"), c.wait(Duration(50), name="w")],
}


@pytest.mark.parametrize("change", ALLOWED)
def test_a_change_that_leaves_the_recorded_operations_is_accepted(change: str) -> None:
    execution, effects = ExecutionUnderTest(), list[str]()
    execution.given(*STEP_THEN_WAIT)

    invoked = execution.invoke(program(ALLOWED[change], effects))

    assert (invoked.status, effects, invoked.updates) == ("PENDING", [], [])


UNREACHED: dict[str, tuple[list[OperationUpdate], Body]] = {
    "by the handler": (STEP_THEN_WAIT, lambda c, effect: c.step(effect, name="a")),
    "by a handler that asks for nothing": (STEP_THEN_WAIT, lambda _c, _effect: "fine"),
    "by a child context": (
        [child("START", "c", (1,)), step("SUCCEED", "a", (1, 1), '"done"'), step("SUCCEED", "b", (1, 2), '"done"')],
        lambda c, effect: c.run_in_child_context(lambda inner: inner.step(effect, name="a"), name="c"),
    ),
    "by a branch": (
        [
            child("START", "p", (1,), sub_type="Parallel"),
            child("START", "parallel-branch-0", (1, 0), sub_type="ParallelBranch"),
            step("SUCCEED", "x", (1, 0, 1), '"done"'),
        ],
        lambda c, _effect: c.parallel([lambda _inner: "nothing"], name="p").get_results(),
    ),
}


@pytest.mark.parametrize("case", UNREACHED)
def test_an_end_before_a_recorded_operation_is_reached_fails_the_execution(case: str) -> None:
    given, body = UNREACHED[case]
    execution, effects = ExecutionUnderTest(), list[str]()
    execution.given(*given)

    invoked = execution.invoke(program(body, effects))

    assert (invoked.status, invoked.error["ErrorType"]) == ("FAILED", MISMATCH)
    assert "The code ends before this recorded" in invoked.error["ErrorMessage"]
    assert (effects, invoked.updates) == ([], [])


@pytest.mark.parametrize("nesting", NestingType)
def test_a_batch_that_has_begun_a_branch_which_is_gone_fails_the_execution(nesting: NestingType) -> None:
    def map_of(count: int) -> Body:
        def body(context: Any, effect: Callable[[object], str]) -> object:
            config = MapConfig(nesting_type=nesting)
            return context.map(range(count), lambda c, *_: [c.step(effect), c.wait(Duration(9))], "m", config)

        return body

    execution, effects = ExecutionUnderTest(), list[str]()
    execution.invoke(program(map_of(3), effects))

    invoked = execution.invoke(program(map_of(2), effects))

    assert (invoked.status, invoked.error["ErrorType"]) == ("FAILED", MISMATCH)
    assert "The batch has begun branch 2, but the code now has 2 branches" in invoked.error["ErrorMessage"]
    assert (len(effects), invoked.updates) == (3, [])


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_that_closed_with_another_number_of_items_fails_the_execution(count: int) -> None:
    def map_of(count: int) -> Body:
        def body(context: Any, effect: Callable[[object], str]) -> None:
            context.map(range(count), lambda c, *_: c.step(effect), "m")
            context.wait(Duration(9), name="w")

        return body

    execution, effects = ExecutionUnderTest(), list[str]()
    execution.invoke(program(map_of(2), effects))

    invoked = execution.invoke(program(map_of(count), effects))

    assert (invoked.status, invoked.error["ErrorType"]) == ("FAILED", MISMATCH)
    assert f"closed with 2 branches, but the code now has {count}" in invoked.error["ErrorMessage"]
    assert (len(effects), invoked.updates) == (2, [])


def test_a_batch_that_ended_early_may_be_called_with_more_items() -> None:
    def first_of(count: int) -> Body:
        def body(context: Any, effect: Callable[[object], str]) -> None:
            config = MapConfig(max_concurrency=1, completion_config=CompletionConfig.first_successful())
            context.map(range(count), lambda c, *_: c.step(effect), "m", config)
            context.wait(Duration(9), name="w")

        return body

    execution, effects = ExecutionUnderTest(), list[str]()
    execution.invoke(program(first_of(2), effects))

    invoked = execution.invoke(program(first_of(3), effects))

    assert (invoked.status, effects, invoked.updates) == ("PENDING", ["!"], [])


@pytest.mark.parametrize("is_virtual", [False, True])
def test_a_new_operation_in_a_large_child_that_has_ended_fails_the_execution_before_its_effect(
    *, is_virtual: bool
) -> None:
    execution, effects = ExecutionUnderTest(), list[str]()
    execution.given(
        child("START"), step("SUCCEED", "a", (1, 1), '"done"'), child("SUCCEED", payload="", replay_children=True)
    )

    def added(inner: Any, effect: Any) -> object:
        return inner.run_in_child_context(lambda each: each.step(effect), config=ChildConfig(is_virtual=is_virtual))

    def changed(context: Any, effect: Any) -> object:
        return context.run_in_child_context(
            lambda inner: [inner.step(effect, name="a"), added(inner, effect)], name="c"
        )

    invoked = execution.invoke(program(changed, effects))

    assert (invoked.status, effects, invoked.updates) == ("FAILED", [], [])
    assert invoked.error["ErrorType"] == MISMATCH

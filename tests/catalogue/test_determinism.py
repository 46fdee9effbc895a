"""Rows 45 to 51 of the failure catalogue: code that has changed under a running execution."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from durable.config import (
    ChildConfig,
    CompletionConfig,
    Duration,
    MapConfig,
    NestingType,
    ParallelBranch,
    ParallelConfig,
    StepConfig,
)
from durable.retries import RetryPresets
from tests.catalogue.changes import Body, assert_refused, first_and_then
from tests.catalogue.effects import Effects
from tests.catalogue.signals import Signal
from tests.durable.execution import ExecutionUnderTest
from tests.durable.updates import step

TOLERANT = CompletionConfig.all_completed()


def pause(context: Any, name: str | None = "w", seconds: int = 60) -> object:
    return context.wait(Duration(seconds), name=name)


def step_and_pause(c: Any, e: Effects) -> object:
    return [e.step(c, "a"), pause(c)]


CHANGED: dict[str, Body] = {
    "renamed": lambda c, e: [e.step(c, "b"), pause(c)],
    "unnamed": lambda c, e: [c.step(e.of("a")), pause(c)],
    "inserted before": lambda c, e: [e.step(c, "new"), e.step(c, "a"), pause(c)],
    "removed": lambda c, e: [pause(c), e.step(c, "z")],
    "swapped": lambda c, e: [pause(c), e.step(c, "a")],
    "of another type": lambda c, e: [c.run_in_child_context(e.of("a"), name="a"), pause(c)],
    "of another subtype": lambda c, e: [c.step(e.of("a"), name="a", config=StepConfig(sub_type="Mine")), pause(c)],
    "in a child": lambda c, e: c.run_in_child_context(lambda inner: step_and_pause(inner, e), name="a"),
}


def in_batch(c: Any, body: Callable[[Any], object], nesting: NestingType = NestingType.NESTED) -> object:
    config = ParallelConfig(completion_config=TOLERANT, nesting_type=nesting)
    return c.parallel([body], name="place", config=config).get_results()


PLACES: dict[str, Callable[[Any, Callable[[Any], object]], object]] = {
    "handler": lambda c, body: body(c),
    "child": lambda c, body: c.run_in_child_context(body, name="place"),
    "tolerant batch": in_batch,
    "flat batch": lambda c, body: in_batch(c, body, NestingType.FLAT),
}


def at(place: str, body: Body) -> Body:
    return lambda c, e: PLACES[place](c, lambda inner: body(inner, e))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("change", CHANGED)
def test_45_a_changed_operation_fails_the_execution_before_its_effect(change: str, place: str) -> None:
    assert_refused(*first_and_then(at(place, step_and_pause), at(place, CHANGED[change])))


ADDED: dict[str, Body] = {
    "step": lambda c, e: e.step(c, "new"),
    "child": lambda c, e: c.run_in_child_context(lambda inner: e.step(inner, "new"), name="new"),
    "virtual child": lambda c, e: c.run_in_child_context(
        lambda inner: e.step(inner, "new"), config=ChildConfig(is_virtual=True)
    ),
}


@pytest.mark.parametrize("added", ADDED)
def test_45_a_new_operation_in_a_large_child_that_has_ended_fails_the_execution_before_its_effect(added: str) -> None:
    def body(c: Any, e: Effects, *, is_changed: bool) -> None:
        def large(inner: Any) -> str:
            return e.step(inner, "a") * 300_000 + str(is_changed and ADDED[added](inner, e))

        c.run_in_child_context(large, name="c")
        pause(c)

    invoked, effects = first_and_then(partial(body, is_changed=False), partial(body, is_changed=True))

    assert_refused(invoked, effects, "is new in an operation that has ended")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("change", CHANGED)
def test_46_code_that_swallows_the_mismatch_fails_all_the_same(change: str, place: str) -> None:
    def swallowing(c: Any, e: Effects) -> str:
        with suppress(Exception):
            at(place, CHANGED[change])(c, e)
        return e.step(c, "and on it goes")

    assert_refused(*first_and_then(at(place, step_and_pause), swallowing))


def test_46_code_that_swallows_every_mismatch_and_returns_fails_all_the_same() -> None:
    def deaf(c: Any, e: Effects) -> str:
        for name in ("b", "c"):
            with suppress(Exception):
                e.step(c, name)
        return "fine"

    assert_refused(*first_and_then(step_and_pause, deaf))


def test_46_nothing_new_begins_after_a_mismatch_that_was_swallowed() -> None:
    execution, effects = ExecutionUnderTest(), Effects()
    execution.given(step("SUCCEED", "a", (1,), '"a"'))

    def deaf(_event: object, c: Any) -> str:
        with suppress(Exception):
            effects.step(c, "b")
        return effects.step(c, "new")

    assert_refused(execution.invoke(deaf), effects)


def paused(c: Any, e: Effects, *names: str | None) -> object:
    """A parallel of branches with these names that are suspended."""
    branches = [ParallelBranch(partial(step_and_pause, e=e), name) for name in names]
    return c.parallel(branches, name="p").get_results()


def mapped(c: Any, e: Effects, count: int, nesting: NestingType = NestingType.NESTED, seconds: int = 60) -> object:
    """A map whose branches are suspended, or have ended when they wait for no time."""
    config = MapConfig(nesting_type=nesting)
    return c.map(range(count), lambda i, *_: [e.step(i, "a"), seconds and pause(i)], "m", config).total_count


@pytest.mark.parametrize("changed", [("x", "renamed"), ("renamed", "y"), ("y", "x"), ("x", None)])
def test_47_a_renamed_branch_fails_the_execution(changed: tuple[str | None, ...]) -> None:
    assert_refused(*first_and_then(lambda c, e: paused(c, e, "x", "y"), lambda c, e: paused(c, e, *changed)))


def test_47_a_branch_that_becomes_flat_fails_the_execution() -> None:
    assert_refused(*first_and_then(lambda c, e: mapped(c, e, 1), lambda c, e: mapped(c, e, 1, NestingType.FLAT)))


def test_47_a_child_that_becomes_virtual_fails_the_execution() -> None:
    def body(config: ChildConfig, c: Any, _e: Effects) -> object:
        return [c.run_in_child_context(lambda _: 1, name="c", config=config), pause(c)]

    invoked, effects = first_and_then(partial(body, ChildConfig()), partial(body, ChildConfig(is_virtual=True)))

    assert_refused(invoked, effects, "It was recorded, but is now a virtual context")


def test_47_branches_of_a_map_that_become_those_of_a_parallel_fail_the_execution() -> None:
    names = ("map-item-0", "map-item-1")

    invoked, effects = first_and_then(
        lambda c, e: c.map([0, 1], lambda i, *_: step_and_pause(i, e), name="p"), lambda c, e: paused(c, e, *names)
    )

    assert_refused(invoked, effects, "subtype checkpoint='Map' current='Parallel'")


@pytest.mark.parametrize("nesting", NestingType)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_47_a_batch_that_has_begun_a_branch_which_is_gone_fails_the_execution(count: int, nesting: NestingType) -> None:
    invoked, effects = first_and_then(lambda c, e: mapped(c, e, 3, nesting), lambda c, e: mapped(c, e, count, nesting))

    assert_refused(invoked, effects, f"The batch has begun branch {count}, but the code now has {count} branches")


@pytest.mark.parametrize("count", [1, 3])
def test_47_a_batch_that_closed_with_another_number_of_items_fails_the_execution(count: int) -> None:
    invoked, effects = first_and_then(
        lambda c, e: [mapped(c, e, 2, seconds=0), pause(c)], lambda c, e: [mapped(c, e, count, seconds=0), pause(c)]
    )

    assert_refused(invoked, effects, f"closed with 2 branches, but the code now has {count}")


def test_47_fewer_items_than_a_batch_that_ended_early_had_begun_fail_the_execution() -> None:
    def failing_second(count: int, c: Any, e: Effects) -> None:
        c.map(range(count), lambda i, n, *_: e.step(i, "a") * (1 // (1 - n)), "m", MapConfig(max_concurrency=1))
        pause(c)

    invoked, effects = first_and_then(partial(failing_second, 3), partial(failing_second, 1))

    assert_refused(invoked, effects, "closed with 2 branches, but the code now has 1")


ENDS_EARLY: dict[str, tuple[Body, Body]] = {
    "the handler": (step_and_pause, lambda c, e: e.step(c, "a")),
    "a handler that asks for nothing": (step_and_pause, lambda _c, _e: "fine"),
    "a child": (at("child", step_and_pause), at("child", lambda c, e: e.step(c, "a"))),
    "a branch": (at("tolerant batch", step_and_pause), at("tolerant batch", lambda _c, _e: "fine")),
}


@pytest.mark.parametrize("who", ENDS_EARLY)
def test_48_an_end_before_a_recorded_operation_is_reached_fails_the_execution(who: str) -> None:
    assert_refused(*first_and_then(*ENDS_EARLY[who]), "The code ends before this recorded")


def test_49_reordered_items_named_after_themselves_fail_the_execution() -> None:
    def namer(letter: str, _index: int) -> str:
        return letter

    def body(letters: str) -> Body:
        return lambda c, e: [c.map(letters, lambda i, *_: step_and_pause(i, e), "m", MapConfig(item_namer=namer))]

    assert_refused(*first_and_then(body("ab"), body("ba")))


def test_49_reordered_items_and_steps_without_names_keep_what_is_recorded_in_their_place() -> None:
    """No input is recorded, so nothing tells them apart; what is recorded holds and nothing runs again."""
    seen: list[object] = []

    def body(letters: str, c: Any, e: Effects) -> None:
        seen.append(c.map(letters, lambda i, letter, *_: i.step(e.of(letter)), "m").get_results())
        seen.append([c.step(e.of(letter)) for letter in letters])
        pause(c)

    invoked, effects = first_and_then(partial(body, "ab"), partial(body, "ba"))

    assert (invoked.status, invoked.updates, effects) == ("PENDING", [], [])
    assert seen == [["a", "b"]] * 4


@pytest.mark.parametrize("order", [1, -1])
def test_50_a_mismatch_beside_a_suspended_branch_is_not_answered_as_pending(order: int) -> None:
    suspended = Signal()

    def waiting(c: Any) -> None:
        try:
            pause(c)
        finally:
            suspended.give()

    def beside(name: str) -> Body:
        def other(c: Any, e: Effects) -> object:
            suspended.await_it()
            return [e.step(c, name), pause(c)]

        return lambda c, e: c.parallel([waiting, partial(other, e=e)][::order], name="p").get_results()

    assert_refused(*first_and_then(beside("a"), beside("b")))


def test_50_a_mismatch_that_is_swallowed_before_a_wait_is_not_answered_as_pending() -> None:
    def swallowing(c: Any, e: Effects) -> None:
        with suppress(Exception):
            e.step(c, "b")
        pause(c)

    assert_refused(*first_and_then(step_and_pause, swallowing))


def first_of(count: int) -> Body:
    config = MapConfig(max_concurrency=1, completion_config=CompletionConfig.first_successful())
    return lambda c, e: [c.map(range(count), lambda i, *_: e.step(i, "a"), "m", config), pause(c)]


ALLOWED: dict[str, tuple[Body, Body]] = {
    "nothing": (step_and_pause, step_and_pause),
    "an operation appended": (step_and_pause, lambda c, e: [*[step_and_pause(c, e)], e.step(c, "z")]),
    "other retries": (
        step_and_pause,
        lambda c, e: [c.step(e.of("a"), name="a", config=StepConfig(RetryPresets.none())), pause(c)],
    ),
    "a longer wait": (step_and_pause, lambda c, e: [e.step(c, "a"), pause(c, seconds=600)]),
    "more items for a batch that ended early": (first_of(2), first_of(3)),
    "other concurrency": (
        lambda c, e: c.map([0, 1], lambda i, *_: step_and_pause(i, e), "m").total_count,
        lambda c, e: c.map([0, 1], lambda i, *_: step_and_pause(i, e), "m", MapConfig(2)).total_count,
    ),
}


@pytest.mark.parametrize("change", ALLOWED)
def test_51_a_change_that_leaves_the_recorded_operations_is_accepted(change: str) -> None:
    invoked, effects = first_and_then(*ALLOWED[change])

    assert (invoked.status, effects, invoked.updates) == ("PENDING", [], [])

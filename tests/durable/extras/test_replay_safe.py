"""Time and chance come out equal on every replay."""

import gc
import json
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from durable.context import ExecutionContext
from durable.extras import replay_safe
from tests.durable.extras.sdks import OURS, Sandbox, ended

T = TypeVar("T")

ARN = "arn:aws:lambda:us-east-1:123456789012:function:shop:1/durable-execution/monday/7c9e"


@dataclass(frozen=True, eq=False)
class SomeContext:
    """A context at some place of an execution, which runs its steps and records nothing."""

    arn: str = ARN

    @property
    def execution_context(self) -> ExecutionContext:
        return ExecutionContext(self.arn)

    def step(self, func: Callable[[Any], T], name: str | None = None) -> T:
        return func(None)


def drawn(context: replay_safe.Context, keys: list[str]) -> list[object]:
    """What a context is given for keys in their order."""
    uuids = [replay_safe.uuid(context, key) for key in keys]
    return [*uuids, *(replay_safe.random(context, key).random() for key in keys)]


@given(st.lists(st.text(max_size=5)))
def test_a_context_that_asks_the_same_again_gets_the_same(keys: list[str]) -> None:
    first, replayed = SomeContext(), SomeContext()

    assert drawn(first, keys) == drawn(replayed, keys)


@given(st.lists(st.sampled_from(["", "a", "b", "1", "1/a", "2/uuid/a", "random/a", "uuid/a"]), max_size=12))
def test_no_two_draws_of_a_context_are_alike(keys: list[str]) -> None:
    given_out = drawn(SomeContext(), keys)

    assert len(set(given_out)) == 2 * len(keys)


def test_another_execution_gets_others() -> None:
    other = SomeContext(ARN + "0")

    assert not set(drawn(SomeContext(), ["a", "b"])) & set(drawn(other, ["a", "b"]))


def test_what_one_key_gives_does_not_depend_on_the_other_keys_asked_with() -> None:
    alone, among_others = SomeContext(), SomeContext()
    replay_safe.uuid(among_others, "other")
    replay_safe.random(among_others, "order")

    assert replay_safe.uuid(alone, "order") == replay_safe.uuid(among_others, "order")


def test_draws_stay_what_they_were_for_executions_that_outlive_a_deployment() -> None:
    context = SomeContext()

    assert replay_safe.uuid(context, "order") == UUID("c320bc27-e4fa-5eed-965e-d2976ba02bdf")
    assert replay_safe.uuid(context, "order") == UUID("5e5ff492-9fd9-5017-9056-9a3e36d43101")
    assert replay_safe.random(context, "order").random() == 0.11812724269114183


def test_a_context_is_forgotten_with_its_invocation() -> None:
    context = SomeContext()
    replay_safe.uuid(context, "order")
    life = weakref.ref(context)

    del context
    gc.collect()

    assert life() is None


def draws(sdk: SimpleNamespace, context: Any) -> object:
    """What a parent and the items of a map drew when they first ran, and what they draw on the last replay."""

    def draw(place: Any, key: str) -> list[list[object]]:
        random = sdk.replay_safe.random(place, key)
        now = [str(sdk.replay_safe.uuid(place, key)), str(sdk.replay_safe.uuid(place, key)), random.random()]
        first = place.step(lambda _: now, name="seen")
        place.wait(sdk.Duration.from_minutes(1))
        return [first, now]

    items = context.map(["a", "b"], lambda child, item, _index, _all: draw(child, f"item-{item}"), name="items")
    return [draw(context, "order"), *items.get_results()]


def test_a_replay_draws_what_the_first_run_drew(sandbox: Sandbox) -> None:
    execution = sandbox.run(draws)

    places = json.loads(ended(execution).result or "")
    assert [first for first, _ in places] == [last for _, last in places]
    assert len({draw for first, _ in places for draw in first}) == 9


def test_drawing_records_nothing(sandbox: Sandbox) -> None:
    execution = sandbox.run(draws)

    assert {each.name for each in execution.operations} == {"items", "map-item-0", "map-item-1", "seen", None}


@pytest.mark.parametrize("cut_at", [1, 2, 3, 4, 5])
def test_an_invocation_that_lost_a_checkpoint_draws_the_same(cut_at: int) -> None:
    execution = Sandbox(OURS, is_cold=True).run(draws, cut_at)

    places = json.loads(ended(execution).result or "")
    assert [first for first, _ in places] == [last for _, last in places]


def looks_at_the_clock(sdk: SimpleNamespace, context: Any) -> object:
    """The time, which the first invocation and its replay each put down."""
    now = sdk.replay_safe.now(context)
    first = context.step(lambda _: now, name="seen")
    context.wait(sdk.Duration.from_minutes(1))
    return [first == now, now.tzinfo is UTC, now.isoformat()]


def test_now_is_the_time_when_it_was_first_asked(sandbox: Sandbox) -> None:
    before = datetime.now(UTC)

    execution = sandbox.run(looks_at_the_clock)

    is_same, is_utc, now = json.loads(ended(execution).result or "")
    assert is_same
    assert is_utc
    assert before <= datetime.fromisoformat(now) <= datetime.now(UTC)


def test_now_is_one_step_of_that_name(sandbox: Sandbox) -> None:
    execution = sandbox.run(looks_at_the_clock)

    assert [each.name for each in execution.operations] == ["now", "seen", None]

"""Rows 52 to 55 of the failure catalogue: what a replay sees is what the first run saw."""

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from durable.config import ChildConfig, Duration, StepConfig, WaitForCallbackConfig
from durable.exceptions import DurableOperationError
from durable.execution import durable_execution
from durable.extras import replay_safe
from durable.retries import RetryPresets
from durable.scheduler import ThreadScheduler
from durable.waits import WaitForConditionConfig
from tests.catalogue.effects import Effects
from tests.catalogue.polls import met
from tests.catalogue.signals import Signal
from tests.durable.execution import ExecutionUnderTest, presented

ORDERS = ((0, 1, 2), (2, 1, 0), (1, 2, 0))
ONCE = StepConfig(RetryPresets.none())


class DeclinedError(Exception):
    """An error of the users' own, with more than a text."""

    def __init__(self, amount: int, reason: str) -> None:
        super().__init__(f"{amount}: {reason}")


def decline(*_: object) -> None:
    raise DeclinedError(7, "no money")


def failing_step(context: Any) -> object:
    return context.step(decline, name="s", config=ONCE)


FAILING: dict[str, Callable[[Any], Any]] = {
    "step": failing_step,
    "child": lambda c: c.run_in_child_context(failing_step, name="c"),
    "child that raises": lambda c: c.run_in_child_context(decline, name="c"),
    "virtual child": lambda c: c.run_in_child_context(failing_step, name="c", config=ChildConfig(is_virtual=True)),
    "branch": lambda c: c.parallel([failing_step], name="p").throw_if_error(),
    "poll": lambda c: c.wait_for_condition(decline, WaitForConditionConfig(met, 0), name="poll"),
    "submitter": lambda c: c.wait_for_callback(
        decline, "ask", WaitForCallbackConfig(retry_strategy=RetryPresets.none())
    ),
}


@pytest.mark.parametrize("operation", FAILING)
def test_52_an_error_is_the_same_on_replay_to_its_last_word_and_line(operation: str) -> None:
    caught: list[dict[str, object]] = []

    def program(_event: object, context: Any) -> None:
        try:
            FAILING[operation](context)
        except DurableOperationError as error:
            cause = error.__cause__
            caught.append({**vars(error), "class": type(error), "args": error.args, "cause": [type(cause), str(cause)]})
        context.wait(Duration(1), name="w")

    ended = ExecutionUnderTest().run(program)

    assert (ended.status, len(caught)) == ("SUCCEEDED", 2)
    assert caught[0] == caught[1]
    assert caught[0]["message"] == "7: no money"
    # A batch keeps no places: of many failures its record would grow too large.
    assert ('raise DeclinedError(7, "no money")' in str(caught[0]["stack_trace"])) == (operation != "branch")


class LeapingScheduler(ThreadScheduler):
    """Whoever looks at the clock sees that an hour has passed."""

    def __init__(self) -> None:
        super().__init__()
        self._hours = itertools.count()

    def now(self) -> float:
        return 3_600.0 * next(self._hours)


def test_53_a_replay_may_take_whatever_time_it_takes() -> None:
    """Nothing watches over the time of a replay, so nothing can take it for a deadlock."""
    execution, effects = ExecutionUnderTest(), Effects()

    def program(_event: object, context: Any) -> None:
        for number in range(100):
            effects.step(context, str(number))
        context.map(range(10), lambda inner, *_: effects.step(inner, "item"), name="m")
        context.wait(Duration(60), name="w")

    execution.invoke(program)
    event = replace(presented(execution.begin(), execution.service), scheduler=LeapingScheduler())
    sent = len(execution.service.batches)

    answer = durable_execution(program)(event, None)

    assert (answer, len(effects)) == ({"Status": "PENDING"}, 110)
    assert len(execution.service.batches) == sent


@pytest.mark.parametrize(("first", "then"), list(itertools.product(ORDERS, repeat=2)))
def test_54_results_stand_in_the_order_of_their_branches_however_they_come(
    first: tuple[int, ...], then: tuple[int, ...]
) -> None:
    execution, effects = ExecutionUnderTest(), Effects()
    orders = iter([first, then, then])

    def program(_event: object, context: Any) -> list[object]:
        order, turns = next(orders), [Signal() for _ in range(4)]
        turns[order[0]].give()

        def branch(inner: Any, number: int, *_: object) -> object:
            turns[number].await_it()
            done = effects.step(inner, f"a{number}")
            turns[[*order, 3][order.index(number) + 1]].give()
            inner.wait(Duration(1), name="w")
            return [done, effects.step(inner, f"b{number}")]

        return context.map(range(3), branch, name="m").get_results()  # type: ignore[no-any-return]

    ended = execution.run(program)

    assert json.loads(ended.result or "") == [[f"a{number}", f"b{number}"] for number in range(3)]
    assert sorted(effects) == ["a0", "a1", "a2", "b0", "b1", "b2"]


def test_55_now_is_the_time_when_it_was_first_asked_and_not_that_of_the_latest_record() -> None:
    seen: list[list[datetime]] = []

    def program(_event: object, context: Any) -> None:
        times: list[datetime] = []
        seen.append(times)
        for _ in range(3):
            times.append(replay_safe.now(context))
            context.wait(Duration(3_600))

    ended = ExecutionUnderTest().run(program)

    assert (ended.status, [len(times) for times in seen]) == ("SUCCEEDED", [1, 2, 3, 3])
    assert all(times == seen[-1][: len(times)] for times in seen)
    assert len(set(seen[-1])) == 3

"""Rows 65 to 71 of the failure catalogue: time, callbacks and what ends early."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from durable.completion import CompletionConfig
from durable.config import CallbackConfig, ChildConfig, Duration, ParallelConfig, StepConfig
from durable.exceptions import CallbackExternalError, CallbackTimeoutError, SuspendExecution
from durable.execution import durable_execution
from durable.model import ErrorObject
from durable.retries import RetryPresets
from durable_local.errors import CallbackTimeoutError as ClosedCallbackError
from tests.catalogue.clocks import SkewedScheduler
from tests.catalogue.effects import Effects
from tests.catalogue.signals import Signal
from tests.durable.execution import ExecutionUnderTest, Invoked, invoke, presented
from tests.fakes.clock import START, SetClock

CONFIG = CallbackConfig(timeout=Duration(60), heartbeat_timeout=Duration(20))
HOUR = Duration(3_600)


class Asked:
    """An execution that asks by a callback, and asks for the answer after a step and a wait of ten seconds."""

    def __init__(self) -> None:
        self.execution = ExecutionUnderTest()
        self.callbacks = self.execution.runtime.callbacks
        self.raised: list[Exception] = []
        assert self.go_on().status == "PENDING"
        details = self.execution.operation("ask").callback_details
        assert details is not None
        self.callback_id = details.callback_id

    def go_on(self, seconds: float = 0) -> Invoked:
        """Let time pass, and invoke."""
        self.execution.clock.advance(seconds)
        return self.execution.invoke(self._program)

    def _program(self, _event: object, context: Any) -> object:
        callback = context.create_callback("ask", CONFIG)
        context.wait(Duration(10), name="w")
        try:
            return callback.result()
        except (CallbackExternalError, CallbackTimeoutError) as error:
            self.raised.append(error)
            return type(error).__name__


@pytest.mark.parametrize("answer", ["yes", "", None, "x" * 200_000])
@pytest.mark.parametrize("is_early", [True, False])
def test_65_an_answer_is_heard_whether_early_or_late_empty_or_large(answer: str | None, is_early: bool) -> None:
    asked = Asked()
    if not is_early:
        assert asked.go_on(10).status == "PENDING"

    asked.callbacks.succeed(asked.callback_id, answer)

    assert asked.go_on(10).result == answer


def test_65_the_first_of_two_answers_counts() -> None:
    asked = Asked()
    asked.callbacks.succeed(asked.callback_id, "first")

    with pytest.raises(ClosedCallbackError):
        asked.callbacks.succeed(asked.callback_id, "second")

    assert asked.go_on(10).result == "first"


def test_65_an_answer_after_the_deadline_is_refused() -> None:
    asked = Asked()

    assert asked.go_on(60).result == "CallbackTimeoutError"
    with pytest.raises(ClosedCallbackError):
        asked.callbacks.succeed(asked.callback_id, "too late")


def test_65_a_reported_failure_is_raised() -> None:
    asked = Asked()
    asked.callbacks.fail(asked.callback_id, ErrorObject("not approved", "RejectedError"))

    assert asked.go_on(10).result == "CallbackExternalError"
    assert str(asked.raised[0]) == "not approved"


def test_65_heartbeats_put_off_their_own_deadline_and_not_that_of_the_answer() -> None:
    asked = Asked()

    for _ in range(3):
        assert asked.go_on(15).status == "PENDING"
        asked.callbacks.heartbeat(asked.callback_id)

    assert asked.go_on(15).result == "CallbackTimeoutError"
    assert str(asked.raised[0]) == "Callback timed out"


def test_65_a_heartbeat_that_does_not_come_ends_the_callback() -> None:
    asked = Asked()

    assert asked.go_on(20).result == "CallbackTimeoutError"
    assert str(asked.raised[0]) == "Callback timed out on heartbeat"


@pytest.mark.parametrize(("ahead", "most_looks"), [(-30, 1), (0, 1), (30, 36)])
def test_66_a_clock_that_goes_wrong_makes_no_attempt_early_and_no_busy_loop(ahead: float, most_looks: int) -> None:
    execution, second = ExecutionUnderTest(clock=SetClock(START)), Signal()
    attempts: list[datetime] = []

    def flaky(step: Any) -> str:
        attempts.append(execution.clock.now())
        if step.attempt == 1:
            raise ValueError("not yet")
        return second.give()

    def branch(inner: Any) -> object:
        return inner.step(flaky, config=StepConfig(RetryPresets.fixed(Duration(60))))

    scheduler = SkewedScheduler(execution.clock, ahead)
    event = replace(presented(execution.begin(), execution.service), scheduler=scheduler)

    answer = durable_execution(lambda _e, c: c.parallel([branch, second.await_it], name="p").get_results())(event, None)

    assert answer["Result"] == '["given", "come"]'
    assert attempts[1] - attempts[0] >= timedelta(seconds=60)
    assert sum(not batch for batch in execution.service.batches) <= most_looks


def test_66_an_invocation_that_comes_before_its_time_makes_no_attempt() -> None:
    execution, effects = ExecutionUnderTest(), Effects()

    def flaky(step: Any) -> str:
        if step.attempt == 1:
            raise ValueError("not yet")
        return effects.of("second")(step)

    def program(_event: object, context: Any) -> object:
        return context.step(flaky, name="s", config=StepConfig(RetryPresets.fixed(Duration(60))))

    assert execution.invoke(program).status == "PENDING"
    execution.clock.advance(59)
    assert (execution.invoke(program).updates, effects) == ([], [])
    execution.clock.advance(1)
    assert execution.invoke(program).result == "second"


def test_67_a_wait_of_more_milliseconds_than_32_bits_hold_does_not_end_at_once() -> None:
    execution, effects, suspended = ExecutionUnderTest(), Effects(), Signal()

    def sleeper(inner: Any) -> str:
        try:
            inner.wait(Duration.from_days(60), name="w")
        finally:
            suspended.give()
        return effects.step(inner, "after")

    def worker(inner: Any) -> str:
        suspended.await_it()
        return effects.step(inner, "work")

    def program(_event: object, context: Any) -> object:
        return context.parallel([sleeper, worker], name="p").get_results()

    first = execution.invoke(program)
    execution.clock.advance(59 * 24 * 3_600)
    second = execution.invoke(program)
    execution.clock.advance(24 * 3_600)
    last = execution.invoke(program)

    assert (first.status, second.status, second.batches) == ("PENDING", "PENDING", [])
    assert (last.result, effects) == (["after", "work"], ["work", "after"])
    assert all(first.batches)


def test_67_no_wait_is_longer_than_the_service_allows() -> None:
    invoked = invoke(lambda _event, context: context.wait(Duration.from_days(367), name="w"))

    assert (invoked.status, invoked.batches) == ("FAILED", [])
    assert "lasts 31708800 seconds, not 1 to 31622400" in invoked.error["ErrorMessage"]


Body = Callable[[Any], Any]
PLACES: dict[str, Callable[[Any, Body], Any]] = {
    "handler": lambda c, body: body(c),
    "child": lambda c, body: c.run_in_child_context(body, name="c"),
    "virtual child": lambda c, body: c.run_in_child_context(body, config=ChildConfig(is_virtual=True)),
    "branch": lambda c, body: c.parallel([body], name="p").get_results()[0],
}


@pytest.mark.parametrize("place", PLACES)
def test_68_nothing_runs_after_a_swallowed_suspension(place: str) -> None:
    effects = Effects()

    def deaf(context: Any) -> str:
        with suppress(BaseException):
            context.wait(HOUR, name="w")
        with suppress(BaseException):
            effects.step(context, "an hour too early")
        return "an hour too early"

    invoked = invoke(lambda _event, context: PLACES[place](context, deaf))

    assert (invoked.status, effects, invoked.lines[-1]) == ("PENDING", [], "WAIT START w")


@pytest.mark.parametrize("place", PLACES)
def test_69_a_step_in_finally_runs_once_and_not_while_the_code_is_suspended(place: str) -> None:
    execution, effects = ExecutionUnderTest(), Effects()

    def tidy(context: Any) -> str:
        try:
            context.wait(HOUR, name="w")
            return effects.step(context, "work")
        finally:
            effects.step(context, "tidied up")

    ended = execution.run(lambda _event, context: PLACES[place](context, tidy))

    assert (ended.result, ended.invocations, effects) == ('"work"', 2, ["work", "tidied up"])


def test_70_a_suspension_is_no_cancellation_of_asyncio() -> None:
    """Nothing is cancelled, so no cancellation can be lost: what is suspended has left its thread."""
    told = subprocess.run(
        [sys.executable, "-c", "import durable, sys; print('asyncio' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout == "False\n"
    assert SuspendExecution.__mro__[1:] == (BaseException, object)


def test_70_a_suspended_branch_neither_hides_a_result_that_is_ready_nor_outlasts_its_batch() -> None:
    execution, effects = ExecutionUnderTest(), Effects()
    config = ParallelConfig(completion_config=CompletionConfig.first_successful())

    def program(_event: object, context: Any) -> object:
        branches = [lambda inner: inner.wait(HOUR, name="long"), lambda inner: effects.step(inner, "quick")]
        return [*context.parallel(branches, "p", config).get_results(), context.wait(Duration(5), name="short")]

    ended = execution.run(program)

    assert (ended.result, ended.invocations, effects) == ('["quick", null]', 2, ["quick"])
    assert ended.ended is not None
    assert ended.ended - ended.started < timedelta(seconds=HOUR.to_seconds())


def test_71_what_has_returned_is_durable_so_no_effect_overtakes_the_record() -> None:
    """There is nothing to be awaited: every operation returns when the service has its end."""
    execution = ExecutionUnderTest()
    unfinished: list[list[str | None]] = []

    def look() -> None:
        unfinished.append([each.name for each in execution.operations if not each.status.is_terminal])

    def child(inner: Any) -> None:
        inner.step(lambda _: 1, name="b")
        look()

    def program(_event: object, context: Any) -> None:
        context.step(lambda _: 1, name="a")
        look()
        context.run_in_child_context(child, name="c")
        look()
        context.map([1, 2], lambda inner, *_: inner.step(lambda _: 1), name="m")
        look()

    ended = execution.run(program)

    assert ended.status == "SUCCEEDED"
    assert unfinished == [[], ["c"], [], []]

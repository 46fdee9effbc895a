"""Rows 37 to 44 of the failure catalogue: what may happen between the branches of an execution."""

import itertools
import json
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from durable.completion import CompletionConfig
from durable.config import Duration, MapConfig, NestingType, ParallelConfig, StepConfig
from durable.execution import durable_execution
from durable.operations.branches.coordinator import MAX_WORKERS
from durable.retries import RetryPresets
from durable.waits import WaitForConditionConfig
from durable_local.errors import CallbackTimeoutError
from tests.catalogue.effects import Effects
from tests.catalogue.polls import met
from tests.catalogue.signals import Signal
from tests.durable.execution import ExecutionUnderTest, invoke, presented
from tests.durable.recording import PATIENCE
from tests.fakes.seeded_scheduler import SeededScheduler

TOLERANT = CompletionConfig.all_completed()
Branch = Callable[[Any], object]


def parallel(*branches: Branch) -> Callable[[Any, Any], Any]:
    return lambda _event, context: context.parallel(branches, name="p").get_results()


FATES = ("succeeds", "fails", "waits", "retries")


def meet(inner: Any, fate: str, *_: object) -> str:
    """A branch with a fate."""

    def attempt(step: Any) -> str:
        if fate == "fails" or (fate == "retries" and step.attempt == 1):
            raise ValueError(fate)
        return fate

    if fate == "waits":
        inner.wait(Duration(1))
    done: str = inner.step(
        attempt, config=StepConfig(RetryPresets.fixed() if fate == "retries" else RetryPresets.none())
    )
    return done


@pytest.mark.parametrize("nesting", NestingType)
@pytest.mark.parametrize("max_concurrency", [1, 2, None])
def test_37_a_batch_ends_whatever_becomes_of_its_branches(max_concurrency: int | None, nesting: NestingType) -> None:
    config = MapConfig(max_concurrency, TOLERANT, nesting_type=nesting)

    def program(fates: Sequence[str], context: Any) -> list[object]:
        batch = context.map(fates, meet, name="m", config=config)
        return [item.result or (item.error and item.error.message) for item in batch.all]

    for fates in map(json.dumps, itertools.combinations_with_replacement(FATES, 3)):
        assert ExecutionUnderTest(fates).run(program).result == fates


@pytest.mark.parametrize("seed", range(20))
def test_37_a_batch_ends_however_its_branches_interleave(seed: int) -> None:
    """Nothing can be missed: where no task can go on, the scheduler says what each waits for."""
    execution, scheduler = ExecutionUnderTest(), SeededScheduler(seed)
    event = replace(presented(execution.begin(), execution.service), scheduler=scheduler)
    config = MapConfig(max_concurrency=3, completion_config=TOLERANT)

    answer = durable_execution(lambda _event, context: context.map(FATES * 2, meet, "m", config).total_count)(
        event, None
    )
    scheduler.end()

    assert answer["Status"] == "PENDING"
    assert execution.operation("m").status == "STARTED"


def answered_in_the_gap(context: Any, answer: Callable[[str], None]) -> object:
    """A callback whose answer arrives when the invocation has made its last checkpoint."""
    callback = context.create_callback("ask")
    answer(callback.callback_id)
    return callback.result()


GAPS: dict[str, Callable[[Any, Callable[[str], None]], Any]] = {
    "handler": answered_in_the_gap,
    "child": lambda c, answer: c.run_in_child_context(lambda inner: answered_in_the_gap(inner, answer)),
    "branch": lambda c, answer: c.parallel([lambda inner: answered_in_the_gap(inner, answer)]).get_results()[0],
}


@pytest.mark.parametrize("place", GAPS)
def test_38_a_callback_answered_in_the_gap_before_suspension_goes_on(place: str) -> None:
    execution = ExecutionUnderTest()

    def answer(callback_id: str) -> None:
        with suppress(CallbackTimeoutError):  # the first answer counts
            execution.runtime.callbacks.succeed(callback_id, "yes")

    ended = execution.run(lambda _event, context: GAPS[place](context, answer))

    assert (ended.status, ended.result, ended.invocations) == ("SUCCEEDED", '"yes"', 2)


def test_38_a_callback_answered_between_the_branch_s_end_and_its_pause_goes_on_in_the_same_invocation() -> None:
    execution, suspended, told = ExecutionUnderTest(), Signal(), Signal()
    ids: list[str] = []

    def asker(inner: Any) -> object:
        callback = inner.create_callback("ask")
        ids.append(callback.callback_id)
        try:
            return callback.result()
        finally:
            suspended.give()
            told.await_it()

    def other(inner: Any) -> object:
        suspended.await_it()
        execution.runtime.callbacks.succeed(ids[0], "yes")
        inner.step(lambda _: None, name="news")
        return told.give()

    assert execution.invoke(parallel(asker, other)).result == ["yes", "given"]


def test_39_a_branch_goes_on_when_one_of_several_callbacks_is_answered() -> None:
    execution, effects = ExecutionUnderTest(), Effects()

    def asking(name: str) -> Branch:
        return lambda inner: [inner.create_callback(name).result(), effects.step(inner, f"after {name}")]

    program = parallel(*map(asking, ("a", "b", "c")))
    execution.invoke(program)
    details = execution.operation("b").callback_details
    assert details is not None
    execution.runtime.callbacks.succeed(details.callback_id, "yes")

    invoked = execution.invoke(program)

    assert (invoked.status, effects) == ("PENDING", ["after b"])
    assert execution.operation("parallel-branch-1").status == "SUCCEEDED"


def exits(error: BaseException) -> dict[str, Branch]:
    def leave(*_: object) -> None:
        raise error

    return {
        "handler": leave,
        "step": lambda c: c.step(leave),
        "child": lambda c: c.run_in_child_context(leave),
        "branch": lambda c: c.parallel([leave, Effects().of("other")], "p", ParallelConfig(2, TOLERANT)),
        "branch of one place": lambda c: c.parallel([leave, Effects().of("other")], "p", ParallelConfig(1, TOLERANT)),
        "branch of a branch": lambda c: c.map([1, 2], lambda inner, *_: inner.map([1, 2], leave)),
        "poll": lambda c: c.wait_for_condition(leave, WaitForConditionConfig(met, 0)),
    }


@pytest.mark.parametrize("place", exits(SystemExit()))
@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()])
def test_40_an_exit_leaves_the_handler_and_nothing_that_it_left_has_ended(error: BaseException, place: str) -> None:
    execution = ExecutionUnderTest()

    with pytest.raises(type(error)):
        execution.invoke(lambda _event, context: exits(error)[place](context))

    assert {each.status for each in execution.operations if each.name != "parallel-branch-1"} <= {"STARTED"}


def test_40_an_execution_whose_code_exits_fails_in_the_end() -> None:
    ended = ExecutionUnderTest().run(lambda _event, context: exits(SystemExit(3))["step"](context))

    assert (ended.status, ended.invocations) == ("FAILED", 5)


def in_a_thread(work: Callable[[], object]) -> None:
    """Run something as users do who think of threads themselves."""

    def run() -> None:
        with suppress(BaseException):
            work()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(PATIENCE)


def test_41_operations_from_a_thread_of_the_users_own_are_recorded_in_their_order() -> None:
    execution, effects = ExecutionUnderTest(), Effects()

    def program(_event: object, context: Any) -> str:
        in_a_thread(lambda: [effects.step(context, "a"), context.wait(Duration(1), name="w")])
        return effects.step(context, "b")

    ended = execution.run(program)

    assert (ended.result, ended.invocations, effects) == ('"b"', 2, ["a", "b"])


def test_41_operations_of_threads_that_race_each_other_are_refused() -> None:
    execution, effects = ExecutionUnderTest(), Effects()

    def racing(first: str, second: str) -> Callable[[Any, Any], None]:
        def program(_event: object, context: Any) -> None:
            for name in (first, second):
                in_a_thread(partial(effects.step, context, name))
            context.wait(Duration(60), name="w")

        return program

    execution.invoke(racing("a", "b"))
    invoked = execution.invoke(racing("b", "a"))

    assert (invoked.status, effects) == ("FAILED", ["a", "b"])
    assert "name checkpoint='a' current='b'" in invoked.error["ErrorMessage"]


def test_42_batches_within_batches_need_no_thread_that_another_holds() -> None:
    """No pool is shared: each batch has workers of its own, and one of a single place runs in its caller."""

    def nest(inner: Any, depth: int, *_: object) -> object:
        if depth == 0:
            return inner.step(lambda _: "deep")
        return inner.map([depth - 1], nest, "m", MapConfig(max_concurrency=1)).get_results()[0]

    wide = invoke(lambda _e, c: c.map(range(MAX_WORKERS + 6), lambda inner, *_: nest(inner, 1), "wide").success_count)
    deep = invoke(lambda _e, c: nest(c, 20))

    assert (wide.result, deep.result) == (MAX_WORKERS + 6, "deep")


def of_large_items(config: MapConfig, seen: list[object]) -> Callable[[Any, Any], None]:
    """A map whose result does not fit into a checkpoint, seen by two invocations."""

    def item(inner: Any, number: int, *_: object) -> str:
        if number == 3:
            raise ValueError("item 3")
        done: str = inner.step(lambda _: str(number) * 100_000)
        return done

    def program(_event: object, context: Any) -> None:
        batch = context.map(range(4), item, name="m", config=config)
        seen.append([batch.completion_reason, [(each.status, each.result, each.error) for each in batch.all]])
        context.wait(Duration(1), name="w")

    return program


@pytest.mark.parametrize("summary", ["", "nothing", "{}", '{"totalCount": 99, "completionReason": "?"}', None, 7, {}])
def test_43_the_users_own_summary_changes_no_replay(summary: Any) -> None:
    seen: list[object] = []
    config = MapConfig(completion_config=TOLERANT, summary_generator=lambda _: summary)

    ended = ExecutionUnderTest().run(of_large_items(config, seen))

    assert (ended.status, len(seen)) == ("SUCCEEDED", 2)
    assert seen[0] == seen[1]


def test_44_a_large_flat_batch_is_rebuilt_as_it_was() -> None:
    seen: list[object] = []
    config = MapConfig(completion_config=TOLERANT, nesting_type=NestingType.FLAT)

    ended = ExecutionUnderTest().run(of_large_items(config, seen))

    assert (ended.status, len(seen)) == ("SUCCEEDED", 2)
    assert seen[0] == seen[1]
    assert "1" * 100_000 in str(seen)

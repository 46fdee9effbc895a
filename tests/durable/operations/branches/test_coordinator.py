import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from durable import wire
from durable.completion import CompletionConfig, CompletionDecision, CompletionStatus, continue_batch
from durable.config import Duration, MapConfig, NestingType, ParallelConfig, StepConfig
from durable.exceptions import (
    ChildContextError,
    ExecutionError,
    InvocationError,
    SuspendExecution,
    TimedSuspendExecution,
)
from durable.execution import durable_execution
from durable.model import CheckpointOutput
from durable.retries import RetryPresets
from durable.scheduler import ThreadScheduler
from tests.durable.execution import ExecutionUnderTest, Invoked, Program, invoke, line, presented
from tests.durable.recording import PATIENCE, Call, Fault, Gate, without_token
from tests.fakes.clock import START, SetClock

ROOT = "aws_durable_execution_sdk_python.exceptions"
QUORUM = ParallelConfig(completion_config=CompletionConfig.first_successful())
TOLERANT = ParallelConfig(completion_config=CompletionConfig.all_completed())
Branch = Callable[[Any], object]


class Signal:
    """Lets one branch wait for another, but not for ever."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def give(self, _context: object = None) -> str:
        self._event.set()
        return "given"

    def await_it(self, _context: object = None) -> str:
        assert self._event.wait(PATIENCE)
        return "come"


def parallel(*branches: Branch, config: ParallelConfig | None = None) -> Program:
    return lambda _event, context: context.parallel(branches, name="p", config=config).get_results()


def pausing(inner: Any) -> str:
    inner.wait(Duration(60), name="w")
    return "waited"


def working(inner: Any) -> object:
    return inner.step(lambda _: "worked", name="s")


def starts(invoked: Invoked) -> list[str]:
    return [update["Name"] for update in invoked.updates if update["Action"] == "START"]


def test_every_branch_with_a_place_has_begun_before_the_first_end_is_judged() -> None:
    config = MapConfig(max_concurrency=2, completion_config=CompletionConfig.first_successful())

    def begun(_event: object, context: Any) -> object:
        return context.map("abcd", lambda _child, item, *_: item, config=config).total_count

    assert invoke(begun).result == 2


def test_branches_run_beside_each_other() -> None:
    first, second = Signal(), Signal()

    def one(_inner: Any) -> str:
        first.give()
        return second.await_it()

    def other(_inner: Any) -> str:
        second.give()
        return first.await_it()

    assert invoke(parallel(one, other)).result == ["come", "come"]


@pytest.mark.parametrize("nesting", list(NestingType))
def test_a_suspended_branch_keeps_its_place(nesting: NestingType) -> None:
    config = ParallelConfig(max_concurrency=1, nesting_type=nesting)

    invoked = invoke(parallel(pausing, working, config=config))

    assert invoked.status == "PENDING"
    assert "s" not in starts(invoked)


def test_a_place_that_becomes_free_goes_to_the_next_branch_in_order() -> None:
    config = MapConfig(max_concurrency=2)
    order: list[int] = []
    begun, gate = Signal(), Signal()

    def function(_inner: Any, item: int, *_: object) -> None:
        order.append(item)
        if item == 0:
            begun.await_it()
        if item == 1:
            begun.give()
            gate.await_it()
        if item == 3:
            gate.give()

    invoke(lambda _event, context: context.map(range(4), function, name="m", config=config).total_count)

    assert sorted(order[:2]) == [0, 1]
    assert order[2:] == [2, 3]


def test_branches_that_wait_together_suspend_the_invocation_and_go_on_together() -> None:
    execution = ExecutionUnderTest()

    suspended = execution.invoke(parallel(pausing, pausing, working))
    execution.clock.advance(60)
    resumed = execution.invoke(parallel(pausing, pausing, working))

    assert suspended.status == "PENDING"
    assert resumed.result == ["waited", "waited", "worked"]
    assert starts(resumed) == []


def test_a_branch_goes_on_in_the_same_invocation_when_its_timer_fires_while_another_runs() -> None:
    execution, resumed = ExecutionUnderTest(), Signal()

    def sleeper(inner: Any) -> str:
        pausing(inner)
        return resumed.give()

    def worker(inner: Any) -> object:
        inner.step(lambda _: execution.clock.advance(60), name="time passes")
        return inner.step(resumed.await_it, name="long work")

    def program(_event: object, context: Any) -> list[object]:
        begun = context.parallel([sleeper, after_start], name="p").get_results()
        return list(begun)

    def after_start(inner: Any) -> object:
        while not any(each.name == "w" for each in execution.operations):
            inner.step(lambda _: None)
        return worker(inner)

    ended = execution.invoke(program)

    assert ended.result == ["given", "come"]


def test_a_branch_goes_on_when_the_service_is_late_with_its_timer() -> None:
    execution, resumed = ExecutionUnderTest(clock=SetClock(START)), Signal()

    def sleeper(inner: Any) -> str:
        pausing(inner)
        return resumed.give()

    def worker(inner: Any) -> object:
        while not any(each.name == "w" for each in execution.operations):
            inner.step(lambda _: None)
        execution.clock.advance(60)
        return resumed.await_it()

    assert execution.invoke(parallel(sleeper, worker)).result == ["given", "come"]


def test_a_branch_goes_on_in_the_same_invocation_when_its_callback_is_answered_while_another_runs() -> None:
    execution, answered = ExecutionUnderTest(), Signal()
    ids: list[str] = []

    def asker(inner: Any) -> object:
        callback = inner.create_callback(name="approval")
        ids.append(callback.callback_id)
        result = callback.result()
        answered.give()
        return result

    def worker(inner: Any) -> object:
        while not ids:
            inner.step(lambda _: None)
        execution.runtime.callbacks.succeed(ids[0], '"yes"')
        inner.step(lambda _: None, name="news")
        return inner.step(answered.await_it, name="long work")

    assert execution.invoke(parallel(asker, worker)).result == ['"yes"', "come"]


def test_a_batch_within_a_branch_goes_on_in_the_same_invocation_when_what_it_awaits_is_answered() -> None:
    execution, answered = ExecutionUnderTest(), Signal()

    def asker(inner: Any) -> object:
        result = inner.create_callback(name="approval").result()
        answered.give()
        return result

    def worker(inner: Any) -> object:
        while not (asked := [each for each in execution.operations if each.name == "approval"]):
            inner.step(lambda _: None)
        execution.runtime.callbacks.succeed(asked[0].callback_details.callback_id, '"yes"')  # type: ignore[union-attr]
        inner.step(lambda _: None, name="news")
        return inner.step(answered.await_it, name="long work")

    invoked = execution.invoke(parallel(lambda inner: inner.parallel([asker]).get_results(), worker))

    assert invoked.result == [['"yes"'], "come"]


def test_a_batch_whose_timers_have_fired_is_suspended_without_a_time() -> None:
    execution, resumed = ExecutionUnderTest(), Signal()
    suspensions: list[type[BaseException]] = []

    def sleeper(inner: Any) -> str:
        pausing(inner)
        return resumed.give()

    def asker(inner: Any) -> object:
        while not any(each.name == "w" for each in execution.operations):
            inner.step(lambda _: None)
        inner.step(lambda _: execution.clock.advance(60), name="time passes")
        resumed.await_it()
        return inner.create_callback(name="approval").result()

    def program(_event: object, context: Any) -> None:
        with pytest.raises(SuspendExecution) as caught:
            context.parallel([sleeper, asker], name="p")
        suspensions.append(caught.type)

    execution.invoke(program)

    assert suspensions == [SuspendExecution]


def test_a_batch_is_suspended_until_its_first_timer_fires() -> None:
    execution = ExecutionUnderTest()
    times: list[float] = []

    def program(_event: object, context: Any) -> None:
        with pytest.raises(TimedSuspendExecution) as caught:
            context.map([120, 60, 90], lambda inner, seconds, *_: inner.wait(Duration(seconds)))
        times.append(caught.value.scheduled_timestamp)

    execution.invoke(program)

    assert times == [execution.clock.now().timestamp() + 60]


def test_a_branch_goes_on_when_its_callback_is_answered_while_the_end_of_the_last_other_one_is_recorded() -> None:
    execution, asked = ExecutionUnderTest(), Signal()
    ids: list[str] = []

    def asker(inner: Any) -> object:
        callback = inner.create_callback(name="approval")
        ids.append(callback.callback_id)
        asked.give()
        return callback.result()

    def worker(inner: Any) -> object:
        return inner.step(asked.await_it)

    def answered_meanwhile(call: Call) -> CheckpointOutput:
        if line(wire.encode(execution.service.batches[-1])[-1]) == "CONTEXT SUCCEED parallel-branch-1":
            execution.runtime.callbacks.succeed(ids[0], '"yes"')
        return call()

    execution.service.faults = dict.fromkeys(range(1, 10), answered_meanwhile)

    assert execution.invoke(parallel(asker, worker)).result == ['"yes"', "come"]


def test_a_branch_goes_on_when_its_callback_was_answered_before_it_had_come_to_rest() -> None:
    execution, asked, told = ExecutionUnderTest(), Signal(), Signal()
    ids: list[str] = []

    def asker(inner: Any) -> object:
        callback = inner.create_callback(name="approval")
        ids.append(callback.callback_id)
        try:
            return callback.result()
        finally:
            asked.give()
            told.await_it()

    def worker(inner: Any) -> object:
        asked.await_it()
        execution.runtime.callbacks.succeed(ids[0], '"yes"')
        inner.step(lambda _: None, name="news")
        return told.give()

    assert execution.invoke(parallel(asker, worker)).result == ['"yes"', "given"]


def flaky(inner: Any) -> object:
    def work(context: Any) -> str:
        if context.attempt == 1:
            raise ValueError("boom")
        return f"at last, at attempt {context.attempt}"

    return inner.step(work, name="flaky", config=StepConfig(RetryPresets.fixed()))


def test_a_branch_goes_on_in_the_same_invocation_when_its_next_attempt_is_due_while_another_branch_runs() -> None:
    execution, resumed = ExecutionUnderTest(), Signal()

    def failing(inner: Any) -> str:
        flaky(inner)
        return resumed.give()

    def worker(inner: Any) -> object:
        while not any(each.name == "flaky" and each.status == "PENDING" for each in execution.operations):
            inner.step(lambda _: None)
        inner.step(lambda _: execution.clock.advance(5), name="time passes")
        return inner.step(resumed.await_it, name="long work")

    assert execution.invoke(parallel(failing, worker)).result == ["given", "come"]


def test_a_failed_attempt_in_a_branch_leaves_the_others_running() -> None:
    execution = ExecutionUnderTest()

    first = execution.invoke(parallel(flaky, working))
    execution.clock.advance(5)
    second = execution.invoke(parallel(flaky, working))

    assert (first.status, second.result) == ("PENDING", ["at last, at attempt 2", "worked"])
    assert "CONTEXT SUCCEED parallel-branch-1" in first.lines


def test_what_a_branch_does_after_its_batch_has_failed_is_not_recorded() -> None:
    at_work, release, tried, effects = Signal(), Signal(), Signal(), list[object]()

    def decide(status: CompletionStatus) -> CompletionDecision:
        if status.completed_count:
            raise ValueError("cannot decide")
        return continue_batch()

    def straggle(inner: Any) -> object:
        at_work.give()
        release.await_it()
        try:
            return inner.step(effects.append, name="late")
        finally:
            tried.give()

    def program(_event: object, context: Any) -> str:
        config = ParallelConfig(completion_config=CompletionConfig(should_complete=decide))
        with pytest.raises(ChildContextError, match="cannot decide"):
            context.parallel([at_work.await_it, straggle], name="p", config=config)
        release.give()
        return tried.await_it()

    invoked = invoke(program)

    assert (invoked.result, effects) == ("come", [])
    assert invoked.lines[-1] == "CONTEXT FAIL p"


def test_nested_batches_go_on_where_they_waited() -> None:
    def nested(inner: Any) -> object:
        return inner.parallel([pausing, working], name="nested").get_results()

    execution = ExecutionUnderTest()

    ended = execution.run(parallel(nested, nested, working))

    assert ended.result == '[["waited", "worked"], ["waited", "worked"], "worked"]'
    assert ended.invocations == 2


def raising(error: BaseException) -> Branch:
    def branch(_inner: Any) -> None:
        raise error

    return branch


def test_an_execution_error_in_a_branch_ends_the_execution_however_tolerant_the_batch() -> None:
    invoked = invoke(parallel(raising(ExecutionError("enough")), working, config=TOLERANT))

    assert invoked.error == {"ErrorMessage": "enough", "ErrorType": f"{ROOT}.ExecutionError"}
    assert "CONTEXT SUCCEED p" not in invoked.lines
    assert "CONTEXT FAIL p" not in invoked.lines


def test_an_error_that_may_pass_leaves_the_handler_once_the_others_have_ended() -> None:
    execution = ExecutionUnderTest()
    begun, raised = Signal(), Signal()

    def failing(_inner: Any) -> None:
        begun.await_it()
        raised.give()
        raise InvocationError("later")

    def other(inner: Any) -> object:
        begun.give()
        raised.await_it()
        return working(inner)

    with pytest.raises(InvocationError, match="later"):
        execution.invoke(parallel(failing, other))

    assert {each.name: each.status for each in execution.operations} == {
        "p": "STARTED",
        "parallel-branch-0": "STARTED",
        "parallel-branch-1": "SUCCEEDED",
        "s": "SUCCEEDED",
    }


class OneThread(ThreadScheduler):
    """A machine that gives no further thread."""

    def start(self, task: Callable[[], None]) -> bool:
        return False


def test_after_an_error_that_may_pass_no_further_branch_begins() -> None:
    execution, effects = ExecutionUnderTest(), list[object]()
    event = replace(presented(execution.begin(), execution.service), scheduler=OneThread())

    def failing(_inner: Any) -> None:
        raise InvocationError("later")

    with pytest.raises(InvocationError, match="later"):
        durable_execution(parallel(failing, effects.append))(event, None)

    assert effects == []


def test_a_revoked_token_stops_every_branch() -> None:
    execution = ExecutionUnderTest()
    execution.service.faults[1] = without_token

    invoked = execution.invoke(parallel(working, working, working))

    assert invoked.answer == {"Status": "PENDING"}
    assert len(invoked.batches) == 1


@pytest.mark.parametrize("asked", [1, 2])
def test_a_completion_decision_that_calls_an_operation_fails_the_batch_and_says_why(asked: int) -> None:
    def program(_event: object, context: Any) -> object:
        def decide(status: CompletionStatus) -> CompletionDecision:
            if status.completed_count + 1 == asked:
                context.step(lambda _: "too much", name="asks")
            return continue_batch()

        config = ParallelConfig(completion_config=CompletionConfig(should_complete=decide))
        return context.parallel([working, working], name="p", config=config).get_results()

    invoked = invoke(program)

    assert (invoked.status, invoked.error["ErrorType"]) == ("FAILED", f"{ROOT}.ChildContextError")
    assert invoked.error["ErrorMessage"].startswith("should_complete must not call operations")
    assert "STEP START asks" not in invoked.lines


def test_a_completion_decision_that_ends_the_process_does_not_leave_the_batch_waiting() -> None:
    def decide(status: CompletionStatus) -> CompletionDecision:
        if status.completed_count:
            raise SystemExit
        return continue_batch()

    with pytest.raises(SystemExit):
        invoke(
            parallel(
                working, working, config=ParallelConfig(completion_config=CompletionConfig(should_complete=decide))
            )
        )


def test_a_decision_that_raises_fails_the_batch() -> None:
    def decide(status: Any) -> Any:
        raise LookupError("undecided")

    config = ParallelConfig(completion_config=CompletionConfig(should_complete=decide))

    invoked = invoke(parallel(working, config=config))

    assert invoked.lines == ["CONTEXT START p", "CONTEXT FAIL p"]
    assert invoked.error["ErrorMessage"] == "undecided"


def in_turn(*gates: Gate) -> Fault:
    """Each further checkpoint passes a gate of its own while there are any."""
    left = iter(gates)

    def fault(call: Call) -> CheckpointOutput:
        gate = next(left, None)
        return gate(call) if gate else call()

    return fault


def test_a_branch_that_goes_on_before_its_starts_have_arrived_does_not_send_them_twice() -> None:
    execution, asked = ExecutionUnderTest(), Signal()
    without_start, with_start = Gate(), Gate()

    def asker(inner: Any) -> object:
        callback = inner.create_callback("ask")
        asked.give()
        assert without_start.reached.wait(PATIENCE)

        def answered(_child: object) -> object:
            if without_start.opened.is_set():
                with_start.opened.set()
            else:
                execution.runtime.callbacks.succeed(callback.callback_id, '"yes"')
            try:
                return callback.result()
            finally:
                without_start.opened.set()

        return inner.run_in_child_context(answered, name="child")

    def worker(inner: Any) -> object:
        asked.await_it()
        execution.service.faults.update(dict.fromkeys(range(100), in_turn(without_start, with_start)))
        return working(inner)

    invoked = execution.invoke(parallel(asker, worker))

    assert invoked.result == ['"yes"', "worked"]
    assert starts(invoked).count("child") == 1


def awaiting(callback: Any, suspended: Signal, resumed: Signal) -> Branch:
    """A branch that asks for the answer of a callback which another context has made."""

    def branch(_inner: object) -> object:
        try:
            answer = callback.result()
        finally:
            suspended.give()
        resumed.give()
        return answer

    return branch


@pytest.mark.parametrize("count", [1, 2])
def test_every_branch_that_awaits_a_callback_of_the_context_around_it_goes_on(count: int) -> None:
    execution = ExecutionUnderTest()
    signals = [(Signal(), Signal()) for _ in range(count)]

    def program(_event: object, context: Any) -> object:
        callback = context.create_callback("ask")

        def worker(inner: Any) -> list[str]:
            for suspended, _ in signals:
                suspended.await_it()
            execution.runtime.callbacks.succeed(callback.callback_id, '"yes"')
            inner.step(lambda _: None, name="news")
            return [resumed.await_it() for _, resumed in signals]

        branches = [awaiting(callback, *pair) for pair in signals]
        answers = context.parallel([*branches, worker], name="p").get_results()
        return [answers, context.step(lambda _: "after", name="after")]

    assert execution.invoke(program).result == [[*['"yes"'] * count, ["come"] * count], "after"]


def test_a_batch_that_ends_without_a_branch_that_awaits_a_callback_around_it_goes_on() -> None:
    suspended = Signal()

    def program(_event: object, context: Any) -> object:
        callback = context.create_callback("ask")
        branches = [awaiting(callback, suspended, Signal()), lambda inner: inner.step(suspended.await_it)]
        answers = context.parallel(branches, name="p", config=QUORUM).get_results()
        return [answers, context.step(lambda _: "after", name="after")]

    assert invoke(program).result == [["come"], "after"]


def test_a_branch_that_waits_in_the_context_around_it_does_not_spin() -> None:
    execution, suspended, resumed = ExecutionUnderTest(), Signal(), Signal()
    runs: list[object] = []

    def program(_event: object, context: Any) -> object:
        def sleeper(inner: object) -> None:
            runs.append(inner)
            if len(runs) > 1:
                resumed.give()
            if len(runs) > 2:
                raise ExecutionError("spins")
            try:
                context.wait(Duration(60))
            finally:
                suspended.give()

        def worker(inner: Any) -> str:
            suspended.await_it()
            execution.clock.advance(60)
            inner.step(lambda _: None, name="news")
            return resumed.await_it()

        return context.parallel([sleeper, worker], name="p").get_results()

    assert (execution.invoke(program).status, len(runs)) == ("PENDING", 2)


def test_a_flat_branch_of_an_orphan_does_not_begin() -> None:
    at_work, release = Signal(), Signal()
    begun: list[int] = []
    config = MapConfig(max_concurrency=1, nesting_type=NestingType.FLAT)

    def item(_inner: object, index: int, *_: object) -> str:
        begun.append(index)
        at_work.give()
        return release.await_it()

    def program(_event: object, context: Any) -> str:
        branches = [lambda inner: inner.map(range(3), item, config=config), at_work.await_it]
        context.parallel(branches, name="p", config=QUORUM)
        return release.give()

    assert (invoke(program).result, begun) == ("given", [0])

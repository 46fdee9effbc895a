"""Rows 16 to 20 and 26 to 31 of the failure catalogue: what may happen between an invocation and the service."""

import itertools
import threading
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from durable.checkpoints import MAX_BATCH_BYTES, MAX_BATCH_OPERATIONS
from durable.config import StepConfig, StepSemantics
from durable.exceptions import CheckpointError
from durable.execution import durable_execution
from durable.model import OperationAction
from durable.operations.branches.coordinator import MAX_WORKERS
from durable.scheduler import ThreadScheduler
from durable_local.executions import Execution
from durable_local.hosts.events import envelope
from durable_local.hosts.loading import Handler, warm
from durable_local.hosts.threads import Presenter, ThreadHost
from durable_local.runtime import Function
from tests.catalogue.effects import CHECKPOINTS, RESULT, Effects
from tests.catalogue.services import PagingService, TalkativeApi, lost_request, talkative
from tests.durable import recording
from tests.durable.execution import ExecutionUnderTest, presented, with_empty_first_page
from tests.durable.recording import PATIENCE, Fault, Gate, as_sent, lost_reply, refused, without_token


@pytest.mark.parametrize("times", [1, 5])
@pytest.mark.parametrize("at", CHECKPOINTS)
def test_16_throttling_never_fails_the_execution(at: int, times: int) -> None:
    execution, effects = ExecutionUnderTest(), Effects()
    execution.service.faults = dict.fromkeys(range(at, at + times), refused(*recording.THROTTLED))

    ended = execution.run(effects.program())

    assert (ended.status, ended.result) == ("SUCCEEDED", RESULT)
    assert set(effects) == {"a", "b", "c"}


@pytest.mark.parametrize("fault", [refused(*recording.FAULT), lost_request, lost_reply])
@pytest.mark.parametrize("at", CHECKPOINTS)
def test_17_a_call_that_is_lost_or_whose_reply_is_costs_no_invocation(at: int, fault: Fault) -> None:
    execution, effects = ExecutionUnderTest(), Effects()
    execution.service.faults = {at: fault}

    ended = execution.run(effects.program())

    assert (ended.result, ended.invocations, effects) == (RESULT, 2, ["a", "b", "c"])


@pytest.mark.parametrize("fault", [refused(*recording.FAULT), lost_request, lost_reply])
@pytest.mark.parametrize("at", CHECKPOINTS)
def test_17_a_call_that_is_lost_again_is_left_to_the_next_invocation(at: int, fault: Fault) -> None:
    execution, effects = ExecutionUnderTest(), Effects()
    execution.service.faults = dict.fromkeys((at, at + 1), fault)

    ended = execution.run(effects.program())

    assert (ended.result, set(effects)) == (RESULT, {"a", "b", "c"})
    assert ended.invocations <= 3
    assert fault is not lost_reply or effects == ["a", "b", "c"]


@pytest.mark.parametrize("at", CHECKPOINTS)
def test_18_a_stale_token_ends_the_invocation_and_not_the_execution(at: int) -> None:
    execution, effects = ExecutionUnderTest(), Effects()
    execution.service.faults = dict.fromkeys((at, at + 1), refused(*recording.STALE_TOKEN))

    ended = execution.run(effects.program())

    assert (ended.status, ended.result, ended.invocations) == ("SUCCEEDED", RESULT, 3)


def test_18_an_invocation_whose_execution_another_has_taken_over_says_nothing() -> None:
    execution, effects = ExecutionUnderTest(), Effects()
    overtaken = presented(execution.begin(), execution.service)

    @durable_execution
    def slow(_event: object, context: Any) -> None:
        context.step(lambda _: str(execution.begin().fence))

    with pytest.raises(CheckpointError, match="Invalid checkpoint token"):
        slow(overtaken, None)

    assert execution.run(effects.program()).result == RESULT


@pytest.mark.parametrize("at", CHECKPOINTS)
def test_19_without_a_new_token_the_invocation_stops_and_the_next_one_goes_on(at: int) -> None:
    execution, effects = ExecutionUnderTest(), Effects()
    execution.service.faults = {at: without_token}
    while (invoked := execution.invoke(effects.program())).status == "PENDING" and len(execution.service.batches) < at:
        execution.clock.advance(3)
    sent = len(execution.service.batches)

    execution.clock.advance(3)
    ended = execution.run(effects.program())

    assert (invoked.answer, sent) == ({"Status": "PENDING"}, at)
    assert (ended.result, effects) == (RESULT, ["a", "b", "c"])
    assert all(execution.service.tokens)


@pytest.mark.parametrize("failure", [recording.KMS_DISABLED, recording.FORBIDDEN])
@pytest.mark.parametrize("at", CHECKPOINTS)
def test_20_what_will_not_pass_fails_the_execution_at_once(at: int, failure: tuple[int, str, str]) -> None:
    execution, effects = ExecutionUnderTest(), Effects()
    execution.service.faults = {at: refused(*failure)}

    ended = execution.run(effects.program())

    assert ended.error is not None
    assert (ended.status, failure[2] in (ended.error.message or "")) == ("FAILED", True)
    assert len(execution.service.batches) == at
    assert ended.invocations <= 2


def test_26_what_is_too_much_for_one_batch_is_sent_in_order_in_several() -> None:
    execution, gate = ExecutionUnderTest(), Gate()
    execution.service.faults[1] = gate
    everybody = threading.Barrier(MAX_WORKERS, gate.opened.set)

    def nest(inner: Any, depth: int) -> object:
        if depth:
            return inner.run_in_child_context(lambda child: nest(child, depth - 1), name=f"depth {depth}")
        return len(inner.step(lambda _: "x" * (20_000 + everybody.wait(PATIENCE)), name="s"))

    ended = execution.invoke(
        lambda _event, context: context.map(range(MAX_WORKERS), lambda c, *_: nest(c, 8), "m").success_count
    )

    batches = execution.service.batches
    assert ended.result == MAX_WORKERS
    assert max(map(len, batches)) == MAX_BATCH_OPERATIONS
    assert max(sum(len(as_sent(update)) for update in batch) for batch in batches) <= MAX_BATCH_BYTES
    sent = list(itertools.chain(*batches))
    begun = {update.operation_id: at for at, update in enumerate(sent) if update.action is OperationAction.START}
    assert len(begun) == len(execution.operations) == 1 + 10 * MAX_WORKERS
    assert all(begun.get(update.parent_id or "", -1) < at for at, update in enumerate(sent))
    assert all(begun[update.operation_id] <= at for at, update in enumerate(sent))
    assert {each.status for each in execution.operations} == {"SUCCEEDED"}


def run_by(execution: ExecutionUnderTest, handler: Handler, present: Presenter) -> Execution:
    """Drive an execution by a handler that is given its events in another form."""
    execution.runtime.functions["function"] = Function(ThreadHost(warm(handler), present))
    return execution.runtime.run(execution.arn)


@pytest.mark.parametrize("failing", range(12))
def test_27_a_history_in_pages_is_read_to_its_end_whatever_page_fails(failing: int) -> None:
    execution, effects = ExecutionUnderTest(), Effects()
    service = PagingService(execution.runtime.service, failing=frozenset({failing}))

    def program(event: object, context: Any) -> object:
        mapped = context.map("xyz", lambda inner, item, *_: effects.step(inner, item), name="m").get_results()
        return [*effects.program()(event, context), *mapped]

    ended = run_by(execution, durable_execution(program), lambda each: with_empty_first_page(presented(each, service)))

    assert (ended.status, ended.result) == ("SUCCEEDED", '["a", "b", "c", "x", "y", "z"]')
    assert len(service.reads) > 12
    assert set(effects) == set("abcxyz")
    assert len(effects) <= 6 + 2  # a page that fails interrupts the other branches, too


def test_28_unknown_members_of_events_and_answers_are_ignored() -> None:
    execution, effects = ExecutionUnderTest(), Effects()
    handler = durable_execution(effects.program(), boto3_client=TalkativeApi(execution.service))

    ended = run_by(execution, handler, lambda each: talkative(envelope(each)))

    assert (ended.result, ended.invocations, effects) == (RESULT, 2, ["a", "b", "c"])


def test_29_no_thread_goes_on_before_all_pages_of_its_answer_are_read() -> None:
    execution, gate = ExecutionUnderTest(), Gate()
    service = PagingService(execution.runtime.service, faults={1: gate})
    everybody = threading.Barrier(8, gate.opened.set)
    at_most_once = StepConfig(step_semantics=StepSemantics.AT_MOST_ONCE_PER_RETRY)

    def branch(inner: Any, number: int) -> object:
        everybody.wait(PATIENCE)
        if number % 2:
            return inner.step(lambda _: number, name=f"s{number}", config=at_most_once)
        return number if inner.create_callback(f"s{number}").callback_id else None

    branches = [partial(branch, number=number) for number in range(8)]
    answer = durable_execution(lambda _event, context: context.parallel(branches, name="p").get_results())(
        presented(execution.begin(), service), None
    )

    assert answer["Result"] == "[0, 1, 2, 3, 4, 5, 6, 7]"
    started = [update.name for batch in service.batches for update in batch if update.action is OperationAction.START]
    assert len(started) == len(set(started)) == 17


class WatchedCondition(threading.Condition):
    """Notes who waits on it."""

    def __init__(self, lock: threading.Lock, waiting: list[threading.Thread]) -> None:
        super().__init__(lock)
        self._waiting = waiting

    def wait(self, timeout: float | None = None) -> bool:
        self._waiting.append(threading.current_thread())
        return super().wait(timeout)


class WatchedScheduler(ThreadScheduler):
    """Notes who waits for anything; no time passes, so nothing is ever late."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[threading.Thread] = []

    def now(self) -> float:
        return 0

    def condition(self, lock: threading.Lock) -> threading.Condition:
        return WatchedCondition(lock, self.waiting)


def test_30_steps_one_after_another_never_wait_for_another_thread_or_for_time() -> None:
    execution, scheduler, effects = ExecutionUnderTest(), WatchedScheduler(), Effects()
    event = replace(presented(execution.begin(), execution.service), scheduler=scheduler)

    durable_execution(lambda _event, context: [effects.step(context, str(number)) for number in range(100)])(
        event, None
    )

    assert len(effects) == len(execution.service.batches) == 100
    assert threading.current_thread() not in scheduler.waiting


def test_31_an_execution_that_an_operator_stops_is_left_and_not_opened_again() -> None:
    execution, effects = ExecutionUnderTest(), Effects()

    def program(_event: object, context: Any) -> None:
        context.step(lambda _: execution.runtime.executions.stop(execution.arn) and None, name="stopped meanwhile")
        effects.step(context, "after")

    ended = execution.run(program)

    assert (ended.status, ended.invocations, effects) == ("STOPPED", 1, [])

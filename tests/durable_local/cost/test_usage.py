"""Bytes, time and requests of an execution."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from durable.context import DurableContext
from durable.execution import durable_execution
from durable_local.cost.operations import Kind
from durable_local.cost.usage import Terms, Usage, invoked, total, used
from durable_local.timeline.spans import Json
from tests.durable_local.cost.histories import history, steps

START = datetime(2026, 1, 1, tzinfo=UTC)
TERMS = Terms(memory_mb=1024, retention_days=14)


def use(events: list[Json], terms: Terms = TERMS, until: datetime = START) -> Usage:
    return used(events, terms, until)


def event(kind: str, at: timedelta = timedelta(), **details: Any) -> Json:
    return {"EventType": kind, "EventTimestamp": START + at, "Id": "one", f"{kind}Details": details}


def invocation(*, took: timedelta, began: timedelta = timedelta(), **details: Any) -> Json:
    ended = START + began + took
    return event("InvocationCompleted", StartTimestamp=START + began, EndTimestamp=ended, **details)


def payload(text: str) -> Json:
    return {"Payload": text, "Truncated": False}


def test_input_results_and_the_end_are_written() -> None:
    events = history(steps, 3)

    assert use(events).written == len("3") + len("0") + len("1") + len("2") + len("3")


def test_what_answers_a_callback_is_written_twice_beside_what_its_submitter_returned() -> None:
    @durable_execution
    def handler(_event: object, context: DurableContext) -> None:
        context.wait_for_callback(lambda *_: None, name="approval")

    short, long = (use(history(handler, answers={"approval": "x" * count})).written for count in (1, 101))

    assert long - short == 2 * 100


def test_a_result_of_a_branch_is_written_twice_and_the_step_in_it_once() -> None:
    @durable_execution
    def handler(event: int, context: DurableContext) -> None:
        context.map([1], lambda inner, *_: inner.step(lambda _: "x" * event))

    short, long = (use(history(handler, count)).written for count in (100, 200))

    assert long - short == 3 * 100


def test_bytes_count_and_not_letters() -> None:
    assert use([event("ExecutionStarted", Input=payload('"€"'))]).written == 5


def test_an_error_is_written_as_its_json() -> None:
    error = {"Payload": {"ErrorMessage": "ü"}, "Truncated": False}

    assert use([event("ExecutionStarted"), event("ExecutionFailed", Error=error)]).written == len(
        '{"ErrorMessage": "ü"}'.encode()
    )


def test_what_the_history_does_not_tell_is_named() -> None:
    usage = use([event("ExecutionStarted", Input={"Truncated": True})])

    assert (usage.written, usage.untold) == (0, 1)


@pytest.mark.parametrize(
    ("took", "billed"),
    [
        (timedelta(), 1),
        (timedelta(microseconds=1), 1),
        (timedelta(milliseconds=7), 7),
        (timedelta(microseconds=7_001), 8),
    ],
)
def test_a_millisecond_that_was_begun_is_paid_for(took: timedelta, billed: int) -> None:
    usage = use([event("ExecutionStarted"), invocation(took=took)])

    assert usage.milliseconds == billed
    assert usage.gigabyte_seconds == Decimal(billed) / 1000


def test_every_invocation_is_a_request_and_its_memory_is_paid_for() -> None:
    events = [event("ExecutionStarted"), *2 * [invocation(took=timedelta(seconds=16))]]

    usage = use(events, Terms(memory_mb=512, retention_days=14))

    assert usage.requests == 2
    assert usage.gigabyte_seconds == 16


def test_bytes_are_kept_from_the_start_to_the_end_of_the_retention() -> None:
    week = timedelta(days=7)
    events = [event("ExecutionStarted", Input=payload("x" * 1000)), event("ExecutionSucceeded", week)]

    assert use(events).gigabyte_months == Decimal("1E-6") * 21 / 30


def test_an_execution_that_runs_is_kept_until_now_and_its_retention_is_still_to_come() -> None:
    usage = use([event("ExecutionStarted", Input=payload("x" * 1000))], until=START + timedelta(days=1))

    assert usage.gigabyte_months == Decimal("1E-6") * 15 / 30


def test_an_invocation_that_failed_and_was_repeated_counts_one_more() -> None:
    error = {"Payload": {"ErrorType": "Runtime.ExitError"}, "Truncated": False}
    failed = invocation(took=timedelta(seconds=1), Error=error)
    answered = invocation(took=timedelta(seconds=1))

    repeated = use([event("ExecutionStarted"), failed, failed, answered, event("ExecutionSucceeded")])
    last = use([event("ExecutionStarted"), failed, event("ExecutionFailed")])
    due = use([event("ExecutionStarted"), failed])

    assert repeated.operations == {Kind.START: 1, Kind.INVOCATION_RETRY: 2}
    assert due.operations == {Kind.START: 1, Kind.INVOCATION_RETRY: 1}
    assert last.operations == {Kind.START: 1}


def test_an_invoke_tells_the_execution_that_it_began_or_the_function_that_has_none() -> None:
    events = [
        event("ChainedInvokeStarted", FunctionName="shards:live", DurableExecutionArn="arn:1"),
        event("ChainedInvokeStarted", FunctionName="greeting:live"),
        event("ChainedInvokeStarted", FunctionName="greeting:live"),
    ]

    assert invoked(events) == (["arn:1"], ["greeting:live"])


def test_operations_grow_by_one_with_each_step_and_bytes_with_what_it_returns() -> None:
    """All of them return three digits."""
    few, more, most = (use(history(steps, count)) for count in (110, 200, 290))

    assert more.operations.total() - few.operations.total() == 90
    assert most.operations.total() - more.operations.total() == 90
    assert more.written - few.written == most.written - more.written == 90 * 3


def test_usages_are_added() -> None:
    events = [event("ExecutionStarted", Input=payload("abc")), invocation(took=timedelta(seconds=2))]

    both = total([use(events), use(events, Terms(memory_mb=2048, retention_days=14))])

    assert both.operations == {Kind.START: 2}
    assert (both.written, both.requests, both.milliseconds, both.gigabyte_seconds) == (6, 2, 4000, Decimal(6))

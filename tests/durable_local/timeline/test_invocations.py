from datetime import datetime, timedelta
from typing import Any

import pytest

from durable_local.timeline.invocations import invocations_of
from durable_local.timeline.spans import Doing, Span
from tests.fakes.clock import START


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def event(kind: str, seconds: float, **details: Any) -> dict[str, Any]:
    return {"EventType": kind, "EventTimestamp": at(seconds), "Id": "a", f"{kind}Details": details}


def completed(began: float, ended: float, **details: Any) -> dict[str, Any]:
    return event("InvocationCompleted", ended, StartTimestamp=at(began), EndTimestamp=at(ended), **details)


FIRST = [event("ExecutionStarted", 0), event("StepStarted", 1), event("StepSucceeded", 2), completed(0.5, 3)]


def test_the_first_invocation_has_nothing_to_replay() -> None:
    assert invocations_of(FIRST) == [Span(Doing.RUNS, at(0.5), at(3))]


def test_a_later_one_replays_until_it_makes_something_happen() -> None:
    later = [event("WaitSucceeded", 8), event("CallbackStarted", 9), completed(8, 10)]

    assert invocations_of([*FIRST, *later])[1:] == [
        Span(Doing.REPLAYS, at(8), at(9)),
        Span(Doing.RUNS, at(9), at(10)),
    ]


def test_what_others_make_happen_meanwhile_is_no_news_of_its_own() -> None:
    later = [event("CallbackSucceeded", 9), event("ChainedInvokeFailed", 9.5), completed(8, 10)]

    assert invocations_of([*FIRST, *later])[1:] == [Span(Doing.REPLAYS, at(8), at(10))]


def test_one_that_goes_on_at_once_does_not_replay_for_any_time() -> None:
    assert invocations_of([*FIRST, event("StepStarted", 8), completed(8, 10)])[1:] == [Span(Doing.RUNS, at(8), at(10))]


def test_what_an_invocation_did_that_was_killed_is_not_the_next_ones_news() -> None:
    killed = [event("StepStarted", 5)]

    assert invocations_of([*FIRST, *killed, event("StepStarted", 9), completed(8, 10)])[1:] == [
        Span(Doing.REPLAYS, at(8), at(9)),
        Span(Doing.RUNS, at(9), at(10)),
    ]


def test_one_that_ended_with_an_error_has_failed() -> None:
    assert invocations_of([completed(0, 1, Error={"Payload": {}})]) == [Span(Doing.RUNS, at(0), at(1), failed=True)]


def test_the_first_one_that_has_not_ended_runs() -> None:
    assert invocations_of(FIRST[:2], running=at(0.5)) == [Span(Doing.RUNS, at(0.5))]


@pytest.mark.parametrize(
    ("events", "spans"),
    [
        ([], [Span(Doing.REPLAYS, at(8))]),
        ([event("CallbackSucceeded", 9)], [Span(Doing.REPLAYS, at(8))]),
        ([event("StepStarted", 8)], [Span(Doing.RUNS, at(8))]),
        ([event("StepStarted", 9)], [Span(Doing.REPLAYS, at(8), at(9)), Span(Doing.RUNS, at(9))]),
    ],
)
def test_a_later_one_that_has_not_ended_replays_until_it_makes_something_happen(
    events: list[dict[str, Any]], spans: list[Span]
) -> None:
    assert invocations_of([*FIRST, *events], running=at(8))[1:] == spans

from datetime import timedelta
from typing import Any

import pytest

from durable_local.timeline.spans import Doing, Span, spans_of
from tests.fakes.clock import START


def at(seconds: int) -> Any:
    return START + timedelta(seconds=seconds)


def event(kind: str, seconds: int, **details: Any) -> dict[str, Any]:
    return {"EventType": kind, "EventTimestamp": at(seconds), "Id": "a", f"{kind}Details": details}


def test_a_step_that_is_tried_again_runs_in_turn_with_its_delays() -> None:
    events = [
        event("StepStarted", 0),
        event("StepFailed", 1, RetryDetails={"CurrentAttempt": 1, "NextAttemptDelaySeconds": 5}),
        event("StepStarted", 6),
        event("StepSucceeded", 7, RetryDetails={"CurrentAttempt": 2}),
    ]

    assert spans_of(events) == {
        "a": [
            Span(Doing.RUNS, at(0), at(1), failed=True),
            Span(Doing.RETRIES, at(1), at(6)),
            Span(Doing.RUNS, at(6), at(7)),
        ]
    }


@pytest.mark.parametrize(
    ("family", "doing"),
    [
        ("Step", Doing.RUNS),
        ("Wait", Doing.WAITS),
        ("Callback", Doing.WAITS),
        ("ChainedInvoke", Doing.WAITS),
        ("Context", Doing.HOLDS),
    ],
)
def test_what_has_not_ended_goes_on(family: str, doing: Doing) -> None:
    assert spans_of([event(f"{family}Started", 3)]) == {"a": [Span(doing, at(3))]}


def test_events_of_the_execution_and_of_invocations_are_no_spans() -> None:
    assert spans_of([event("ExecutionStarted", 0), event("InvocationCompleted", 1)]) == {}


def test_an_end_without_a_begin_is_a_moment() -> None:
    assert spans_of([event("StepSucceeded", 2)]) == {"a": [Span(Doing.RUNS, at(2), at(2))]}

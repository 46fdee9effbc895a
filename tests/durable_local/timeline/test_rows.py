from datetime import datetime, timedelta
from typing import Any

import pytest

from durable.model import Operation, OperationStatus, OperationType
from durable_local.timeline.rows import Row, Told, merged, timeline
from durable_local.timeline.spans import Doing, Span
from tests.durable_local.timeline.drawn import tour
from tests.fakes.clock import START


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def event(kind: str, seconds: float, **details: Any) -> dict[str, Any]:
    return {"EventType": kind, "EventTimestamp": at(seconds), "Id": "a", f"{kind}Details": details}


def rows(operations: list[Operation], events: list[dict[str, Any]], ended: datetime | None = None) -> list[Row]:
    told = Told(operations, events, at(60))
    return list(timeline(START, ended, told, complete=False).rows)


STEP = Operation("a", OperationType.STEP, OperationStatus.STARTED, None, "charge", at(1))


@pytest.mark.parametrize(("ended", "took"), [(None, "59.0 s"), (at(10), "9.0 s")])
def test_what_goes_on_has_no_end_and_takes_until_now(ended: datetime | None, took: str) -> None:
    (row,) = rows([STEP], [event("StepStarted", 1)], ended)

    assert (row.label, row.took, row.spans) == ("charge", took, [Span(Doing.RUNS, at(1))])


@pytest.mark.parametrize(("ended", "spans"), [(None, [Span(Doing.RUNS, at(2))]), (at(60), [])])
def test_the_invocation_that_runs_is_there_unless_the_execution_is_over(
    ended: datetime | None, spans: list[Span]
) -> None:
    told = Told([STEP], [event("StepStarted", 3)], at(60), invoked=at(2))

    assert timeline(START, ended, told, complete=False).invocations == spans


def test_what_is_left_open_ends_with_what_holds_it() -> None:
    execution = Operation("e", OperationType.EXECUTION, OperationStatus.SUCCEEDED, end_timestamp=at(5))

    (row,) = rows([execution, STEP], [event("StepStarted", 1)], at(5))

    assert (row.took, row.spans) == ("left open", [Span(Doing.RUNS, at(1), at(5))])


def test_a_row_for_many_tells_when_any_of_them_did_something() -> None:
    spans = [Span(Doing.RUNS, at(0), at(2)), Span(Doing.WAITS, at(1), at(3)), Span(Doing.RUNS, at(1), at(4))]

    assert merged([*spans, Span(Doing.RUNS, at(5), at(6))], timedelta(seconds=0.5), at(9)) == [
        Span(Doing.RUNS, at(0), at(4)),
        Span(Doing.RUNS, at(5), at(6)),
        Span(Doing.WAITS, at(1), at(3)),
    ]


def test_one_failure_among_many_stays_visible() -> None:
    assert merged(
        [Span(Doing.RUNS, at(0), at(2)), Span(Doing.RUNS, at(2.4), at(3), failed=True)], timedelta(seconds=0.5), at(9)
    ) == [Span(Doing.RUNS, at(0), at(3), failed=True)]


def test_in_a_row_for_many_what_goes_on_ends_for_now() -> None:
    assert merged([Span(Doing.RUNS, at(0)), Span(Doing.RUNS, at(8))], timedelta(0), at(9)) == [
        Span(Doing.RUNS, at(0), at(9))
    ]


def test_the_tour_does_all_that_can_be_done() -> None:
    _, drawn = tour()

    assert {*drawn.doings, *(span.doing for span in drawn.invocations)} == set(Doing)

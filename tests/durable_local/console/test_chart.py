"""The timeline of a page, before its script stretches it."""

import re

import pytest

from durable.model import Operation, OperationStatus, OperationType
from durable_local.console.chart import Bar, chart
from durable_local.timeline.rows import Told, timeline
from durable_local.timeline.spans import Doing, Json
from tests.durable_local.console.conftest import Visit
from tests.durable_local.console.functions import asks, fails, maps
from tests.durable_local.timeline.drawn import tour
from tests.durable_local.timeline.test_rows import STEP, at, event
from tests.fakes.clock import START


def bars(*events: Json, seconds: float = 10) -> list[Bar]:
    """The bars of a step in an execution that has lasted so long."""
    drawn = timeline(START, None, Told([STEP], events, at(seconds)), complete=False)
    (line,) = chart(drawn, lambda _: "#").lines
    return list(line.bars)


def test_a_bar_stands_in_proportion_and_carries_its_exact_moments() -> None:
    assert bars(event("StepStarted", 2.5), event("StepSucceeded", 5)) == [
        Bar(Doing.RUNS, 25, 25, "2500 5000", failed=False, is_open=False)
    ]


def test_what_goes_on_reaches_the_end_and_is_marked() -> None:
    (bar,) = bars(event("StepStarted", 4))

    assert (bar.left, bar.width, bar.at, bar.is_marked) == (40, 60, "4000 10000", True)


def test_the_shortest_can_be_seen_and_a_failure_is_drawn_over_others() -> None:
    failed, again = event("StepFailed", 1, RetryDetails={"NextAttemptDelaySeconds": 1}), event("StepStarted", 2)

    drawn = bars(event("StepStarted", 1), failed, again, seconds=3_000)

    assert [(bar.doing, bar.failed, bar.width) for bar in drawn][-1] == (Doing.RUNS, True, 0.2)


def test_lines_tell_kinds_addresses_and_what_is_inside_others() -> None:
    _, drawn = tour()

    told = chart(drawn, lambda each: f"/{each.name}")

    first, parallel = told.lines[0], next(line for line in told.lines if line.label == "find-out")
    assert (first.label, first.address) == ("invocations", None)
    assert (parallel.kind, parallel.address, parallel.is_context) == ("Parallel", "/find-out", True)
    assert {line.depth for line in told.lines} == {0, 1, 2}
    assert [doing for doing, _ in told.doings] == list(Doing)


def test_an_operation_without_a_name_is_not_told_its_kind_twice() -> None:
    unnamed = Operation("a", OperationType.WAIT, OperationStatus.STARTED, None, None, at(1), sub_type="Wait")
    drawn = timeline(START, None, Told([unnamed], [event("WaitStarted", 1)], at(2)), complete=False)

    (line,) = chart(drawn, lambda _: "#").lines

    assert (line.label, line.kind) == ("Wait", "")


def test_the_page_draws_the_invocation_that_has_not_ended(visit: Visit) -> None:
    visit.served.host("asks", asks)
    visit.served.start_and_ask("asks", {}, "monday")

    page = visit.page("executions/monday")

    assert "goes on" in page
    assert 'class="end open"' in page


def test_a_failure_is_told_apart_by_more_than_its_colour(visit: Visit) -> None:
    visit.served.host("fails", fails)
    visit.ended("fails", "no", "monday")

    page = visit.page("executions/monday")

    assert page.count('class="bar runs failed"') == page.count('class="end"') == 2
    assert 'fill="url(#retries)"' in page


@pytest.mark.parametrize(("query", "rows"), [("", 1 + 1 + 2 * 3 + 1), ("?all", 1 + 1 + 2 * 12)])
def test_rows_lead_to_operations_and_the_row_of_many_to_all_of_them(visit: Visit, query: str, rows: int) -> None:
    visit.served.host("maps", maps)
    visit.ended("maps", 12, "monday")

    page = visit.page(f"executions/monday{query}")

    assert len(re.findall(r'class="row"', page)) == rows
    assert ('<a class="row" href="?all"' in page) == (not query)

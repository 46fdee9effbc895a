"""The list of executions, over HTTP."""

import pytest

from durable_local.console.executions import ROWS
from tests.durable_local.console.conftest import Visit
from tests.durable_local.console.functions import doubles, fails


@pytest.fixture
def busy(visit: Visit) -> Visit:
    visit.served.host("doubles", doubles)
    visit.served.host("fails", fails)
    for number in range(3):
        visit.ended("doubles", number, f"order-{number}")
    visit.ended("fails", "no", "Refused")
    return visit


def shown(visit: Visit, query: str = "") -> list[str]:
    return [name for name in ("order-0", "order-1", "order-2", "Refused") if f">{name}</a>" in visit.page(query)]


def test_executions_stand_newest_first(busy: Visit) -> None:
    page = busy.page()

    assert sorted(["order-0", "order-1", "order-2", "Refused"], key=page.index) == [
        "Refused",
        "order-2",
        "order-1",
        "order-0",
    ]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?function=fails", ["Refused"]),
        ("?status=SUCCEEDED", ["order-0", "order-1", "order-2"]),
        ("?name=refu", ["Refused"]),
        ("?name=%20order-1%20", ["order-1"]),
        ("?function=doubles&status=FAILED", []),
    ],
)
def test_a_filter_leaves_those_that_it_asks_for(busy: Visit, query: str, left: list[str]) -> None:
    assert shown(busy, query) == left


def test_what_was_chosen_stays_chosen(busy: Visit) -> None:
    page = busy.page("?function=fails&status=FAILED&name=re%22f")

    assert "<option selected>fails</option>" in page
    assert '<input type="hidden" name="status" value="FAILED">' in page
    assert 'href="/console/?function=fails&amp;status=FAILED&amp;name=re%22f" aria-current="page">Failed<' in page
    assert 'value="re&#34;f"' in page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "All 4 Running 0 Succeeded 3 Failed 1 Timed out 0 Stopped 0"),
        ("?status=FAILED", "All 4 Running 0 Succeeded 3 Failed 1 Timed out 0 Stopped 0"),
        ("?function=doubles", "All 3 Running 0 Succeeded 3 Failed 0 Timed out 0 Stopped 0"),
        ("?name=order", "All Running Succeeded Failed Timed out Stopped"),
    ],
)
def test_statuses_are_counted_but_for_a_part_of_a_name(busy: Visit, query: str, told: str) -> None:
    assert told in busy.text(query)


def test_a_status_leads_to_its_executions_of_the_same_function(busy: Visit) -> None:
    page = busy.page("?function=doubles")

    assert 'href="/console/?function=doubles&amp;status=RUNNING">Running' in page
    assert 'href="/console/?function=doubles" aria-current="page">All' in page


def test_a_filter_that_leaves_nothing_says_so_and_how_to_go_on(busy: Visit) -> None:
    assert "No execution is like that" in busy.text("?name=nobody")
    assert 'href="/console/">show all executions</a>' in busy.page("?name=nobody")


def test_pages_lead_to_older_executions_with_the_same_filter_and_back(visit: Visit) -> None:
    visit.served.host("doubles", doubles)
    for number in range(ROWS + 1):
        visit.ended("doubles", number, f"order-{number:02}")

    first = visit.page("?function=doubles")
    older = first.partition('" rel="next"')[0].rpartition('href="')[2].replace("&amp;", "&")
    second = visit.browser.get(older).text

    assert ">order-00<" not in first
    assert [f">order-{number:02}<" in second for number in range(ROWS + 1)] == [True] + ROWS * [False]
    assert 'rel="next"' not in second
    assert 'href="/console/?function=doubles" rel="first"' in second


def test_before_the_first_execution_the_page_says_how_to_start_one(visit: Visit) -> None:
    visit.served.host("doubles", doubles)

    told = visit.text()

    assert "No executions yet" in told
    assert f"--endpoint-url {visit.served.server.url}" in told
    assert "--function-name 'doubles:$LATEST'" in told


def test_a_server_without_functions_says_how_to_have_some(visit: Visit) -> None:
    assert "durable start --template FILE" in visit.text()

"""The history of an execution, over HTTP."""

import re

import pytest

from durable_local.console.history import EVENTS
from tests.durable_local.console.conftest import Visit
from tests.durable_local.console.functions import asks, fails, maps

NUMBERS = re.compile(r'<td class="number">(\d+)<')


def test_events_tell_their_details_and_errors_but_no_payloads(visit: Visit) -> None:
    visit.served.host("fails", fails)
    visit.ended("fails", "no stock", "monday")

    told = visit.text("executions/monday/events")

    assert "StepFailed charge CurrentAttempt 1 · NextAttemptDelaySeconds" in told
    assert "ValueError: no stock" in told
    assert '"no stock"' not in told


def test_a_long_history_comes_in_pages(visit: Visit) -> None:
    visit.served.host("maps", maps)
    visit.ended("maps", 40, "monday")
    count = len(visit.served.runtime.executions.history("monday"))
    assert EVENTS < count < 2 * EVENTS

    first, second = (visit.page(f"executions/monday/events{query}") for query in ("", f"?after={EVENTS}"))

    assert [int(each) for each in NUMBERS.findall(first) + NUMBERS.findall(second)] == list(range(1, count + 1))
    assert f'href="/console/executions/monday/events?after={EVENTS}" rel="next"' in first
    assert 'rel="next"' not in second
    assert 'href="/console/executions/monday/events" rel="first"' in second


def test_a_callbacks_event_does_not_tell_its_id(visit: Visit) -> None:
    visit.served.host("asks", asks)
    visit.served.start_and_ask("asks", {}, "monday")

    assert "CallbackId" not in visit.text("executions/monday/events")


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "%C2%B2", "9999999999"])
def test_an_event_that_there_is_not_is_told(visit: Visit, after: str) -> None:
    visit.served.host("fails", fails)
    visit.ended("fails", "no", "monday")

    assert "There is no event after" in visit.text(f"executions/monday/events?after={after}", 400)


def test_after_the_last_event_there_is_none(visit: Visit) -> None:
    visit.served.host("fails", fails)
    visit.ended("fails", "no", "monday")

    assert "There are no events after that one" in visit.text("executions/monday/events?after=99")

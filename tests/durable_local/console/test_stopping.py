"""Stopping an execution, over HTTP."""

import pytest

from durable.model import ErrorObject
from durable_local.executions import STOPPED_BY_USER
from tests.durable_local.console.conftest import Visit
from tests.durable_local.console.functions import asks, doubles

STOP = "executions/monday/stop"


@pytest.fixture
def asking(visit: Visit) -> Visit:
    """An execution named monday that waits for its callback."""
    visit.served.host("asks", asks)
    visit.served.start_and_ask("asks", {}, "monday")
    return visit


def test_an_execution_is_stopped_for_a_reason(asking: Visit) -> None:
    said = asking.act(STOP, reason="wrong customer")

    stopped = asking.served.runtime.executions.get("monday")
    assert said == "Execution monday is stopped."
    assert (stopped.status, stopped.error) == ("STOPPED", ErrorObject("wrong customer"))


def test_without_a_reason_it_is_stopped_as_anywhere_else(asking: Visit) -> None:
    asking.act(STOP, reason="")

    assert asking.served.runtime.executions.get("monday").error == STOPPED_BY_USER


def test_one_that_has_ended_stays_as_it_is(visit: Visit) -> None:
    visit.served.host("doubles", doubles)
    visit.ended("doubles", 21, "monday")

    said = visit.act(STOP, 409, reason="too late")

    assert said == "Execution monday was over before: succeeded. Nothing has changed."
    assert visit.served.runtime.executions.get("monday").result == "42"


def test_one_is_not_stopped_twice(asking: Visit) -> None:
    asking.act(STOP, reason="first")

    said = asking.act(STOP, 409, reason="second")

    assert said == "Execution monday was over before: stopped. Nothing has changed."
    assert asking.served.runtime.executions.get("monday").error == ErrorObject("first")


def test_one_that_there_is_not_cannot_be_stopped(visit: Visit) -> None:
    assert visit.act("executions/nobody/stop", 404) == "There is no execution nobody"


def test_the_page_offers_it_as_long_as_the_execution_runs(asking: Visit) -> None:
    assert f'data-action="/console/actions/{STOP}"' in asking.page("executions/monday")

    asking.act(STOP)

    assert "data-action" not in asking.page("executions/monday")
    assert "<dialog" not in asking.page("executions/monday")

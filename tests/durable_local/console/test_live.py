"""What pages hear while they are looked at, over HTTP."""

import time
from collections.abc import Iterator

import pytest

from durable_local.clock import SkippingClock
from tests.durable_local.console.conftest import Visit
from tests.durable_local.console.functions import asks, doubles
from tests.durable_local.http.serving import serving

LIST = "/console/live"
MESSAGE = "data: changed"


@pytest.fixture
def asking(visit: Visit) -> Visit:
    """An execution named monday that waits for its callback."""
    visit.served.host("asks", asks)
    visit.served.host("doubles", doubles)
    visit.served.start_and_ask("asks", {}, "monday")
    return visit


def messages(lines: Iterator[str]) -> Iterator[str]:
    return (line for line in lines if line)


def stop(visit: Visit, name: str) -> None:
    executions = visit.served.runtime.executions
    executions.stop(executions.get(name).arn)


def test_a_page_hears_at_once_lest_it_has_missed_something_and_then_of_changes(asking: Visit) -> None:
    with asking.browser.stream("GET", "/console/executions/monday/live") as stream:
        heard = messages(stream.iter_lines())

        assert stream.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert next(heard) == MESSAGE
        stop(asking, "monday")
        assert next(heard) == MESSAGE


def test_the_list_hears_of_executions_that_begin(asking: Visit) -> None:
    with asking.browser.stream("GET", LIST) as stream:
        heard = messages(stream.iter_lines())
        next(heard)
        asking.served.start("doubles", 1)

        assert next(heard) == MESSAGE


def test_messages_tell_nothing_but_that_something_has_changed(asking: Visit) -> None:
    with asking.browser.stream("GET", "/console/executions/monday/live") as stream:
        chunks = stream.iter_raw()
        first = next(chunks)
        stop(asking, "monday")

        assert first == next(chunks) == b"data: changed\n\n"


def test_a_server_that_closes_lets_the_pages_go_at_once() -> None:
    with (
        serving(SkippingClock()) as served,
        served.http(f"Bearer {served.server.token}") as browser,
        browser.stream("GET", LIST) as stream,
    ):
        heard = messages(stream.iter_lines())
        next(heard)
        began = time.monotonic()
        served.server.close()

        assert list(heard) == []
        assert time.monotonic() - began < 2


def test_what_there_is_not_cannot_be_followed(visit: Visit) -> None:
    assert "There is no execution nobody" in visit.text("executions/nobody/live", 404)


@pytest.mark.parametrize("path", [LIST, "/console/executions/monday/live"])
def test_strangers_hear_nothing(asking: Visit, path: str) -> None:
    with asking.served.http(None) as stranger:
        assert stranger.get(path).status_code == 403


def test_a_page_follows_as_long_as_there_is_something_to_follow(asking: Visit) -> None:
    assert 'data-live="/console/live"' in asking.page()
    assert 'data-live="/console/executions/monday/live"' in asking.page("executions/monday")
    stop(asking, "monday")
    assert "data-live" not in asking.page("executions/monday")

"""Chromium, a server of the test's own, and readers who look at its console; every test here is slow."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from durable_local.clock import Clock, SystemClock
from tests.browser import chromium
from tests.browser.look import LOOKS, Look
from tests.browser.reader import Reader, reading
from tests.durable_local.http.serving import PATIENCE, Served, serving

expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="package")  # a session's would leave its event loop to the tests of other packages
def browser() -> Iterator[Browser]:
    if chromium.PATH is None:
        pytest.skip("There is no Chromium here: apt-get install chromium fonts-dejavu-core")
    with sync_playwright() as playwright, chromium.launched(playwright) as browser:
        yield browser


@pytest.fixture
def clock() -> Clock:
    """The server's time; tests that wait for retries take one that skips."""
    return SystemClock()


@pytest.fixture
def served(clock: Clock) -> Iterator[Served]:
    """A server that hosts what a test gives it."""
    with serving(clock) as served:
        yield served


Enter = Callable[[Look], Reader]


@pytest.fixture
def enter(served: Served, browser: Browser) -> Iterator[Enter]:
    """Lets readers in; a trouble that one of them had fails the test."""
    readers: list[Reader] = []
    with ExitStack() as stack:

        def enter(look: Look) -> Reader:
            readers.append(stack.enter_context(reading(served, browser, look)))
            return readers[-1]

        yield enter
        for reader in readers:
            reader.page.wait_for_timeout(0)  # what the browser has told by now is heard
    assert [trouble for reader in readers for trouble in reader.troubles] == []


@pytest.fixture
def reader(enter: Enter) -> Reader:
    """A reader with a wide, light window."""
    return enter(Look())


@pytest.fixture(params=LOOKS, ids=str)
def any_reader(request: pytest.FixtureRequest, enter: Enter) -> Reader:
    """A reader with a narrow or a wide window, light or dark: the test runs for each."""
    look: Look = request.param
    return enter(look)

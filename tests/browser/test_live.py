"""Pages that are looked at while something happens."""

import threading
from functools import partial

import pytest
from playwright.sync_api import Locator, expect

from durable import DurableContext, durable_execution
from durable.config import StepConfig
from durable.retries import RetryStrategyConfig, create_retry_strategy
from durable_local.clock import Clock, SkippingClock
from durable_local.hosts.loading import Handler
from tests.browser.reader import Reader
from tests.browser.sights import ended, operation
from tests.durable_local.console.functions import asks, doubles
from tests.durable_local.http.serving import PATIENCE

pytestmark = pytest.mark.slow


@pytest.fixture
def clock() -> Clock:
    return SkippingClock()


@pytest.fixture
def gate() -> threading.Semaphore:
    """What the steps of `gated` wait for."""
    return threading.Semaphore(0)


def gated(gate: threading.Semaphore) -> Handler:
    """Two steps, each of which fails once and then waits until it is let through."""

    attempts: list[str] = []

    def once(name: str, _context: object) -> str:
        attempts.append(name)
        if attempts.count(name) == 1:
            raise ValueError(f"{name} is not ready\n" * 100)
        assert gate.acquire(timeout=PATIENCE)
        return name

    @durable_execution
    def handler(event: str, context: DurableContext) -> str:
        config = StepConfig(create_retry_strategy(RetryStrategyConfig(max_attempts=2)))
        for name in ("first", "second"):
            context.step(partial(once, name), name=name, config=config)
        return event

    return handler


def focus(target: Locator) -> None:
    target.focus()
    expect(target).to_be_focused()


def test_an_execution_is_seen_to_go_on_and_to_end(reader: Reader, gate: threading.Semaphore) -> None:
    reader.served.host("gated", gated(gate))
    reader.served.start("gated", "done", "monday")
    reader.open("executions/monday")
    heading, tree = reader.page.get_by_role("heading", level=1), reader.page.locator(".tree")
    expect(tree).to_contain_text("first")
    expect(heading).to_contain_text("running")

    gate.release()
    expect(tree).to_contain_text("second")
    gate.release()

    expect(heading).to_contain_text("succeeded")
    expect(reader.page.get_by_role("heading", name="Result")).to_be_visible()


def test_the_focus_stays_on_an_operation_while_others_begin(reader: Reader, gate: threading.Semaphore) -> None:
    reader.served.host("gated", gated(gate))
    reader.served.start("gated", "done", "monday")
    reader.open("executions/monday")
    tree = reader.page.locator(".tree")
    focus(tree.get_by_role("link", name="first"))

    gate.release()

    expect(tree).to_contain_text("second")
    expect(tree.get_by_role("link", name="first")).to_be_focused()
    gate.release()


def test_the_focus_stays_on_an_execution_while_newer_ones_come_before_it(reader: Reader) -> None:
    reader.served.host("doubles", doubles)
    ended(reader.served, "doubles", 21, "monday")
    reader.open()
    focus(reader.page.get_by_role("link", name="monday"))

    ended(reader.served, "doubles", 21, "tuesday")

    expect(reader.page.get_by_role("link", name="tuesday")).to_be_visible()
    expect(reader.page.get_by_role("link", name="monday")).to_be_focused()


def test_what_is_opened_and_scrolled_stays_so_while_the_operation_goes_on(
    reader: Reader, gate: threading.Semaphore
) -> None:
    reader.served.host("gated", gated(gate))
    reader.served.start("gated", "done", "monday")
    reader.open("executions/monday")
    reader.follow(reader.page.locator(".tree").get_by_role("link", name="first"))
    summary = reader.page.get_by_text("Stack trace")
    summary.press("Enter")
    message = reader.page.locator(".failure > pre")
    message.evaluate("each => each.scrollTo(0, 300)")

    gate.release()

    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("succeeded")
    expect(summary).to_be_focused()
    expect(reader.page.locator(".failure details")).to_have_attribute("open", "")
    assert message.evaluate("each => each.scrollTop") == 300
    gate.release()


def test_nothing_moves_while_text_is_selected(reader: Reader) -> None:
    reader.served.host("doubles", doubles)
    ended(reader.served, "doubles", 21, "monday")
    reader.open()
    reader.page.evaluate("getSelection().selectAllChildren(document.querySelector('tbody th'))")
    reader.page.evaluate(_LISTEN)

    ended(reader.served, "doubles", 21, "tuesday")
    reader.page.evaluate("heard")

    assert reader.page.evaluate("getSelection().toString()") == "monday"
    expect(reader.page.get_by_role("link", name="tuesday")).to_have_count(0)
    reader.page.evaluate("getSelection().removeAllRanges()")
    expect(reader.page.get_by_role("link", name="tuesday")).to_be_visible()


_LISTEN = """() => {
  const messages = new EventSource("/console/live");
  let count = 0;
  window.heard = new Promise((resolve) => { messages.onmessage = () => { if (++count === 2) resolve(); }; });
}"""
"""`heard` is awaited until the server has told of a change, after what it tells everybody at once."""


def test_a_callback_that_is_answered_elsewhere_is_seen_to_be(reader: Reader) -> None:
    reader.served.host("asks", asks)
    _, callback_id = reader.served.start_and_ask("asks", {}, "monday")
    reader.open(operation(reader.served, "monday", "approval"))
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("started")

    reader.served.client().send_durable_execution_callback_success(CallbackId=callback_id, Result=b'"yes"')

    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("succeeded")


def test_a_page_that_has_ended_listens_no_more(reader: Reader, gate: threading.Semaphore) -> None:
    reader.served.host("gated", gated(gate))
    reader.served.start("gated", "done", "monday")
    gate.release()
    with reader.page.expect_event("requestfailed", predicate=lambda request: request.url.endswith("/live")):
        reader.open("executions/monday")
        gate.release()

    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("succeeded")
    expect(reader.page.locator("[data-live]")).to_have_count(0)


def test_times_stay_the_readers_own_when_the_page_is_renewed(reader: Reader) -> None:
    reader.served.host("doubles", doubles)
    reader.open()

    ended(reader.served, "doubles", 21, "monday")

    expect(reader.page.locator("tbody time")).not_to_contain_text("UTC")

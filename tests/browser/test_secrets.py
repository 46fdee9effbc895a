"""What a browser is never given, and what it never makes of what functions say."""

import pytest
from playwright.sync_api import expect

from durable_local.clock import Clock, SkippingClock
from tests.browser.reader import Reader
from tests.browser.sights import ended, operation, sights
from tests.durable_local.console.functions import MARKUP, asks, fails, marked

pytestmark = pytest.mark.slow


@pytest.fixture
def clock() -> Clock:
    return SkippingClock()


def test_markup_in_names_and_results_is_text(reader: Reader) -> None:
    reader.served.host("marked", marked)
    ended(reader.served, "marked", MARKUP, "monday")

    for address in ("executions/monday", operation(reader.served, "monday", MARKUP), "executions/monday/events"):
        reader.open(address)

        expect(reader.page.get_by_role("main")).to_contain_text(MARKUP)
        assert reader.page.locator("img").count() == 0


def test_markup_in_errors_is_text(reader: Reader) -> None:
    reader.served.host("fails", fails)
    ended(reader.served, "fails", MARKUP, "monday")

    for address in ("executions/monday", operation(reader.served, "monday", "charge"), "executions/monday/events"):
        reader.open(address)

        expect(reader.page.get_by_role("main")).to_contain_text(f"ValueError: {MARKUP}"[-len(MARKUP) :])
        assert reader.page.locator("img").count() == 0


def test_markup_that_is_searched_for_is_text(reader: Reader) -> None:
    reader.open("?name=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&function=%3Cimg%20src%3Dx%3E")

    expect(reader.page.get_by_role("searchbox")).to_have_value('"><img src=x onerror=alert(1)>')
    assert reader.page.locator("img").count() == 0


def test_no_page_and_no_address_tells_a_callback_id(reader: Reader) -> None:
    reader.served.host("asks", asks)
    _, callback_id = reader.served.start_and_ask("asks", {}, "secretly")
    told: list[str] = []
    reader.page.context.on("response", lambda response: told.append(response.url))
    reader.foreseen.append("status of 404")

    for address in [*sights(reader.served).values(), "executions/secretly", "executions/secretly/events"]:
        reader.open(address)
        told.append(reader.page.content())

    assert not [text for text in told if callback_id in text]


def test_no_address_that_one_goes_back_to_keeps_the_key(reader: Reader) -> None:
    addresses: list[str] = []
    reader.page.on("framenavigated", lambda frame: addresses.append(frame.url))
    reader.open("?name=monday")

    for _ in range(reader.page.evaluate("history.length") - 2):  # the first is the browser's own empty page
        reader.page.go_back()

    assert len(addresses) > 1
    assert not [address for address in addresses if "key" in address]


def test_scripts_cannot_read_the_cookie_that_lets_the_browser_in(reader: Reader) -> None:
    assert reader.page.context.cookies()
    assert reader.page.evaluate("document.cookie") == ""

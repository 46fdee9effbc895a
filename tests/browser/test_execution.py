"""One execution in a browser: its timeline, its operations, its history, and where they lead."""

import pytest
from playwright.sync_api import expect

from durable_local.clock import Clock, SkippingClock
from tests.browser.reader import Reader
from tests.browser.sights import ended, operation
from tests.durable_local.console.functions import doubles, fails, invokes, maps

pytestmark = pytest.mark.slow


@pytest.fixture
def clock() -> Clock:
    return SkippingClock()


def test_one_walks_from_the_list_to_a_stack_trace_with_the_keyboard_alone(reader: Reader) -> None:
    reader.served.host("fails", fails)
    ended(reader.served, "fails", "no stock", "monday")
    reader.open()
    page = reader.page

    reader.follow(page.get_by_role("link", name="monday"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("failed")
    reader.follow(page.locator(".tree").get_by_role("link", name="charge"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("charge")
    traces = page.get_by_role("heading", name="Failed attempts").locator("xpath=..").locator("details")
    expect(traces.first.locator("pre")).not_to_be_visible()
    reader.tab_to(traces.first.locator("summary"))
    page.keyboard.press("Enter")

    expect(traces.first.locator("pre")).to_contain_text("in refuse")
    reader.follow(page.get_by_label("Where you are").get_by_role("link", name="monday"))
    reader.follow(page.get_by_role("link", name="events"))
    expect(page.get_by_role("row", name="StepFailed")).to_have_count(2)
    reader.follow(page.get_by_label("Where you are").get_by_role("link", name="Executions"))
    expect(page.get_by_role("link", name="monday")).to_be_visible()


def test_every_bar_of_the_timeline_leads_to_its_operation(reader: Reader) -> None:
    reader.served.host("fails", fails)
    ended(reader.served, "fails", "no stock", "monday")
    reader.open("executions/monday")

    reader.follow(reader.page.locator(".timeline a[href]"))

    assert reader.page.url.endswith(operation(reader.served, "monday", "charge"))


def test_the_timeline_names_each_operation_to_those_who_hear_it(reader: Reader) -> None:
    reader.served.host("fails", fails)
    ended(reader.served, "fails", "no stock", "monday")

    reader.open("executions/monday")

    expect(reader.page.locator(".timeline").get_by_role("link", name="charge")).to_be_visible()
    expect(reader.page.locator(".chart")).to_have_attribute("aria-label", "Timeline, from left to right")


def test_operations_stand_inside_those_that_hold_them(reader: Reader) -> None:
    reader.served.host("maps", maps)
    ended(reader.served, "maps", 2, "monday")

    reader.open("executions/monday")

    tree = reader.page.locator(".tree")
    expect(tree.locator("> li")).to_have_count(1)
    expect(tree.locator("> li > ul > li > .operation > a")).to_have_text(["map-item-0", "map-item-1"])
    expect(tree.locator("> li > ul > li > ul > li > .operation > a")).to_have_text(["store", "store"])


def test_all_of_many_operations_are_one_key_away(reader: Reader) -> None:
    reader.served.host("maps", maps)
    ended(reader.served, "maps", 12, "monday")
    reader.open("executions/monday")
    stores = reader.page.locator(".tree").get_by_role("link", name="store")
    expect(stores).to_have_count(3)

    reader.follow(reader.page.get_by_role("link", name="Show all operations").first)

    expect(stores).to_have_count(12)


def test_one_goes_from_an_execution_to_the_one_it_invoked_and_back(reader: Reader) -> None:
    reader.served.host("doubles", doubles)
    reader.served.host("invokes", invokes)
    ended(reader.served, "invokes", 21, "parent")
    reader.open("executions/parent")

    reader.follow(reader.page.locator(".tree a.child"))
    expect(reader.page.get_by_text("Invoked by")).to_be_visible()
    reader.follow(reader.page.get_by_role("main").get_by_role("link", name="parent"))

    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("parent")


def test_one_pages_through_a_long_history_with_the_keyboard(reader: Reader) -> None:
    reader.served.host("maps", maps)
    ended(reader.served, "maps", 30, "monday")
    reader.open("executions/monday/events")
    rows = reader.page.locator("tbody tr")
    expect(rows).to_have_count(100)

    reader.follow(reader.page.get_by_role("link", name="Next"))

    expect(rows.first.locator("td").first).to_have_text("101")
    reader.follow(reader.page.get_by_role("link", name="First"))
    expect(rows.first.locator("td").first).to_have_text("1")

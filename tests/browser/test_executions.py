"""The list of executions in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from durable_local.clock import Clock, SkippingClock
from tests.browser.reader import Reader
from tests.browser.sights import ended
from tests.durable_local.console.functions import doubles, fails

pytestmark = pytest.mark.slow


@pytest.fixture
def clock() -> Clock:
    return SkippingClock()


def names(page: Page) -> list[str]:
    return page.locator("tbody").get_by_role("link").all_inner_texts()


def test_an_empty_list_says_what_to_do_next(reader: Reader) -> None:
    reader.served.host("doubles", doubles)

    reader.open()

    expect(reader.page.get_by_role("heading", name="No executions yet")).to_be_visible()
    expect(reader.page.get_by_role("main")).to_contain_text("--function-name 'doubles:$LATEST'")


def test_the_newest_execution_stands_first(reader: Reader) -> None:
    reader.served.host("doubles", doubles)
    for name in ("monday", "tuesday", "wednesday"):
        ended(reader.served, "doubles", 21, name)

    reader.open()

    assert names(reader.page) == ["wednesday", "tuesday", "monday"]


def test_executions_are_found_by_status_and_by_function_with_the_keyboard(reader: Reader) -> None:
    reader.served.host("doubles", doubles)
    reader.served.host("fails", fails)
    ended(reader.served, "doubles", 21, "well")
    ended(reader.served, "fails", "no stock", "badly")
    reader.open()

    reader.follow(reader.page.get_by_role("link", name="Failed"))

    assert names(reader.page) == ["badly"]
    expect(reader.page.get_by_role("link", name="Failed")).to_have_attribute("aria-current", "page")
    reader.follow(reader.page.get_by_role("link", name="Show all"))
    reader.tab_to(reader.page.get_by_role("combobox", name="Function"))
    reader.page.keyboard.type("doubles")
    reader.follow(reader.page.get_by_role("button", name="Show", exact=True))
    assert names(reader.page) == ["well"]


def test_enter_searches_for_any_part_of_a_name(reader: Reader) -> None:
    reader.served.host("doubles", doubles)
    for name in ("monday-1", "monday-2", "tuesday"):
        ended(reader.served, "doubles", 21, name)
    reader.open()

    reader.tab_to(reader.page.get_by_role("searchbox"))
    reader.page.keyboard.type("day-")
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")

    assert names(reader.page) == ["monday-2", "monday-1"]


def test_a_search_that_finds_nothing_leads_back_to_all(reader: Reader) -> None:
    reader.served.host("doubles", doubles)
    ended(reader.served, "doubles", 21, "monday")
    reader.open("?name=nobody")

    expect(reader.page.get_by_role("heading", name="No execution is like that")).to_be_visible()
    reader.follow(reader.page.get_by_role("link", name="show all executions"))

    assert names(reader.page) == ["monday"]


def test_one_pages_through_many_executions_with_the_keyboard(reader: Reader) -> None:
    reader.served.host("doubles", doubles)
    for number in range(52):
        ended(reader.served, "doubles", 21, f"day-{number}")
    reader.open()

    reader.follow(reader.page.get_by_role("link", name="Older"))

    assert names(reader.page) == ["day-1", "day-0"]
    reader.follow(reader.page.get_by_role("link", name="Newest"))
    assert names(reader.page)[0] == "day-51"
    assert len(names(reader.page)) == 50


def test_a_narrow_window_puts_below_each_other_what_a_wide_one_has_in_a_row(any_reader: Reader) -> None:
    any_reader.served.host("doubles", doubles)
    ended(any_reader.served, "doubles", 21, "monday")

    any_reader.open()

    cells = "[...document.querySelector('tbody tr').children].map((each) => each.getBoundingClientRect().top)"
    lines = len(set(any_reader.page.evaluate(cells)))
    assert lines == (3 if any_reader.look.width == 400 else 1)


def test_a_page_found_again_by_its_address_shows_what_is_looked_for(reader: Reader) -> None:
    reader.open("?name=mon&status=FAILED")

    expect(reader.page.get_by_role("searchbox")).to_have_value("mon")
    expect(reader.page.get_by_role("link", name="Failed")).to_have_attribute("aria-current", "page")
    expect(reader.page).to_have_title(re.compile("Executions"))

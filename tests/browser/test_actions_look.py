"""The dialogs of the console's actions for those who read them in their own way."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.reader import Reader
from tests.durable_local.console.functions import doubles, patient

pytestmark = pytest.mark.slow


def graves(reader: Reader) -> list[str]:
    """What axe finds that is serious."""
    found = Axe().run(reader.page).response["violations"]
    return [f"{each['help']}: {each['nodes']}" for each in found if each["impact"] in {"serious", "critical"}]


def is_too_wide(reader: Reader) -> bool:
    wide: bool = reader.page.evaluate(
        "[...document.querySelectorAll('html, dialog')].some((each) => each.scrollWidth > innerWidth)"
    )
    return wide


def test_axe_finds_nothing_serious_in_any_dialog_and_each_fits_its_window(any_reader: Reader) -> None:
    any_reader.served.host("patient", patient)
    any_reader.served.start_and_ask("patient", {}, "x" * 64)
    any_reader.open(f"executions/{'x' * 64}")
    found: dict[str, list[str]] = {}

    for name in ("Complete", "Fail", "Heartbeat", "Stop"):
        any_reader.page.get_by_role("main").get_by_role("button", name=name).click()
        expect(any_reader.page.get_by_role("dialog")).to_be_visible()
        found[name] = graves(any_reader)
        assert not is_too_wide(any_reader)
        any_reader.page.keyboard.press("Escape")

    assert {name: lines for name, lines in found.items() if lines} == {}


def test_axe_finds_nothing_serious_where_an_event_has_a_mistake_and_where_it_is_asked(any_reader: Reader) -> None:
    any_reader.served.host("doubles", doubles)
    any_reader.open("start")
    start, event = (
        any_reader.page.get_by_role("button", name="Start"),
        any_reader.page.get_by_role("textbox", name="Event"),
    )

    event.fill("{")
    start.click()
    assert graves(any_reader) == []
    event.fill("21")
    start.click()
    expect(any_reader.page.get_by_role("dialog")).to_be_visible()
    assert graves(any_reader) == []
    any_reader.page.keyboard.press("Enter")
    any_reader.page.wait_for_url("**/executions/*")
    expect(any_reader.page.locator("#said")).to_contain_text("has started")
    assert graves(any_reader) == []

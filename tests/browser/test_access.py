"""Every page for those who read it in their own way: axe, the keyboard, narrow windows, light and dark, no scripts."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from durable_local.clock import Clock, SkippingClock
from tests.browser.conftest import Enter
from tests.browser.look import Look
from tests.browser.reader import Reader
from tests.browser.sights import sights

pytestmark = pytest.mark.slow


@pytest.fixture
def clock() -> Clock:
    return SkippingClock()


def test_axe_finds_nothing_serious_on_any_page(any_reader: Reader) -> None:
    any_reader.foreseen.append("status of 404")
    found: dict[str, list[str]] = {}

    for sight, address in sights(any_reader.served).items():
        any_reader.open(address)
        found[sight] = [_line(each) for each in Axe().run(any_reader.page).response["violations"] if _is_grave(each)]

    assert {sight: lines for sight, lines in found.items() if lines} == {}


def _is_grave(violation: dict[str, Any]) -> bool:
    return violation["impact"] in {"serious", "critical"}


def _line(violation: dict[str, Any]) -> str:
    return f"{violation['help']}: {', '.join(str(node['target']) for node in violation['nodes'])}"


def test_no_page_is_wider_than_the_window(any_reader: Reader) -> None:
    any_reader.foreseen.append("status of 404")
    too_wide: list[str] = []

    for sight, address in sights(any_reader.served).items():
        any_reader.open(address)
        if any_reader.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(sight)

    assert too_wide == []


@pytest.mark.parametrize("look", [Look(400, "dark"), Look(1600, "light")], ids=str)
def test_tab_reaches_every_link_and_control_and_one_sees_where_it_is(enter: Enter, look: Look) -> None:
    reader = enter(look)
    reader.foreseen.append("status of 404")
    unseen: dict[str, list[str]] = {}

    for sight, address in sights(reader.served).items():
        reader.open(address)
        unseen[sight] = _unseen(reader.page)

    assert {sight: elements for sight, elements in unseen.items() if elements} == {}


def _unseen(page: Page) -> list[str]:
    """What the Tab key does not reach, or reaches without that it shows."""
    page.evaluate(_MARK)
    for _ in range(page.evaluate("document.querySelectorAll('[data-unseen]').length + 5")):
        page.keyboard.press("Tab")
        page.evaluate(_SEE)
    found: list[str] = page.evaluate("[...document.querySelectorAll('[data-unseen]')].map((each) => each.outerHTML)")
    return found


_MARK = """() => {
  for (const each of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
    if (each.checkVisibility()) each.dataset.unseen = "";
  }
}"""
_SEE = """() => {
  const focused = document.activeElement;
  const shows = [focused, ...focused.querySelectorAll(".stripe")].map((each) => getComputedStyle(each)).some((style) =>
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) ||
    (style.stroke !== "none" && parseFloat(style.strokeWidth) >= 2));
  const place = focused.getBoundingClientRect();
  const isThere = place.bottom > 0 && place.top < innerHeight && place.right > 0 && place.left < innerWidth;
  if (shows && isThere) delete focused.dataset.unseen;
}"""


def test_without_scripts_every_page_says_the_same(enter: Enter) -> None:
    scripted, plain = enter(Look()), enter(Look(scripts=False))
    for each in (scripted, plain):
        each.foreseen.append("status of 404")

    for address in sights(plain.served).values():
        plain.open(address)
        scripted.open(address)

        assert _words(plain.page) == _words(scripted.page)


def _words(page: Page) -> str:
    """What stands on a page, but for times, how long something takes by now, and the tools of scripts."""
    text: str = page.locator("main").evaluate(_WITHOUT_TOOLS)
    return re.sub(r"\d{1,2} \w{3} 20\d\d, [\d:.]+|20\d\d-[\d: .-]+ UTC|[\d.]+ m?s\b", "…", text)


_WITHOUT_TOOLS = """(main) => {
  for (const each of main.querySelectorAll(".axis, .keys, .actions, .unscripted")) each.remove();
  return main.innerText;
}"""

"""Looks at a page as a person does, in Chromium without a window, and asks it what that took."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

_FLAGS = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")
_WINDOW = {"width": 1600, "height": 1000}
_TURNS, _STEP_PIXELS, _BETWEEN_TURNS = 30, 600, 16
_OBSERVE = """
window.tasks = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: "longtask", buffered: true });
"""
_LONGEST = """() => {
  const longest = Math.max(0, ...tasks.map((each) => each.duration));
  tasks.length = 0;
  return longest;
}"""
_FIRST_PAINT = "performance.getEntriesByName('first-paint')[0]?.startTime"


@dataclass(frozen=True, slots=True)
class Look:
    """What it took to look at a page, in milliseconds; no task that a browser calls long is 0."""

    first_paint: float
    loading: float
    """The longest task meanwhile, as of what follows."""
    scrolling: float
    zooming: float | None


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Raises FileNotFoundError if there is none."""
    path = shutil.which("chromium")
    if path is None:
        raise FileNotFoundError("There is no Chromium here: apt-get install chromium")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=_FLAGS, chromium_sandbox=False) as browser,
    ):
        yield browser


def look(browser: Browser, door: str, address: str) -> Look:
    """Come in through the door with an empty cache, and look at the page of an address."""
    with browser.new_context(viewport=_WINDOW) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(door)
        page.get_by_role("heading", name="Executions", exact=True).wait_for()
        context.add_init_script(_OBSERVE)
        page.goto(address, wait_until="load")
        while page.evaluate(_FIRST_PAINT) is None:
            page.wait_for_timeout(_BETWEEN_TURNS)
        page.wait_for_timeout(1_000)
        painted, loading = float(page.evaluate(_FIRST_PAINT)), float(page.evaluate(_LONGEST))
        zooming = _zoom(page) if page.locator(".chart").count() else None
        return Look(painted, loading, _scroll(page), zooming)


def _scroll(page: Page) -> float:
    page.mouse.move(_WINDOW["width"] / 2, _WINDOW["height"] / 2)
    for pixels in (_STEP_PIXELS, -_STEP_PIXELS):
        _turn(page, pixels)
    return float(page.evaluate(_LONGEST))


def _zoom(page: Page) -> float:
    """Zoom in and out with the wheel in the middle of the rows, and go along them with the pointer."""
    page.locator(".rows").scroll_into_view_if_needed()
    page.mouse.wheel(0, 40 * _STEP_PIXELS)
    page.wait_for_timeout(500)
    page.evaluate(_LONGEST)
    page.mouse.move(_WINDOW["width"] / 2, _WINDOW["height"] / 2)
    page.keyboard.down("Control")
    for pixels in (-60, 60):
        _turn(page, pixels)
    page.keyboard.up("Control")
    page.mouse.move(_WINDOW["width"] - 200, _WINDOW["height"] / 2, steps=_TURNS)
    return float(page.evaluate(_LONGEST))


def _turn(page: Page, pixels: int) -> None:
    for _ in range(_TURNS):
        page.mouse.wheel(0, pixels)
        page.wait_for_timeout(_BETWEEN_TURNS)

"""The timeline in a browser: zoom, pan, and a cursor with exact times."""

import re
import threading
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from durable import DurableContext, durable_execution
from durable.config import Duration, JitterStrategy, StepConfig
from durable.retries import RetryStrategyConfig, create_retry_strategy
from durable_local.clock import Clock, SkippingClock
from durable_local.hosts.loading import Handler
from tests.browser.conftest import Enter
from tests.browser.look import Look
from tests.browser.reader import Reader
from tests.browser.sights import ended, operation
from tests.durable_local.console.functions import asks, doubles
from tests.durable_local.http.serving import PATIENCE

pytestmark = pytest.mark.slow

OFFSET = re.compile(r"\+(?:(\d+) min )?([\d.]+) s")


@pytest.fixture
def clock() -> Clock:
    return SkippingClock()


def charges() -> Handler:
    """A step that is tried again after a minute, and then a wait of three."""
    attempts: list[None] = []

    def charge(_context: object) -> None:
        attempts.append(None)
        if len(attempts) == 1:
            raise ValueError("no stock")

    @durable_execution
    def handler(event: object, context: DurableContext) -> None:
        again = RetryStrategyConfig(max_attempts=2, initial_delay=Duration(60), jitter_strategy=JitterStrategy.NONE)
        context.step(charge, name="charge", config=StepConfig(create_retry_strategy(again)))
        context.wait(Duration(180), name="cool-down")

    return handler


@dataclass(frozen=True)
class Chart:
    """The timeline of a page, as a hand and an eye have it."""

    page: Page

    @property
    def root(self) -> Locator:
        return self.page.locator(".chart")

    @property
    def flag(self) -> Locator:
        return self.page.locator(".flag")

    @property
    def panel(self) -> Locator:
        return self.page.locator(".told")

    @property
    def ticks(self) -> Locator:
        return self.page.locator(".ticks")

    def row(self, name: str) -> Locator:
        return self.page.locator(".row", has=self.page.get_by_text(name, exact=True))

    def point(self, name: str, share: float) -> None:
        """Move the pointer to a row, so far from the left end of its track to the right one."""
        row = self.row(name)
        row.scroll_into_view_if_needed()
        box = row.locator(".track").bounding_box()
        assert box
        self.page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)

    def at(self, name: str, share: float) -> float:
        """The moment there in seconds, as the cursor tells it."""
        self.point(name, share)
        found = OFFSET.match(self.flag.inner_text())
        assert found
        return 60 * int(found[1] or 0) + float(found[2])

    def seen(self) -> tuple[float, float]:
        """From when to when the picture reaches, in seconds."""
        return self.at("cool-down", 0), self.at("cool-down", 1)


def charged(reader: Reader) -> Chart:
    """The timeline of an execution of 240 seconds."""
    reader.served.host("charges", charges())
    ended(reader.served, "charges", None, "monday")
    reader.open("executions/monday")
    expect(reader.page.get_by_role("toolbar", name="Zoom")).to_be_visible()
    return Chart(reader.page)


def close(one: float, other: float) -> bool:
    """Within what a pixel of a narrow window is."""
    return abs(one - other) < 3


def test_buttons_zoom_and_show_all_of_it_again(reader: Reader) -> None:
    chart = charged(reader)
    begun, end = chart.seen()
    assert close(begun, 0)
    assert close(end, 240)

    chart.page.get_by_role("button", name="Zoom in").click()
    first, last = chart.seen()
    assert close(last - first, 120)

    chart.page.get_by_role("button", name="Later").click()
    assert chart.seen()[0] > first

    chart.page.get_by_role("button", name="Fit").click()
    assert chart.seen() == (begun, end)


def test_the_wheel_zooms_with_ctrl_around_the_pointer_and_pans_sideways(reader: Reader) -> None:
    chart = charged(reader)
    before, ticks = chart.at("cool-down", 0.75), chart.ticks.text_content() or ""

    chart.page.keyboard.down("Control")
    chart.page.mouse.wheel(0, -400)
    chart.page.keyboard.up("Control")

    expect(chart.ticks).not_to_have_text(ticks)
    assert close(chart.at("cool-down", 0.75), before)
    first, last = chart.seen()
    assert last - first < 120
    ticks = chart.ticks.text_content() or ""
    chart.page.mouse.wheel(-300, 0)
    expect(chart.ticks).not_to_have_text(ticks)
    assert chart.seen()[0] < first


def test_a_wheel_without_ctrl_scrolls_the_page(reader: Reader) -> None:
    chart = charged(reader)
    chart.page.set_viewport_size({"width": 1600, "height": 300})
    seen = chart.seen()

    chart.page.mouse.wheel(0, 50)
    while not chart.page.evaluate("scrollY"):
        chart.page.wait_for_timeout(1)

    assert chart.seen() == seen


def test_a_hand_pulls_the_picture_along_and_opens_nothing(reader: Reader) -> None:
    chart = charged(reader)
    chart.page.get_by_role("button", name="Zoom in").click()
    first, _ = chart.seen()

    chart.point("cool-down", 0.5)
    chart.page.mouse.down()
    chart.point("cool-down", 0.75)
    chart.page.mouse.up()

    assert close(chart.seen()[0], first - 30)
    assert chart.page.url.endswith("/monday")


def test_keys_zoom_and_pan_and_move_the_cursor(reader: Reader) -> None:
    chart = charged(reader)
    reader.tab_to(chart.root)

    chart.page.keyboard.press("End")
    expect(chart.flag).to_contain_text("+4 min 0.")
    for key in ("+", "+", "ArrowLeft"):
        chart.page.keyboard.press(key)
    expect(chart.flag).to_contain_text("+3 min 59.")
    chart.page.keyboard.press("Shift+ArrowLeft")
    first, last = chart.seen()
    assert close(last - first, 60)
    assert close(last, 210)

    chart.root.focus()
    chart.page.keyboard.press("-")
    first, last = chart.seen()
    assert close(last - first, 120)
    chart.root.focus()
    chart.page.keyboard.press("0")
    assert close(chart.seen()[1], 240)


def test_an_arrow_moves_the_picture_along_with_the_cursor(reader: Reader) -> None:
    chart = charged(reader)
    chart.root.focus()
    for key in ("Home", "+", "+", "ArrowLeft"):
        chart.page.keyboard.press(key)
    for _ in range(110):
        chart.page.keyboard.press("ArrowRight")

    expect(chart.flag).to_contain_text("+1 min 6.")
    expect(chart.flag).to_be_in_viewport()


def test_the_panel_tells_exactly_what_the_pointer_is_on(enter: Enter) -> None:
    reader = enter(Look(zone="America/New_York"))
    chart = charged(reader)

    chart.point("charge", 0.1)
    expect(chart.panel).to_contain_text("charge · Step · succeeded")
    expect(chart.panel).to_contain_text("waits to be tried again · 1 min")
    expect(chart.panel).to_contain_text(
        re.compile(r"from \+0\.\d{3} s\s· \d{1,2} \w+, \d\d:\d\d:\d\d\.\d{3}to \+1 min")
    )

    chart.point("charge", 0)
    expect(chart.panel).to_contain_text("runs · attempt 1 of 2 · failed")
    chart.point("charge", 0.2502)
    expect(chart.panel).to_contain_text("runs · attempt 2 of 2")
    chart.point("cool-down", 0.6)
    expect(chart.panel).to_contain_text("cool-down · Wait · succeeded")
    chart.page.mouse.move(5, 5)
    expect(chart.panel).to_be_hidden()


@pytest.mark.parametrize("name", ["charge", "charges-the-card-of-the-customer", "charge" * 30])
def test_the_panel_breaks_no_line_before_a_unit(enter: Enter, name: str) -> None:
    reader = enter(Look(400))
    named(reader, [name])
    chart = Chart(reader.page)

    chart.point(name, 0.5)

    expect(chart.panel).to_contain_text("· Step · succeeded ·")
    heights = chart.panel.locator("span").evaluate_all("all => all.map((each) => each.getClientRects()[0].height)")
    whole = chart.panel.bounding_box()
    assert max(heights[1:]) < 25
    assert whole
    assert whole["x"] + whole["width"] <= 400


def test_a_kind_is_shown_whole_or_not_at_all(reader: Reader) -> None:
    named(reader, ["s" * letters for letters in range(30, 70, 2)])

    seen = reader.page.locator(".row .kind").evaluate_all(_SEEN)

    assert {*seen} == {"whole", "not at all"}


_SEEN = """all => all.map((each) => {
  const [kind, head] = [each, each.closest(".head")].map((one) => one.getBoundingClientRect());
  if (kind.top >= head.bottom) return "not at all";
  return kind.top >= head.top && kind.right <= head.right ? "whole" : "cut";
})"""


def named(reader: Reader, names: list[str]) -> None:
    """The page of an execution with steps of these names."""

    @durable_execution
    def handler(event: object, context: DurableContext) -> None:
        for name in names:
            context.step(lambda _: None, name=name)

    reader.served.host("named", handler)
    ended(reader.served, "named", None, "monday")
    reader.open("executions/monday")
    expect(reader.page.get_by_role("toolbar", name="Zoom")).to_be_visible()


def test_the_cursor_tells_the_readers_own_time(enter: Enter) -> None:
    berlin, kiritimati = (charged(enter(Look(zone="Europe/Berlin"))), enter(Look(zone="Pacific/Kiritimati")))
    kiritimati.open("executions/monday")

    told = []
    for chart in (berlin, Chart(kiritimati.page)):
        chart.point("cool-down", 0.5)
        told.append(chart.flag.inner_text())

    offsets, times = zip(*(each.split(" · ") for each in told), strict=True)
    assert offsets[0] == offsets[1]
    assert times[0] != times[1]


def test_arrows_go_through_the_operations_and_enter_opens_one(reader: Reader) -> None:
    chart = charged(reader)
    reader.tab_to(chart.root)
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown"):
        chart.page.keyboard.press(key)

    expect(chart.row("cool-down")).to_be_focused()
    expect(chart.panel).to_contain_text("cool-down · Wait")
    chart.page.keyboard.press("Escape")
    expect(chart.panel).to_be_hidden()
    with chart.page.expect_navigation():
        chart.page.keyboard.press("Enter")
    assert chart.page.url.endswith(operation(reader.served, "monday", "cool-down"))


def test_a_bar_leads_to_its_operation(reader: Reader) -> None:
    chart = charged(reader)
    chart.point("cool-down", 0.6)

    with chart.page.expect_navigation():
        chart.page.mouse.down()
        chart.page.mouse.up()

    assert chart.page.url.endswith(operation(reader.served, "monday", "cool-down"))


def test_a_moment_is_found_in_what_lasts_for_hours(reader: Reader) -> None:
    chart = charged(reader)
    chart.root.focus()
    chart.page.keyboard.press("End")
    for _ in range(20):
        chart.page.keyboard.press("+")

    first, last = chart.seen()

    assert last - first == pytest.approx(0.01, abs=0.0011)
    expect(chart.ticks.locator("text")).to_have_count(11)


def test_the_timeline_fits_every_window_and_its_panel_stays_inside(any_reader: Reader) -> None:
    chart = charged(any_reader)
    chart.page.get_by_role("button", name="Zoom in").click()

    for share in (0, 0.5, 1):
        chart.point("cool-down", share)
        expect(chart.flag).to_be_in_viewport(ratio=1)
        expect(chart.panel).to_be_in_viewport(ratio=1)
    assert chart.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(chart.row("charge").get_by_text("charge")).to_be_in_viewport(ratio=1)


def test_what_runs_reaches_to_now_until_it_has_ended(reader: Reader) -> None:
    gate = threading.Semaphore(0)

    @durable_execution
    def works(event: object, context: DurableContext) -> None:
        context.step(lambda _: gate.acquire(timeout=PATIENCE), name="work")

    reader.served.host("works", works)
    reader.served.start("works", None, "monday")
    reader.open("executions/monday")
    chart = Chart(reader.page)
    expect(chart.row("work").locator(".end.open")).to_be_visible()
    expect(chart.row("invocations").locator(".end.open")).to_be_visible()
    chart.point("work", 0.99)
    expect(chart.panel).to_contain_text("so far")
    expect(chart.panel).to_contain_text("until now")

    gate.release()

    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("succeeded")
    expect(reader.page.locator(".end.open")).to_have_count(0)
    expect(chart.panel).to_contain_text("work · Step · succeeded")
    expect(chart.panel).not_to_contain_text("so far")


def test_zoom_and_place_survive_a_renewal(reader: Reader) -> None:
    reader.served.host("asks", asks)
    _, callback_id = reader.served.start_and_ask("asks", {}, "monday")
    reader.open("executions/monday")
    chart = Chart(reader.page)
    chart.root.focus()
    for key in ("Home", "+", "+", "+"):
        chart.page.keyboard.press(key)
    chart.page.evaluate("new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))")
    ticks = chart.ticks.text_content() or ""
    chart.page.evaluate("document.querySelector('.chart').dataset.mine = 'old'")

    reader.served.runtime.callbacks.succeed(callback_id, "1")

    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("succeeded")
    expect(chart.root).not_to_have_attribute("data-mine", "old")
    expect(chart.ticks).to_have_text(ticks)
    expect(chart.root).to_be_focused()
    expect(chart.flag).to_contain_text("+0.000 s")


def test_a_button_of_the_timeline_keeps_the_focus_in_a_renewal(reader: Reader) -> None:
    reader.served.host("asks", asks)
    _, callback_id = reader.served.start_and_ask("asks", {}, "monday")
    reader.open("executions/monday")
    button = reader.page.get_by_role("button", name="Fit")
    button.focus()

    reader.served.runtime.callbacks.succeed(callback_id, "1")

    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("succeeded")
    expect(button).to_be_focused()


def test_counts_change_while_they_are_looked_at(reader: Reader) -> None:
    reader.served.host("asks", asks)
    reader.served.host("doubles", doubles)
    reader.open()
    statuses = reader.page.get_by_role("navigation", name="Statuses")
    expect(statuses).to_contain_text("All 0 Running 0")

    _, callback_id = reader.served.start_and_ask("asks", {}, "monday")
    expect(statuses).to_contain_text("All 1 Running 1 Succeeded 0")
    reader.served.runtime.callbacks.succeed(callback_id, "1")
    expect(statuses).to_contain_text("All 1 Running 0 Succeeded 1")
    ended(reader.served, "doubles", 1, "tuesday")

    expect(statuses).to_contain_text("All 2 Running 0 Succeeded 2")

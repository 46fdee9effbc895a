"""Times as the reader's own clock shows them, and the exact ones."""

import pytest
from playwright.sync_api import expect

from durable_local.clock import Clock
from tests.browser.conftest import Enter
from tests.browser.look import Look
from tests.browser.sights import ended
from tests.durable_local.console.functions import doubles
from tests.fakes.clock import SetClock

pytestmark = pytest.mark.slow


@pytest.fixture
def clock() -> Clock:
    return SetClock()


@pytest.mark.parametrize(
    ("zone", "shown", "fine"),
    [
        ("America/New_York", "31 Dec 2025, 19:00:00", "31 Dec 2025, 19:00:00.000"),
        ("Asia/Tokyo", "1 Jan 2026, 09:00:00", "01 Jan 2026, 09:00:00.000"),
    ],
)
def test_times_are_in_the_readers_zone_and_exact_where_the_pointer_rests(
    enter: Enter, zone: str, shown: str, fine: str
) -> None:
    reader = enter(Look(zone=zone))
    reader.served.host("doubles", doubles)
    ended(reader.served, "doubles", 21, "monday")

    for address in ("", "executions/monday", "executions/monday/events"):
        reader.open(address)
        time = reader.page.get_by_role("main").locator("time").first
        expect(time).to_have_text(fine if "events" in address else shown)
        expect(time).to_have_attribute("title", "2026-01-01 00:00:00.000 UTC")
        expect(reader.page.locator("footer")).to_contain_text(zone)


def test_without_scripts_times_are_exact(enter: Enter) -> None:
    reader = enter(Look(zone="America/New_York", scripts=False))
    reader.served.host("doubles", doubles)
    ended(reader.served, "doubles", 21, "monday")

    reader.open("executions/monday")

    expect(reader.page.get_by_role("main").locator("time").first).to_have_text("2026-01-01 00:00:00.000 UTC")
    expect(reader.page.locator("footer")).to_contain_text("UTC")

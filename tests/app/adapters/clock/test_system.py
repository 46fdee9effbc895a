from datetime import UTC, datetime

from app.adapters.clock.system import SystemClock


def test_it_tells_what_the_machines_clock_shows() -> None:
    before = datetime.now(UTC)

    told = SystemClock().now()

    assert abs((datetime.fromisoformat(told) - before).total_seconds()) < 60

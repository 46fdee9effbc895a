from datetime import UTC, datetime

from app.adapters.clock.system import SystemClock


def test_it_tells_the_time_in_utc_to_the_millisecond() -> None:
    before = datetime.now(UTC)

    told = SystemClock().now()

    moment = datetime.fromisoformat(told)
    assert told.endswith("+00:00")
    assert moment.microsecond % 1_000 == 0
    assert abs((moment - before).total_seconds()) < 60

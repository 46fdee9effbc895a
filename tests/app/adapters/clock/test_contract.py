"""What every clock promises; each test runs on all adapters."""

from datetime import datetime, timedelta

import pytest

from app.adapters.clock.system import SystemClock
from app.ports.clock import Clock
from tests.fakes.moments import CountingClock


@pytest.fixture(params=[CountingClock, SystemClock])
def clock(request: pytest.FixtureRequest) -> Clock:
    clock: Clock = request.param()
    return clock


def test_it_tells_the_time_in_utc_to_the_millisecond(clock: Clock) -> None:
    told = clock.now()

    moment = datetime.fromisoformat(told)
    assert moment.utcoffset() == timedelta(0)
    assert told == moment.isoformat(timespec="milliseconds")


def test_what_is_told_later_is_no_earlier_also_as_a_text(clock: Clock) -> None:
    told = [clock.now() for _ in range(100)]

    assert told == sorted(told)

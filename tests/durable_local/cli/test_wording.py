from datetime import datetime, timedelta

from durable.model import OperationStatus
from durable_local.cli.progress import Delay, Line
from durable_local.cli.wording import clock_time, doings
from tests.fakes.clock import START

NOON = datetime.fromisoformat("2026-01-01T12:00:00").astimezone()


def test_another_days_time_has_its_date() -> None:
    assert clock_time(NOON, NOON) == "12:00:00"
    assert clock_time(NOON + timedelta(days=2), NOON) == "2026-01-03 12:00:00"


def test_a_line_tells_counts_sums_and_the_next_delay() -> None:
    line = Line("orders", 1, OperationStatus.STARTED, START, steps=12, items=5)
    line.sums.update({"stored": 38, "rejected": 2})
    line.delays = {
        "a": Delay("pause", NOON + timedelta(minutes=5), is_retry=False),
        "b": Delay("charge", NOON + timedelta(minutes=1), is_retry=True),
    }

    assert doings(line, NOON) == "steps 12 · items 5 · stored 38 · rejected 2 · retries charge at 12:01:00 (and 1 more)"

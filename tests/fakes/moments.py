"""A clock whose moments a test knows."""

from datetime import UTC, datetime, timedelta

from app.ports.clock import Clock

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


class CountingClock(Clock):
    """Shows the first second of 2026 when it is asked first, and a second more each time."""

    def __init__(self) -> None:
        self.asked = 0

    def now(self) -> str:
        self.asked += 1
        return (FIRST + timedelta(seconds=self.asked - 1)).isoformat(timespec="milliseconds")

"""A clock whose moments a test knows."""

from app.ports.clock import Clock


class CountingClock(Clock):
    """Shows the first second of 2026 when it is asked first, and a second more each time."""

    def __init__(self) -> None:
        self.asked = 0

    def now(self) -> str:
        self.asked += 1
        return f"2026-01-01T00:00:{self.asked - 1:02}.000+00:00"

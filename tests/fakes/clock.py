"""A clock that stands still until a test moves it."""

import threading
from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 1, tzinfo=UTC)


class SetClock:
    """Shows the time a test has set; waiting only notes until when."""

    skips = True

    def __init__(self, now: datetime = START) -> None:
        self.present = now
        self.waits: list[datetime] = []

    def now(self) -> datetime:
        """The time set last."""
        return self.present

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.present += timedelta(seconds=seconds)

    def wait_until(self, moment: datetime, woken: threading.Event) -> None:
        """Jump to the moment and remember it."""
        self.waits.append(moment)
        self.present = max(self.present, moment)

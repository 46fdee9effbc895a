"""The time by which waits, retries and timeouts are reckoned."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol

_LONGEST_SLEEP = timedelta(seconds=1)


class Clock(Protocol):
    """Tells the time and lets it pass."""

    @property
    def skips(self) -> bool:
        """Whether waiting takes no time."""

    def now(self) -> datetime:
        """The present moment."""

    def wait_until(self, moment: datetime, woken: threading.Event) -> None:
        """Come back at the moment, or earlier: when woken, or to have the caller look again."""


class SystemClock:
    """The time of the machine."""

    skips = False

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)

    def wait_until(self, moment: datetime, woken: threading.Event) -> None:
        """Sleep until the moment, or until woken, but not for long."""
        # Another process may have changed something meanwhile, so who waits longer looks again.
        woken.wait(max(0.0, min(moment - self.now(), _LONGEST_SLEEP).total_seconds()))


class SkippingClock:
    """The machine's time, but for the waits, which pass at once: thirty days take no time."""

    skips = True

    def __init__(self) -> None:
        self._skipped = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The present moment with all that was skipped."""
        return datetime.now(UTC) + self._skipped

    def wait_until(self, moment: datetime, woken: threading.Event) -> None:
        """Jump to the moment, unless woken already."""
        with self._lock:
            if not woken.is_set():
                self._skipped += max(moment - self.now(), timedelta())

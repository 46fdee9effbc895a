"""A clock that stops where a test wants to look."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event

from durable_local.clock import Clock


class Halted(Exception):  # noqa: N818 - nothing is wrong
    """Time would pass now, and what was waited for is there."""


class HaltingClock:
    """A clock that stands still once something has come about."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._reached: Callable[[], bool] | None = None

    @property
    def skips(self) -> bool:
        """Whether waiting takes no time."""
        return self._clock.skips

    def now(self) -> datetime:
        """The present moment."""
        return self._clock.now()

    def wait_until(self, moment: datetime, woken: Event) -> None:
        """Let time pass, or raise Halted."""
        if self._reached and self._reached():
            raise Halted
        self._clock.wait_until(moment, woken)

    @contextmanager
    def halting(self, reached: Callable[[], bool]) -> Iterator[None]:
        """Stand still from the moment on at which this holds."""
        self._reached = reached
        try:
            yield
        finally:
            self._reached = None

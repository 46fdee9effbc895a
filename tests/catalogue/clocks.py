"""A machine whose clock is wrong, and on which waiting takes no time."""

import threading

from durable.scheduler import ThreadScheduler
from tests.fakes.clock import SetClock


class PassingCondition(threading.Condition):
    """Who waits here for a time lets it pass."""

    def __init__(self, lock: threading.Lock, clock: SetClock) -> None:
        super().__init__(lock)
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is None:
            return super().wait()
        self._clock.advance(max(timeout, 0.001))  # a moment too short for the clock would never pass
        return super().wait(0)


class SkewedScheduler(ThreadScheduler):
    """A machine whose clock is ahead of the service's by so many seconds, or behind."""

    def __init__(self, clock: SetClock, ahead: float) -> None:
        super().__init__()
        self._clock = clock
        self._ahead = ahead

    def now(self) -> float:
        return self._clock.now().timestamp() + self._ahead

    def condition(self, lock: threading.Lock) -> threading.Condition:
        return PassingCondition(lock, self._clock)

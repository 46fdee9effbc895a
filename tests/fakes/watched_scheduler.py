"""The operating system's threads and clock, watched."""

import threading
from collections.abc import Callable

from durable.scheduler import ThreadScheduler


class WatchedScheduler(ThreadScheduler):
    """Counts the tasks it starts, and tells when one rests without a time to awake at and when all are awaited."""

    def __init__(self) -> None:
        super().__init__()
        self.started = 0
        self.resting, self.joining = threading.Event(), threading.Event()

    def start(self, task: Callable[[], None]) -> bool:
        self.started += 1
        return super().start(task)

    def join(self, patience: float | None) -> None:
        self.joining.set()
        super().join(patience)

    def condition(self, lock: threading.Lock) -> threading.Condition:
        return _WatchedCondition(lock, self.resting)


class _WatchedCondition(threading.Condition):
    def __init__(self, lock: threading.Lock, resting: threading.Event) -> None:
        super().__init__(lock)
        self._resting = resting

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is None:
            self._resting.set()
        return super().wait(timeout)

"""Threads that do what they are handed, a bounded number of them."""

import logging
import queue
import threading
import time
from collections.abc import Callable

Task = Callable[[], None]

IDLE_SECONDS, STUCK_SECONDS = 0.005, 0.02
"""After so long without a task done twice as many threads may work: the former if the process has hardly computed."""

_log = logging.getLogger(__name__)


class Workers:
    """Begins threads when they are needed and keeps them; one that is still at work does not hold up the process.

    One works at first, and more only while those at work wait for something: threads that compute take turns anyhow,
    and taking them costs half as much again.
    """

    def __init__(self, limit: int) -> None:
        if limit < 1:
            raise ValueError(f"{limit} workers can do nothing; at least 1 is needed")
        self.limit = limit
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._width = 1
        self._busy = 0
        self._moved = self._computed = 0.0
        self._lock = threading.Lock()

    def room(self) -> int:
        """How many more tasks should be handed now."""
        with self._lock:
            if not self._busy:
                self._width = 1
            elif self._busy >= self._width and self._is_stuck():
                self._width *= 2
            return max(0, min(self._width, self.limit) - self._busy)

    def seconds_until_more(self) -> float | None:
        """When there may be room although no task is done; None if there will not be."""
        with self._lock:
            if self._width >= self.limit:
                return None
            now = time.monotonic()
            return max(0.0, self._moved + (IDLE_SECONDS if now < self._moved + IDLE_SECONDS else STUCK_SECONDS) - now)

    def hand(self, task: Task) -> None:
        """Have a task done; it waits while as many threads as there may be are at work."""
        with self._lock:
            self._busy += 1
            self._move()
            if len(self._threads) < min(self._busy, self.limit):
                self._begin()
        self._tasks.put(task)

    def close(self, patience_seconds: float) -> None:
        """Take no new tasks, and wait for the running ones, but not for ever."""
        until = time.monotonic() + patience_seconds
        with self._lock:
            threads, self._threads = self._threads, []
        for _ in threads:
            self._tasks.put(None)
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _move(self) -> None:
        self._moved, self._computed = time.monotonic(), time.process_time()

    def _is_stuck(self) -> bool:
        since = time.monotonic() - self._moved
        has_computed = time.process_time() - self._computed > since / 2
        return since >= (STUCK_SECONDS if has_computed else IDLE_SECONDS)

    def _begin(self) -> None:
        thread = threading.Thread(target=self._work, name=f"durable-worker-{len(self._threads)}", daemon=True)
        thread.start()
        self._threads.append(thread)

    def _work(self) -> None:
        while task := self._tasks.get():
            try:
                task()
            except BaseException:  # noqa: BLE001 - what a task raises must not cost the tasks after it
                _log.exception("A task has failed")
            with self._lock:
                self._busy -= 1
                self._move()

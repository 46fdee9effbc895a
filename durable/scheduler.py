"""Threads, clock and waiting, behind one seam."""

import contextvars
import threading
import time
from collections.abc import Callable
from typing import Protocol


class Scheduler(Protocol):
    """Where the core gets its threads and its time."""

    def now(self) -> float:
        """Seconds since the epoch."""

    def start(self, task: Callable[[], None]) -> bool:
        """Run a task beside the caller; False if nothing can run beside it now."""

    def lock(self) -> threading.Lock:
        """Something that one task holds at a time, and any may release."""

    def condition(self, lock: threading.Lock) -> threading.Condition:
        """Something to wait for, guarded by the lock."""

    def join(self, patience: float | None) -> None:
        """Wait until every started task has ended, but no longer than so many seconds, if any are given."""


class ThreadScheduler:
    """The operating system's threads and clock."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def start(self, task: Callable[[], None]) -> bool:
        """Run a task in a thread of its own, with the caller's context variables; False if the system gives no more."""
        inherited = contextvars.copy_context()
        thread = threading.Thread(target=inherited.run, args=(task,), name="durable-branch", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            return False
        # Known only once it runs: `join` may come from another thread at any moment.
        self._threads.append(thread)
        return True

    def lock(self) -> threading.Lock:
        """Something that one task holds at a time."""
        return threading.Lock()

    def condition(self, lock: threading.Lock) -> threading.Condition:
        """Something to wait for, guarded by the lock."""
        return threading.Condition(lock)

    def join(self, patience: float | None) -> None:
        """Wait until every started task, and every task that those started, has ended, or patience has."""
        until = time.monotonic() + (threading.TIMEOUT_MAX / 2 if patience is None else patience)
        while self._threads:
            self._threads.pop().join(max(0.0, until - time.monotonic()))

"""Threads that are used again: to begin one takes as long as to record a step."""

import contextvars
import queue
import threading
import time
from collections.abc import Callable

from durable.scheduler import ThreadScheduler

Task = Callable[[], None]

IDLE_SECONDS = 10.0
"""A thread that has had no task for so long ends."""


class ReusedThreads:
    """Threads that begin when they are needed, and then wait for further tasks for a while."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._idle: list[queue.SimpleQueue[Task]] = []
        """The threads without a task, each by what it takes the next one from."""

    def hand(self, task: Task) -> None:
        """Have a task run beside the caller, with the caller's context variables.

        Raises RuntimeError if the system gives no more threads.
        """
        try:
            tasks = self._idle.pop()
        except IndexError:
            tasks = queue.SimpleQueue()
            threading.Thread(target=self._work, args=(tasks,), name="durable-task", daemon=True).start()
        run = contextvars.copy_context().run
        tasks.put(lambda: run(task))

    def _work(self, tasks: "queue.SimpleQueue[Task]") -> None:
        while task := self._next(tasks):
            task()
            del task  # and what it has held
            self._idle.append(tasks)

    def _next(self, tasks: "queue.SimpleQueue[Task]") -> Task | None:
        try:
            return tasks.get(timeout=self._idle_seconds)
        except queue.Empty:
            try:
                self._idle.remove(tasks)
            except ValueError:  # somebody has just taken it, to hand over a task
                return tasks.get()
            return None


class ReusingScheduler(ThreadScheduler):
    """The threads of one invocation, which were those of earlier ones and will be those of later ones."""

    def __init__(self, threads: ReusedThreads) -> None:
        super().__init__()
        self._reused = threads
        self._held: list[threading.Lock] = []
        """One for each task that has not been joined; free once the task has ended."""

    def start(self, task: Task) -> bool:
        """Run a task beside the caller; False if the system gives no more threads."""
        held = threading.Lock()
        held.acquire()

        def run() -> None:
            try:
                task()
            finally:
                held.release()

        try:
            self._reused.hand(run)
        except RuntimeError:
            return False
        self._held.append(held)
        return True

    def join(self, patience: float | None) -> None:
        """Wait until every started task, and every task that those started, has ended, or patience has."""
        until = time.monotonic() + (threading.TIMEOUT_MAX / 2 if patience is None else patience)
        while self._held:
            self._held.pop().acquire(timeout=max(0.0, until - time.monotonic()))

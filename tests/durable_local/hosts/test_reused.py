import gc
import threading
import time
import weakref
from functools import partial

import pytest

from durable_local.hosts.reused import ReusedThreads, ReusingScheduler

PATIENCE = 10.0


def _wait(meeting: threading.Barrier) -> None:
    meeting.wait(PATIENCE)


def test_a_thread_is_used_again() -> None:
    scheduler = ReusingScheduler(ReusedThreads())
    used: list[threading.Thread] = []

    for _ in range(50):
        scheduler.start(lambda: used.append(threading.current_thread()))
        scheduler.join(PATIENCE)

    assert len(used) == 50
    assert len(set(used)) < 25


def test_tasks_beside_each_other_have_threads_of_their_own() -> None:
    scheduler = ReusingScheduler(ReusedThreads())
    meeting = threading.Barrier(3)

    for _ in range(3):
        scheduler.start(partial(_wait, meeting))
    scheduler.join(PATIENCE)

    assert not meeting.broken


def test_a_thread_without_a_task_ends_after_a_while() -> None:
    used: list[threading.Thread] = []
    ended = threading.Event()

    def task() -> None:
        used.append(threading.current_thread())
        ended.set()

    ReusedThreads(idle_seconds=0.01).hand(task)
    ended.wait(PATIENCE)

    used[0].join(PATIENCE)
    assert not used[0].is_alive()


def test_threads_that_are_about_to_end_still_do_what_they_are_handed() -> None:
    scheduler = ReusingScheduler(ReusedThreads(idle_seconds=0.0))
    done: list[int] = []

    for number in range(500):
        scheduler.start(partial(done.append, number))
        scheduler.join(PATIENCE)

    assert done == list(range(500))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_task_that_raises_is_ended_and_those_after_it_are_run() -> None:
    scheduler = ReusingScheduler(ReusedThreads())
    threads, done = list[threading.Thread](), list[str]()

    def raising() -> None:
        threads.append(threading.current_thread())
        raise SystemError("on purpose")

    began = time.monotonic()
    scheduler.start(raising)
    scheduler.join(PATIENCE)
    waited = time.monotonic() - began
    threads[0].join(PATIENCE)
    scheduler.start(lambda: done.append("the next"))
    scheduler.join(PATIENCE)

    assert done == ["the next"]
    assert waited < PATIENCE / 2


def test_what_a_task_has_held_is_let_go_while_its_thread_waits_for_the_next() -> None:
    class Held:
        """Something large."""

        name = "unknown"

    held = Held()
    known = weakref.ref(held)

    ReusedThreads().hand(partial(setattr, held, "name", "known"))
    del held

    until = time.monotonic() + PATIENCE
    while known() is not None and time.monotonic() < until:
        gc.collect()
    assert known() is None

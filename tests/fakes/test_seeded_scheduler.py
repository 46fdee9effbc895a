import threading
from datetime import timedelta

import pytest

from tests.fakes.clock import START, SetClock
from tests.fakes.seeded_scheduler import Abandoned, Interruptions, SeededScheduler, StuckError

DAY = 24 * 60 * 60


def race(seed: int) -> tuple[list[str], list[int]]:
    """Three tasks that take turns at a lock: who came when, and the scheduler's trace."""
    scheduler, came = SeededScheduler(seed), list[str]()
    lock = scheduler.lock()

    def run(name: str) -> None:
        for _ in range(3):
            with lock:
                came.append(name)

    for name in "abc":
        scheduler.start(lambda name=name: run(name))  # type: ignore[misc]
    scheduler.join(None)
    scheduler.end()
    return came, scheduler.trace


def test_the_same_seed_gives_the_same_interleaving() -> None:
    assert race(1) == race(1)


def test_seeds_give_different_interleavings() -> None:
    orders = {tuple(race(seed)[0]) for seed in range(20)}

    assert len(orders) > 10


def test_time_passes_at_once_and_only_while_all_wait() -> None:
    clock = SetClock()
    scheduler = SeededScheduler(1, clock)

    scheduler.start(lambda: scheduler.pause(30 * DAY))
    scheduler.pause(10 * DAY)
    begun = clock.now()
    scheduler.join(None)

    assert (begun, clock.now()) == (START + timedelta(days=10), START + timedelta(days=30))
    scheduler.end()


def test_a_task_may_be_slower_than_the_patience_of_another() -> None:
    def outruns(seed: int) -> bool:
        scheduler = SeededScheduler(seed, lateness=1 / 32)
        lock = scheduler.lock()
        condition = scheduler.condition(lock)

        def work() -> None:
            for _ in range(5):
                scheduler.pause()
            with lock:
                condition.notify()

        scheduler.start(work)
        with lock:
            is_woken = condition.wait(1.0)
        scheduler.end()
        return not is_woken

    assert 0 < sum(map(outruns, range(100))) < 50


def test_tasks_that_wait_for_each_other_are_an_error_that_says_where() -> None:
    scheduler = SeededScheduler(1)
    one, other = scheduler.lock(), scheduler.lock()

    def cross() -> None:
        one.acquire()
        other.acquire()

    other.acquire()
    scheduler.start(cross)
    with pytest.raises(Abandoned):
        scheduler.join(None)

    with pytest.raises(
        StuckError, match=r"task 0 waits for the end of the others in [^\n]*\n.*task 1 .* in .*cross \("
    ):
        scheduler.end()


def test_a_wake_up_that_gets_lost_is_an_error_for_some_seeds() -> None:
    def loses(seed: int) -> bool:
        scheduler, is_there = SeededScheduler(seed), list[bool]()
        lock = scheduler.lock()
        condition = scheduler.condition(lock)

        def bring() -> None:
            is_there.append(True)
            with lock:
                condition.notify()

        scheduler.start(bring)
        try:
            if not is_there:
                with lock:
                    condition.wait()
            scheduler.end()
        except Abandoned:
            with pytest.raises(StuckError):
                scheduler.end()
            return True
        return False

    assert 0 < sum(map(loses, range(50))) < 50


def test_a_task_may_be_interrupted_between_any_two_lines_of_a_module() -> None:
    def loses(seed: int) -> bool:
        scheduler, total = SeededScheduler(seed, interruptions=Interruptions(0.5, (__name__,))), [0]

        def add() -> None:
            before = total[0]
            total[0] = before + 1

        scheduler.start(add)
        scheduler.start(add)
        scheduler.join(None)
        scheduler.end()
        return total == [1]

    assert 0 < sum(map(loses, range(50))) < 50


def test_an_endless_task_is_an_error() -> None:
    scheduler = SeededScheduler(1)

    def spin() -> None:
        while True:
            scheduler.pause()

    scheduler.start(spin)
    with pytest.raises(Abandoned):
        scheduler.join(None)

    with pytest.raises(StuckError, match="after 100000 switches"):
        scheduler.end()


def test_the_end_unwinds_tasks_wherever_they_stand_and_leaves_no_thread() -> None:
    before, scheduler, unwound = threading.active_count(), SeededScheduler(1), list[str]()
    lock = scheduler.lock()
    condition = scheduler.condition(lock)

    def wait() -> None:
        try:
            with lock:
                condition.wait()
        finally:
            unwound.append("waiting")

    def work() -> None:
        try:
            while True:
                scheduler.pause(1.0)
        finally:
            unwound.append("working")

    scheduler.start(wait)
    scheduler.start(work)
    scheduler.pause(5.0)
    scheduler.end()

    assert sorted(unwound) == ["waiting", "working"]
    assert threading.active_count() == before


def test_what_a_task_raises_is_not_lost() -> None:
    scheduler = SeededScheduler(1)

    def fail() -> None:
        raise LookupError("nobody catches this")

    scheduler.start(fail)
    scheduler.join(None)

    with pytest.raises(LookupError, match="nobody catches this"):
        scheduler.end()


def test_threads_may_be_scarce() -> None:
    scheduler, ran = SeededScheduler(1, scarcity=1.0), list[str]()

    is_started = scheduler.start(lambda: ran.append("it"))
    scheduler.join(None)

    assert (is_started, ran) == (False, [])
    scheduler.end()

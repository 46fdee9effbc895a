import contextvars
import threading
from collections.abc import Iterator

import pytest

from durable.scheduler import Scheduler, ThreadScheduler
from durable_local.hosts.reused import ReusedThreads, ReusingScheduler
from tests.durable.recording import PATIENCE
from tests.fakes.seeded_scheduler import SeededScheduler

SETTING: contextvars.ContextVar[str] = contextvars.ContextVar("setting")


@pytest.fixture(params=["threads", "threads used again", "seed 1", "seed 2", "seed 3"])
def scheduler(request: pytest.FixtureRequest) -> Iterator[Scheduler]:
    if request.param == "threads":
        yield ThreadScheduler()
        return
    if request.param == "threads used again":
        yield ReusingScheduler(ReusedThreads())
        return
    seeded = SeededScheduler(request.param)
    yield seeded
    seeded.end()


def test_joining_waits_for_tasks_that_tasks_have_started(scheduler: Scheduler) -> None:
    ended: list[str] = []

    def outer() -> None:
        scheduler.start(lambda: ended.append("inner"))
        ended.append("outer")

    scheduler.start(outer)
    scheduler.join(5.0)

    assert sorted(ended) == ["inner", "outer"]


def test_joining_while_tasks_are_being_started_waits_for_those_known(scheduler: Scheduler) -> None:
    gate, ended = scheduler.lock(), list[int]()
    gate.acquire()

    def chain(left: int) -> None:
        ended.append(left)
        if left:
            scheduler.start(lambda: chain(left - 1))

    def first() -> None:
        gate.acquire()
        chain(300)

    scheduler.start(first)
    gate.release()
    scheduler.join(5.0)

    assert len(ended) == 301


def test_a_task_that_does_not_end_is_not_waited_for_for_ever(scheduler: Scheduler) -> None:
    gate, ended = scheduler.lock(), list[str]()
    gate.acquire()

    def stuck() -> None:
        gate.acquire()
        ended.append("at last")

    scheduler.start(stuck)
    scheduler.join(0.01)

    assert ended == []
    gate.release()


def test_a_task_has_the_context_variables_of_its_starter(scheduler: Scheduler) -> None:
    found: list[str] = []
    token = SETTING.set("the starter's")

    scheduler.start(lambda: found.append(SETTING.get()))
    SETTING.reset(token)
    scheduler.join(5.0)

    assert found == ["the starter's"]


def test_a_lock_is_held_by_one_task_at_a_time(scheduler: Scheduler) -> None:
    lock, inner, total = scheduler.lock(), scheduler.lock(), [0]

    def add() -> None:
        for _ in range(20):
            with lock:
                before = total[0]
                with inner:
                    total[0] = before + 1

    for _ in range(4):
        scheduler.start(add)
    scheduler.join(PATIENCE)

    assert total == [80]


def test_who_waits_for_a_condition_is_woken_and_told_so(scheduler: Scheduler) -> None:
    lock, told = scheduler.lock(), list[bool]()
    condition, waiting = scheduler.condition(lock), list[int]()

    def wait() -> None:
        with lock:
            waiting.append(1)
            told.append(condition.wait(PATIENCE))

    scheduler.start(wait)
    scheduler.start(wait)
    while not told:
        with lock:
            if len(waiting) == 2:
                condition.notify_all()
    scheduler.join(PATIENCE)

    assert told == [True, True]


def test_one_notification_wakes_one(scheduler: Scheduler) -> None:
    lock, woken = scheduler.lock(), list[bool]()
    condition = scheduler.condition(lock)

    def wait() -> None:
        with lock:
            woken.append(condition.wait(0.2))

    def notify() -> None:
        with lock:
            condition.notify()

    scheduler.start(wait)
    scheduler.start(wait)
    scheduler.start(notify)
    scheduler.join(PATIENCE)

    assert len(woken) == 2
    assert sum(woken) <= 1


def test_nobody_waits_longer_than_their_patience(scheduler: Scheduler) -> None:
    lock = scheduler.lock()
    condition, begun = scheduler.condition(lock), scheduler.now()

    with lock:
        is_woken = condition.wait(0.02)

    assert not is_woken
    assert scheduler.now() >= begun + 0.015


@pytest.mark.parametrize("scheduler", ["threads", "seed 1", "seed 2", "seed 3"], indirect=True)
def test_no_thread_is_left_once_all_tasks_have_ended(scheduler: Scheduler) -> None:
    before = threading.active_count()

    for _ in range(3):
        scheduler.start(lambda: None)
    scheduler.join(PATIENCE)

    assert threading.active_count() <= before

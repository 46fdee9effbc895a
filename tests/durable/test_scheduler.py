import threading

from durable.scheduler import ThreadScheduler
from tests.durable.recording import PATIENCE


def test_joining_waits_for_tasks_that_tasks_have_started() -> None:
    scheduler, ended = ThreadScheduler(), list[str]()

    def outer() -> None:
        scheduler.start(lambda: ended.append("inner"))
        ended.append("outer")

    scheduler.start(outer)
    scheduler.join(5.0)

    assert sorted(ended) == ["inner", "outer"]


def test_joining_while_tasks_are_being_started_waits_for_those_known() -> None:
    scheduler, gate, ended = ThreadScheduler(), threading.Event(), list[int]()

    def chain(left: int) -> None:
        ended.append(left)
        if left:
            scheduler.start(lambda: chain(left - 1))

    def first() -> None:
        assert gate.wait(PATIENCE)
        chain(300)

    scheduler.start(first)
    gate.set()
    scheduler.join(5.0)

    assert len(ended) == 301


def test_a_task_that_does_not_end_is_not_waited_for_for_ever() -> None:
    scheduler, stop = ThreadScheduler(), threading.Event()

    def stuck() -> None:
        stop.wait(10)

    scheduler.start(stuck)

    scheduler.join(0.01)

    assert not stop.is_set()
    stop.set()

import threading

from durable.scheduler import ThreadScheduler
from tests.durable.recording import PATIENCE


def test_joining_waits_for_tasks_that_tasks_have_started() -> None:
    scheduler, ended = ThreadScheduler(), list[str]()

    def outer() -> None:
        scheduler.start(lambda: ended.append("inner"))
        ended.append("outer")

    scheduler.start(outer)
    scheduler.join()

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
    scheduler.join()

    assert len(ended) == 301

import threading

import pytest

from durable_local.workers import Workers


def test_tasks_are_done_side_by_side_on_no_more_threads_than_allowed() -> None:
    workers, together, done = Workers(3), threading.Barrier(3), threading.Semaphore(0)
    names: set[str] = set()

    def task() -> None:
        together.wait(timeout=10)
        names.add(threading.current_thread().name)
        done.release()

    for _ in range(9):
        workers.hand(task)

    assert all(done.acquire(timeout=10) for _ in range(9))
    assert len(names) == 3
    workers.close(10)


def test_free_threads_are_used_again() -> None:
    workers = Workers(100)
    names: list[str] = []

    for _ in range(50):
        done = threading.Event()
        workers.hand(lambda: names.append(threading.current_thread().name))
        workers.hand(done.set)
        assert done.wait(timeout=10)

    assert len(set(names)) < 50
    workers.close(10)


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3)])
def test_a_task_that_raises_is_told_and_costs_no_other(error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    workers, done = Workers(1), threading.Event()

    def fails() -> None:
        raise error

    workers.hand(fails)
    workers.hand(done.set)

    assert done.wait(timeout=10)
    assert "A task has failed" in caplog.text
    workers.close(10)


def test_a_task_that_does_not_end_is_not_waited_for_longer_than_one_has_patience() -> None:
    workers, go_on = Workers(1), threading.Event()

    def lingers() -> None:
        go_on.wait(timeout=10)

    workers.hand(lingers)

    workers.close(0.01)

    assert not go_on.is_set()
    go_on.set()


def test_there_is_room_for_one_task_at_first_and_for_twice_as_many_whenever_all_wait() -> None:
    workers, go_on = Workers(8), threading.Event()

    def waits() -> None:
        go_on.wait(timeout=10)

    rooms = []
    while (room := workers.room()) or workers.seconds_until_more() is not None:
        if room:
            rooms.append(room)
        for _ in range(room):
            workers.hand(waits)

    assert rooms == [1, 1, 2, 4]
    go_on.set()
    workers.close(10)
    assert workers.room() == 1


def test_no_workers_are_refused() -> None:
    with pytest.raises(ValueError, match="0 workers can do nothing"):
        Workers(0)

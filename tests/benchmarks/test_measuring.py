"""Every piece of work of the table, at its smallest, on both SDKs."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.measuring import Execution, measure
from benchmarks.processes import IMPORT, measure_apart
from benchmarks.rows import ROWS
from benchmarks.work import OFFICIAL, OURS, Work

WORKS = {replace(row.work, size=3, latency=0, executions=1): row.key for row in ROWS if row.work.program != IMPORT}
"""Once each: rows that differ in size alone are the same work here."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("work", WORKS, ids=WORKS.values())
def test_both_sdks_do_the_same_work(work: Work) -> None:
    ours, official = Execution(OURS, work), Execution(OFFICIAL, work)

    ours.run()
    official.run()

    assert ours.result == official.result
    assert ours.invocations == official.invocations
    assert ours.service.operations.keys() == official.service.operations.keys()
    assert ours.service.sent == official.service.sent


def test_a_measurement_counts_one_execution_of_many() -> None:
    measured = measure(OURS, Work("steps", size=4, executions=3))

    assert 4 <= measured.calls <= 8  # on a busy machine a step's start may be sent by itself
    assert measured.invocations == 1
    assert measured.cpu > 0
    assert measured.sent > 4 * len('{"Type":"STEP"}')


def test_a_replay_asks_the_service_for_nothing() -> None:
    measured = measure(OURS, Work("mapped", size=5, replayed=True))

    assert (measured.calls, measured.sent) == (0, 0)


def test_branches_that_wait_need_a_second_invocation() -> None:
    measured = measure(OURS, Work("waiting", size=5))

    assert measured.invocations == 2


def test_a_checkpoint_takes_as_long_as_is_asked() -> None:
    measured = measure(OURS, Work("steps", size=3, latency=5))

    assert measured.wall >= 3 * 0.005


def test_work_that_does_not_succeed_is_told() -> None:
    without_branches = Work("mapped", concurrency=-1)

    with pytest.raises(RuntimeError, match=r"concurrency=-1.*did not succeed.*FAILED"):
        Execution(OURS, without_branches).run()


@pytest.mark.parametrize("root", [OURS, OFFICIAL])
def test_work_is_measured_in_a_process_of_its_own(root: str) -> None:
    measured = measure_apart(root, Work("steps", size=2))

    assert measured.calls == 2


def test_an_import_is_measured_without_the_bare_interpreter() -> None:
    measured = measure_apart(OURS, Work(IMPORT))

    assert 0 < measured.cpu < 10


def test_work_that_cannot_be_measured_is_named_with_its_error() -> None:
    with pytest.raises(RuntimeError, match=r"nothing(.|\n)*KeyError"):
        measure_apart(OURS, Work("nothing"))

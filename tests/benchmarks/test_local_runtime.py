from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.local_runtime.latencies import Latency, execute, fill
from benchmarks.local_runtime.measuring import CASES, Speed, measure
from benchmarks.local_runtime.page import Measured, page
from benchmarks.local_runtime.systems import Ours
from benchmarks.work import OFFICIAL, OURS, Work


@pytest.mark.parametrize("at_once", [True, False])
def test_a_case_is_measured_on_the_local_runtime(*, at_once: bool) -> None:
    case = replace(CASES["one"], executions=3, at_once=at_once)

    speed = measure(OURS, case)

    assert speed.executions_per_second > 0
    assert speed.steps_per_second == pytest.approx(10 * speed.executions_per_second)
    assert speed.cpu_per_step > 0


def test_executions_are_copied_until_there_are_enough(tmp_path: Path) -> None:
    ours = Ours(tmp_path, Work("steps", size=10))
    ours.dispatcher.close()
    for _ in range(3):
        assert len(execute(ours.runtime)) == 10

    fill(ours.runtime.journals.database, 20)

    assert len(ours.runtime.executions.newest(100)) == 20
    assert ours.runtime.journals.database.rows("SELECT count(*), count(DISTINCT execution) FROM events") == [(460, 20)]


def test_the_page_tells_what_was_reached_and_what_was_missed() -> None:
    def speeds(rate: float, cpu: float) -> list[Speed]:
        return [Speed(rate, 10 * rate, cpu)]

    measured = Measured(
        {
            "one": {OFFICIAL: speeds(5, 0.005), OURS: speeds(250, 0.0004)},
            "hundred": {OFFICIAL: speeds(20, 0.005), OURS: speeds(280, 0.0004)},
            "pipeline": {OFFICIAL: speeds(1, 0.005), OURS: speeds(20, 0.0006)},
        },
        {100: Latency(0.00015, 0.0005)},
        Latency(0.004, 0.02),
    )

    told = page(measured, {"Processor": "two cores"})

    assert "| 10 steps, one execution at a time | 5.0 | 250 | 50 | 40 | 2,500 | 5.0 ms | 0.40 ms | 0.080 |  |" in told
    assert told.count("missed") == 2
    assert "| 100 | 150 µs | 500 µs |" in told
    assert "within 4 ms (median; at most 20 ms)" in told
    assert "- Processor: two cores" in told

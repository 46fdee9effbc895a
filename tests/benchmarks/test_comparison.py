"""Ratios of medians, and whether targets are reached."""

from benchmarks.comparison import Check, Comparison, compare
from benchmarks.rows import Row, Targets
from benchmarks.work import OFFICIAL, OURS, Measurement, Work

ROW = Row("steps", "steps", Work("steps", 10), Targets(wall=0.5))


def took(*seconds: float) -> list[Measurement]:
    return [Measurement(wall=each, cpu=each / 2, threads=3, memory=7, invocations=2) for each in seconds]


def test_the_sdks_take_turns() -> None:
    turns: list[str] = []

    def measure(root: str, _work: Work) -> Measurement:
        turns.append(root)
        return Measurement(wall=1, cpu=1)

    compare(ROW, 2, measure)

    assert turns == [OURS, OFFICIAL, OURS, OFFICIAL]


def test_a_ratio_is_that_of_the_medians() -> None:
    comparison = Comparison(ROW, took(1, 2, 90), took(8, 4, 0.1))

    assert comparison.wall == 0.5
    assert comparison.cpu == 0.5


def test_noise_is_the_farthest_repetition_of_either_sdk() -> None:
    comparison = Comparison(ROW, took(1, 1, 1), took(4, 4, 5))

    assert comparison.noise == 0.25


def test_each_target_of_a_row_is_checked() -> None:
    targets = Targets(wall=0.4, cpu=0.6, threads=2, memory=8, invocations=2)

    checks = list(Comparison(Row("r", "r", Work("steps"), targets), took(1), took(2)).checks({}))

    assert checks == [
        Check("time", 0.5, 0.4),
        Check("CPU", 0.5, 0.6),
        Check("threads", 3, 2),
        Check("memory", 7, 8),
        Check("invocations", 2, 2),
    ]
    assert [check.is_met for check in checks] == [False, True, False, True, True]


def test_growth_is_the_exponent_from_the_smaller_row() -> None:
    large = Row("large", "large", Work("steps", 100), Targets(wall=1, growth=1.05), grows_from="steps")

    checks = list(Comparison(large, took(100), took(100)).checks({"steps": Comparison(ROW, took(1), took(1))}))

    assert checks[1] == Check("growth", 2.0, 1.05)

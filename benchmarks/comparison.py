"""Ours beside the official SDK: interleaved repetitions, ratios of medians, and whether a row reaches its targets."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.rows import Row
from benchmarks.work import OFFICIAL, OURS, Measurement, Work

Measure = Callable[[str, Work], Measurement]


@dataclass(frozen=True, slots=True)
class Check:
    """A target, and what was reached."""

    name: str
    reached: float
    limit: float

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.reached <= self.limit


@dataclass(frozen=True, slots=True)
class Comparison:
    """A row's measurements on both SDKs."""

    row: Row
    ours: Sequence[Measurement]
    official: Sequence[Measurement]

    @property
    def wall(self) -> float:
        """Our median time over the official one's."""
        return _median(self.ours, "wall") / _median(self.official, "wall")

    @property
    def cpu(self) -> float:
        """Our median CPU time over the official one's."""
        return _median(self.ours, "cpu") / _median(self.official, "cpu")

    @property
    def noise(self) -> float:
        """How far a repetition's time lay from the median of its SDK, at most, as a share of it."""
        return max(_spread([each.wall for each in measured]) for measured in (self.ours, self.official))

    def checks(self, others: Mapping[str, "Comparison"]) -> Iterator[Check]:
        """Each target of the row beside what was reached; growth needs the row it is counted from."""
        targets = self.row.targets
        yield Check("time", self.wall, targets.wall)
        if targets.cpu is not None:
            yield Check("CPU", self.cpu, targets.cpu)
        if targets.threads is not None:
            yield Check("threads", most(self.ours, "threads"), targets.threads)
        if targets.memory is not None:
            yield Check("memory", least(self.ours, "memory"), targets.memory)
        if targets.invocations is not None:
            yield Check("invocations", most(self.ours, "invocations"), targets.invocations)
        if targets.growth is not None and (small := others.get(self.row.grows_from)):
            yield Check("growth", growth(small, self), targets.growth)


def compare(row: Row, repetitions: int, measure: Measure) -> Comparison:
    """Measure a row on both SDKs in turn, so that whatever disturbs the machine disturbs both."""
    ours: list[Measurement] = []
    official: list[Measurement] = []
    for _ in range(repetitions):
        ours.append(measure(OURS, row.work))
        official.append(measure(OFFICIAL, row.work))
    return Comparison(row, ours, official)


def growth(small: Comparison, large: Comparison) -> float:
    """The exponent by which our time grows with the size."""
    times = _median(large.ours, "wall") / _median(small.ours, "wall")
    return math.log(times) / math.log(large.row.work.size / small.row.work.size)


def milliseconds(measured: Sequence[Measurement], quantity: str) -> float:
    """The median of a time, in milliseconds."""
    return _median(measured, quantity) * 1000


def least(measured: Sequence[Measurement], quantity: str) -> float:
    """The least of a quantity."""
    return min(_values(measured, quantity))


def most(measured: Sequence[Measurement], quantity: str) -> float:
    """The most of a quantity."""
    return max(_values(measured, quantity))


def _values(measured: Sequence[Measurement], quantity: str) -> list[float]:
    return [getattr(each, quantity) for each in measured]


def _median(measured: Sequence[Measurement], quantity: str) -> float:
    return median(_values(measured, quantity))


def _spread(values: Sequence[float]) -> float:
    middle = median(values)
    return max(abs(value - middle) for value in values) / middle

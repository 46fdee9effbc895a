"""The rows of the table: what is measured, and what is asked of the core there."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.processes import IMPORT
from benchmarks.work import Work

MOST_THREADS = 128
MOST_MEMORY = 80.0
"""Megabytes."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What is asked: our medians over the official SDK's, and what ours may take at most."""

    wall: float
    cpu: float | None = None
    threads: int | None = None
    memory: float | None = None
    invocations: int | None = None
    growth: float | None = None
    """The exponent by which the time grows from the row named in `grows_from`."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    key: str
    title: str
    work: Work
    targets: Targets
    repetitions: int = 5
    grows_from: str = ""


def _steps(latency: int, wall: float) -> Row:
    work = Work("steps", 1_000, latency)
    return Row(f"steps-{latency}", "1,000 sequential steps", work, Targets(wall, cpu=0.35), 3 if latency == 20 else 5)


def _maps(size: int, targets: Sequence[Targets], repetitions: int = 5) -> list[Row]:
    limits = (None, 10, 50)
    return [
        Row(
            f"map-{size}-{limit or 'none'}",
            f"map {size:,}, concurrency {limit or 'none'}",
            Work("mapped", size, latency=5, concurrency=limit, executions=5 if size == 100 else 1),
            target,
            repetitions,
        )
        for limit, target in zip(limits, targets, strict=True)
    ]


def _large(wall: float) -> Targets:
    return Targets(wall, threads=MOST_THREADS, memory=MOST_MEMORY)


ROWS: tuple[Row, ...] = (
    Row("import", "import and decorate", Work(IMPORT), Targets(0.25), repetitions=9),
    Row("step", "one step", Work("steps", executions=10), Targets(0.05)),
    Row("suspension", "one suspension", Work("suspension", executions=10, most_invocations=1), Targets(0.05)),
    _steps(0, 0.15),
    _steps(5, 0.78),
    _steps(20, 0.93),
    Row("replay-1000", "replay of 1,000 steps", Work("steps", 1_000, replayed=True, executions=5), Targets(0.15)),
    Row(
        "replay-10000",
        "replay of 10,000 steps",
        Work("steps", 10_000, replayed=True, executions=3),
        Targets(0.30, growth=1.05),
        repetitions=3,
        grows_from="replay-1000",
    ),
    Row(
        "replay-map",
        "replay of a finished map of 1,000",
        Work("mapped", 1_000, replayed=True, executions=5),
        Targets(0.25),
    ),
    *_maps(100, (Targets(0.4), Targets(0.55), Targets(0.4))),
    *_maps(1_000, (Targets(0.35), Targets(0.60), Targets(0.40))),
    *_maps(10_000, (_large(0.25), _large(0.55), _large(0.35)), repetitions=3),
    Row(
        "pipeline",
        "3 x 1,000 items, the pipeline's shape",
        Work("pipeline", 1_000, latency=5, concurrency=8),
        Targets(0.40),
    ),
    Row("payloads", "50 steps of 200 kB", Work("large_steps", 50, latency=5), Targets(0.55, cpu=0.5)),
    Row("waits", "1,000 branches that wait, one wave", Work("waiting", 1_000, latency=5), Targets(0.35, invocations=2)),
)


def chosen(keys: Sequence[str]) -> list[Row]:
    """The rows of the given keys, all of them for none; a key that is no row's own stands for those that begin so.

    What follows must then begin with a hyphen: map-100 stands for map-100-none, but not for map-1000-none.
    """
    known = [row.key for row in ROWS]
    wanted = {key: [key] if key in known else [each for each in known if each.startswith(f"{key}-")] for key in keys}
    if unknown := [key for key in keys if not wanted[key]]:
        raise ValueError(f"No row begins with {', '.join(unknown)}; there are {', '.join(known)}")
    return [row for row in ROWS if not keys or any(row.key in found for found in wanted.values())]

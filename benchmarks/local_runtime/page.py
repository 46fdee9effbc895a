"""What was measured as a page of documentation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.local_runtime.latencies import Latency
from benchmarks.local_runtime.measuring import CASES, Speed
from benchmarks.work import OFFICIAL, OURS

CPU_ASKED = 0.1
INTRODUCTION = """\
# Benchmarks of the local runtime

The local runtime beside AWS's testing package, each with functions of its own SDK, in threads, on its own SQLite store
(ours in WAL mode with `--durability process`). `make bench-local` measures all of it and writes this page.

Each measurement runs in a fresh process with a new database; the two take turns, and a ratio is our median over the
official one's. AWS's runner runs in real time, as ours does. CPU time is that of the whole process, user and system,
all threads. An execution begins and ends a step with every checkpoint.
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything of a run."""

    speeds: Mapping[str, Mapping[str, Sequence[Speed]]]
    """By case and root."""
    growth: Mapping[int, Latency]
    wake_up: Latency


def page(measured: Measured, facts: Mapping[str, str]) -> str:
    """The page."""
    parts = [INTRODUCTION, "\n".join(f"- {name}: {value}" for name, value in facts.items())]
    parts += ["\n".join(_speeds(measured)), "\n".join(_growth(measured)), _wake_up(measured.wake_up)]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _speeds(measured: Measured) -> Iterator[str]:
    yield "| | official, executions/s | ours | ratio | asked | ours, steps/s | official, CPU/step | ours | ratio | |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|"
    for name, by_root in measured.speeds.items():
        theirs, ours = ([*by_root[root]] for root in (OFFICIAL, OURS))
        official, rate = (median(each.executions_per_second for each in speeds) for speeds in (theirs, ours))
        official_cpu, cpu = (median(each.cpu_per_step for each in speeds) for speeds in (theirs, ours))
        steps, case = median(each.steps_per_second for each in ours), CASES[name]
        is_met = rate / official >= case.asked and cpu / official_cpu <= CPU_ASKED
        yield (
            f"| {case.title} | {official:.1f} | {rate:.0f} | {rate / official:.0f} | {case.asked:.0f} | {steps:,.0f} "
            f"| {official_cpu * 1000:.1f} ms | {cpu * 1000:.2f} ms | {cpu / official_cpu:.3f} "
            f"| {'' if is_met else 'missed'} |"
        )


def _growth(measured: Measured) -> Iterator[str]:
    yield "A checkpoint that begins and ends a step, by how many executions of ten steps are stored:"
    yield ""
    yield "| stored | median | p99 |"
    yield "|--:|--:|--:|"
    for count, latency in measured.growth.items():
        yield f"| {count:,} | {latency.median * 1e6:.0f} µs | {latency.p99 * 1e6:.0f} µs |"


def _wake_up(latency: Latency) -> str:
    return (
        f"After the end of a wait of a second its function is invoked again within {latency.median * 1e3:.0f} ms "
        f"(median; at most {latency.p99 * 1e3:.0f} ms)."
    )

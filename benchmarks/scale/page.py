"""What was measured as a page of documentation."""

from collections.abc import Iterator, Mapping, Sequence

from app.domain.limits import MOST_OPERATIONS, MOST_WRITTEN_BYTES
from benchmarks.scale.measuring import Scale

MOST_MEMORY = 300
"""Megabytes that a million rows may take."""
INTRODUCTION = """\
# Benchmarks of the pipeline at scale

Order rows, one percent of them bad, through the path of `make run`: `durable run` of the function that is deployed, one
execution, documents in a folder, executions in SQLite. `make bench-scale` generates the rows, measures each number of
them in a fresh process, checks that every row was stored or rejected as it should be, and writes this page.
[Scale](scale.md) tells what bounds an execution, and what happens past it.
"""
EXPLANATION = """\
Seconds are those of the execution; CPU time is that of the whole process, which takes more than half a second of it to
start, and memory is its peak. **The limit** is the CPU time of a plain loop that parses, validates and serialises the
same rows with the same mapper and keeps nothing; Python does that on one core, however many threads there are. What is
left of the CPU time goes into staging the rows, finding repeated ids among all of them, checkpoints, and the process's
start. The disk is the time of writing the same documents anew with an fsync each; the pipeline writes while it parses.
"""
HEADER = (
    "rows",
    "seconds",
    "rows/s",
    "stored",
    "rejected",
    "operations",
    "written",
    "peak memory",
    "CPU",
    "the limit",
    "of the CPU",
    "the disk",
)


def page(measured: Sequence[Scale], facts: Mapping[str, str]) -> str:
    """The page."""
    listed = "\n".join(f"- {name}: {value}" for name, value in facts.items())
    return "\n\n".join([INTRODUCTION.rstrip(), listed, "\n".join(_table(measured)), EXPLANATION.rstrip()]) + "\n"


def _table(measured: Sequence[Scale]) -> Iterator[str]:
    yield f"| {' | '.join(HEADER)} |"
    yield f"|{'--:|' * len(HEADER)}"
    for each in measured:
        cells = (
            f"{each.rows:,}",
            f"{each.seconds:.1f}",
            f"{each.rows / each.seconds:,.0f}",
            f"{each.stored:,}",
            f"{each.rejected:,}",
            f"{each.operations:,} of {MOST_OPERATIONS:,}",
            f"{each.written / 1e3:,.0f} kB of {MOST_WRITTEN_BYTES / 1e6:.0f} MB",
            f"{each.memory:.0f} MB",
            f"{each.cpu:.1f} s",
            f"{each.parsing:.1f} s",
            f"{each.of_the_limit:.0%}",
            f"{each.writing:.1f} s",
        )
        yield f"| {' | '.join(cells)} |"

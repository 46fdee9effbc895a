"""What was measured as a page of documentation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.console.browsing import Look

MOST_TO_PAINT, LONGEST_TASK = 1_000, 200
INTRODUCTION = """\
# Benchmarks of the console

Pages of the console in headless Chromium, without a GPU, on the machine that serves them. `make bench-console` measures
all of it and writes this page.

The large execution is a map with 999 iterations of two steps, 2,998 operations; Lambda allows 3,000. One that goes on
has as many, and another step each second. The list shows 50 executions. Each look has an empty cache: it waits for the
first paint, scrolls thirty turns of the wheel down and up, and on a timeline zooms as often in and out in the midst of
the rows, and moves the pointer along them. Told are the median of the looks and the worst. A task is what keeps the
browser's main thread busy; those under 50 ms are not told, so 0 ms is shorter than that. Asked are a first paint within
a second, and no task over 200 ms while somebody scrolls or zooms.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A page, by how many executions are stored."""

    title: str
    stored: int


def page(looks: Mapping[Case, Sequence[Look]], facts: Mapping[str, str]) -> str:
    """The page."""
    told = "\n".join(f"- {name}: {value}" for name, value in facts.items())
    return "\n\n".join([INTRODUCTION.rstrip(), told, "\n".join(_table(looks))]) + "\n"


def _table(looks: Mapping[Case, Sequence[Look]]) -> Iterator[str]:
    yield "| page | executions stored | first paint | longest task: loading | scrolling | zooming | |"
    yield "|---|--:|--:|--:|--:|--:|---|"
    for case, measured in looks.items():
        zooming = [each.zooming for each in measured if each.zooming is not None]
        columns = [
            _told([each.first_paint for each in measured]),
            _told([each.loading for each in measured]),
            _told([each.scrolling for each in measured]),
            _told(zooming) if zooming else "",
        ]
        missed = "" if all(map(_is_met, measured)) else "missed"
        yield f"| {case.title} | {case.stored:,} | {' | '.join(columns)} | {missed} |"


def _told(milliseconds: Sequence[float]) -> str:
    return f"{median(milliseconds):.0f} ms, worst {max(milliseconds):.0f}"


def _is_met(look: Look) -> bool:
    return look.first_paint <= MOST_TO_PAINT and max(look.scrolling, look.zooming or 0) <= LONGEST_TASK

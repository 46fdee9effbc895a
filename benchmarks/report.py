"""The comparisons as tables: one of what was asked and reached, one of what each SDK took."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparison import Check, Comparison, least, milliseconds, most
from benchmarks.work import Measurement

MISSED_FILE = Path(__file__).parent / "missed.toml"
"""By row: why a target is missed, and what a profile shows."""

Cells = Sequence[str]

REACHED: Cells = ("row", "work", "checkpoint", "official", "ours", "ratio", "asked", "besides", "noise", "")
TAKEN: Cells = ("row", "SDK", "CPU", "memory", "threads", "API calls", "sent", "invocations")

INTRODUCTION = """\
# Benchmarks

The core beside AWS's SDK, on the same durable functions in one run. `make bench` measures all of it and writes this
page; `make bench ROWS='map-100 pipeline'` measures the rows of these keys, or whose keys begin so,
and prints them only.

How it is measured:

- Each measurement runs in a fresh process, of one environment that has nothing but AWS's SDK and boto3. The two SDKs
  take turns; a ratio is our median over the official one's. Noise is how far one repetition lay from its SDK's median,
  at most.
- Both speak to the same service in the same process, through the argument `boto3_client`: it takes and gives
  dictionaries as boto3's client does, so each SDK does all of its own encoding and decoding, and HTTP is left out for
  both. It answers after the time under "checkpoint", and does little else.
- Code runs once, small, before it is measured: what is counted is an invocation in a warm sandbox. Time and CPU time
  (user and system, all threads) are those of the invocations alone, without the start of the process; CPU time is
  without the service's own.
- Memory is the peak above what the loaded program took, with the service's own record of the operations in it. Threads
  are counted at each API call. Bytes are those of the updates as JSON.
- A replay finds all operations on the first page. Waits end between invocations.
"""


@dataclass(frozen=True, slots=True)
class Report:
    """All comparisons of a run."""

    comparisons: Mapping[str, Comparison]

    def reached(self) -> list[Cells]:
        """What was asked of each row, and reached."""
        return [self._reached(comparison) for comparison in self.comparisons.values()]

    def taken(self) -> list[Cells]:
        """What each SDK took."""
        return [
            _taken(comparison.row.key, sdk, measured)
            for comparison in self.comparisons.values()
            for sdk, measured in (("official", comparison.official), ("ours", comparison.ours))
        ]

    def missed(self) -> Iterator[str]:
        """The keys of the rows that miss a target."""
        for key, comparison in self.comparisons.items():
            if not all(check.is_met for check in comparison.checks(self.comparisons)):
                yield key

    def _reached(self, comparison: Comparison) -> Cells:
        row = comparison.row
        time, *others = comparison.checks(self.comparisons)
        return (
            row.key,
            row.title,
            f"{row.work.latency} ms",
            f"{milliseconds(comparison.official, 'wall'):,.1f} ms",
            f"{milliseconds(comparison.ours, 'wall'):,.1f} ms",
            f"{time.reached:.3f}",
            f"{time.limit:.2f}",
            ", ".join(map(_in_words, others)),
            f"{comparison.noise:.0%}",
            "reached" if all(check.is_met for check in (time, *others)) else "**missed**",
        )


def page(report: Report, facts: Mapping[str, str]) -> str:
    """The whole report as a page of documentation."""
    parts = [
        INTRODUCTION,
        "\n".join(f"- {name}: {fact}" for name, fact in facts.items()),
        "\n## What is asked, and reached\n",
        in_markdown(REACHED, report.reached()),
        "\n## What each takes\n",
        in_markdown(TAKEN, report.taken()),
        "\n## Rows that miss a target\n",
        "\n".join(_explanations(report)) or "None.",
    ]
    return "\n".join(parts).rstrip() + "\n"


def in_markdown(heads: Cells, lines: Sequence[Cells]) -> str:
    """A table for documentation."""
    rule = ["---" if head in {"row", "work", "SDK", "besides", ""} else "--:" for head in heads]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *lines))


def in_columns(heads: Cells, lines: Sequence[Cells]) -> str:
    """A table for a terminal."""
    widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
    padded = ((cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) for cells in (heads, *lines))
    return "\n".join("  ".join(cells).rstrip() for cells in padded)


def _explanations(report: Report) -> Iterator[str]:
    known = tomllib.loads(MISSED_FILE.read_text())
    for key in report.missed():
        explanation = known.get(key, {})
        yield f"### {key}: {report.comparisons[key].row.title}\n"
        yield f"Reason: {explanation.get('reason', 'not yet known.').strip()}\n"
        yield f"Profile: {explanation.get('profile', 'not yet taken.').strip()}\n"


def _in_words(check: Check) -> str:
    decimals = 0 if check.limit >= 2 else 2
    return f"{check.name} {check.reached:.{decimals}f} of {check.limit:.{decimals}f}"


def _taken(key: str, sdk: str, measured: Sequence[Measurement]) -> Cells:
    return (
        key,
        sdk,
        f"{milliseconds(measured, 'cpu'):,.1f} ms",
        f"{least(measured, 'memory'):,.1f} MB",
        f"{most(measured, 'threads'):,.0f}",
        f"{most(measured, 'calls'):,.0f}",
        f"{most(measured, 'sent') / 1000:,.1f} kB",
        f"{most(measured, 'invocations'):,.0f}",
    )

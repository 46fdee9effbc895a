"""Measures the table's rows and prints them; a full run writes the page of documentation."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.comparison import Comparison, Measure, compare
from benchmarks.machine import facts, load
from benchmarks.processes import FOLDER, measure_apart
from benchmarks.report import REACHED, TAKEN, Report, in_columns, page
from benchmarks.rows import ROWS, Row, chosen

PAGE = FOLDER / "docs" / "benchmarks.md"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run measures, and where it writes."""

    rows: Sequence[Row]
    repetitions: int | None
    """None for each row's own."""
    page: Path | None

    def run(self, measure: Measure) -> Report:
        """Measure row by row, and tell each as it comes."""
        began, before = datetime.now(UTC), load()
        comparisons: dict[str, Comparison] = {}
        for row in self.rows:
            comparisons[row.key] = compare(row, self.repetitions or row.repetitions, measure)
            cells = Report(comparisons).reached()[-1]
            print("  ".join(cell for cell in cells if cell), file=sys.stderr, flush=True)
        report = Report(comparisons)
        if self.page:
            minutes = (datetime.now(UTC) - began).total_seconds() / 60
            run = {
                "Measured": f"{began:%Y-%m-%d}, in {minutes:.0f} minutes",
                "Load": f"{before:.1f} before, {load():.1f} after; the run itself is one to two of it",
            }
            self.page.write_text(page(report, run | facts()))
        return report


def main(arguments: Sequence[str] | None = None, measure: Measure = measure_apart) -> None:
    """Do what the command line asks."""
    report = planned(arguments).run(measure)
    print(in_columns(REACHED, report.reached()), in_columns(TAKEN, report.taken()), sep="\n\n")


def planned(arguments: Sequence[str] | None) -> Plan:
    """What the command line asks; only a run of all rows at their full size writes the page unasked."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="a row's key, or how several begin; all rows if none")
    parser.add_argument("--repeat", type=int, help="repetitions, in place of each row's own")
    parser.add_argument("--scale", type=float, default=1, help="factor for all sizes, such as 0.01")
    parser.add_argument("--page", type=Path, help="where to write the page, whatever is measured")
    given = parser.parse_args(arguments)
    try:
        rows = [replace(row, work=row.work.scaled(given.scale)) for row in chosen(given.rows)]
    except ValueError as error:
        parser.error(str(error))
    is_full = given.scale == 1 and len(rows) == len(ROWS)
    return Plan(rows, given.repeat, given.page or (PAGE if is_full else None))


if __name__ == "__main__":
    main()

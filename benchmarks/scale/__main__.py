"""Measures the pipeline on ten thousand, a hundred thousand and a million rows, and writes the page."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.machine import facts, load
from benchmarks.scale.measuring import FOLDER, Scale, measure
from benchmarks.scale.page import page

PAGE = FOLDER / "docs" / "benchmarks-scale.md"
ROWS = (10_000, 100_000, 1_000_000)


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks; only a run of all numbers of rows writes the page unasked."""
    parser = argparse.ArgumentParser(prog="benchmarks.scale", description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, metavar="ROWS", help="numbers of rows, in place of all three")
    parser.add_argument("--page", type=Path, help="where to write the page, whatever is measured")
    given = parser.parse_args(arguments)
    before, measured = load(), list[Scale]()
    for rows in given.rows or ROWS:
        measured.append(measure(rows))
        print(measured[-1], file=sys.stderr, flush=True)
    run = {
        "Measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "Load": f"{before:.1f} before, {load():.1f} after; the run itself is one of it",
    }
    if written := given.page or (None if given.rows else PAGE):
        written.write_text(page(measured, run | facts()))


if __name__ == "__main__":
    main()

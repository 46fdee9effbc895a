"""Measures the console in a browser, and writes the page."""

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.console.browsing import Look, chromium, look
from benchmarks.console.executions import GOES_ON, LARGE, console
from benchmarks.console.page import Case, page
from benchmarks.machine import facts, load

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks-console.md"
STORED = (100, 100_000)
PAGES = {
    "the list": "/console/",
    "the large execution": f"/console/executions/{LARGE}",
    "the large execution with all operations shown": f"/console/executions/{LARGE}?all",
    "the same of one that goes on, renewed meanwhile": f"/console/executions/{GOES_ON}?all",
}


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="benchmarks.console", description=__doc__)
    parser.add_argument("--repeat", type=int, default=7, help="looks at each page")
    repetitions: int = parser.parse_args().repeat
    before, looks = load(), defaultdict[Case, list[Look]](list)
    with chromium() as browser:
        for case, seen in (each for stored in STORED for each in looked(browser, stored, repetitions)):
            looks[case].append(seen)
            print(f"{case.stored:7,} {case.title:48} {seen}", file=sys.stderr)
        told = {
            "Looks": f"{repetitions} at each page",
            "Load": f"{before:.1f} before, {load():.1f} after; the run itself is one to two of it",
            "Chromium": browser.version,
        }
    PAGE.write_text(page(looks, told | facts()))


def looked(browser: Browser, stored: int, repetitions: int) -> Iterator[tuple[Case, Look]]:
    """Look at all pages in turn, where so many executions are stored."""
    with tempfile.TemporaryDirectory() as folder, console(Path(folder), stored) as server:
        for title, path in repetitions * list(PAGES.items()):
            yield Case(title, stored), look(browser, server.console, server.url + path)


if __name__ == "__main__":
    main()

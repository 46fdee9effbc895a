"""Measures the local runtime beside AWS's testing package, and writes the page."""

import argparse
import sys
from collections import defaultdict
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.local_runtime.latencies import growth, wake_up
from benchmarks.local_runtime.measuring import CASES, FOLDER, Speed, measure_apart
from benchmarks.local_runtime.page import Measured, page
from benchmarks.machine import facts, load
from benchmarks.work import OFFICIAL, OURS

PAGE = FOLDER / "docs" / "benchmarks-local.md"


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="benchmarks.local_runtime", description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="repetitions on each system")
    repetitions: int = parser.parse_args().repeat
    before = load()
    speeds: dict[str, dict[str, list[Speed]]] = defaultdict(lambda: defaultdict(list))
    for name in CASES:
        for _ in range(repetitions):
            for root in (OFFICIAL, OURS):
                speed = measure_apart(root, name)
                speeds[name][root].append(speed)
                print(f"{name:10} {root:35} {speed.executions_per_second:8.1f} executions/s", file=sys.stderr)
    measured = Measured(speeds, growth(), wake_up())
    told = {
        "Measured": f"{datetime.now(UTC):%Y-%m-%d}, {repetitions} times on each",
        "Load": f"{before:.1f} before, {load():.1f} after; the run itself is one to two of it",
        "AWS's testing package": version("aws-durable-execution-sdk-python-testing"),
    }
    PAGE.write_text(page(measured, told | facts()))


if __name__ == "__main__":
    main()

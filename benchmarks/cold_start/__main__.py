"""Builds the artifact, measures the cold start of every function in it, and writes the page."""

import argparse
import compileall
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.cold_start.importing import Importing
from benchmarks.cold_start.measuring import ROOT, Measuring
from benchmarks.cold_start.outside import outside
from benchmarks.cold_start.page import page, sizes
from benchmarks.machine import facts, load
from tools import python313

PAGE = ROOT / "docs" / "benchmarks-cold-start.md"
ARCHITECTURE = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
TIMES = 10


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="benchmarks.cold_start", description=__doc__)
    parser.add_argument("--artifact", type=Path, help="a function's folder that was built for this machine")
    parser.add_argument("--times", type=int, default=TIMES, help="how often everything is measured")
    parser.add_argument("--page", type=Path, default=PAGE, help="where to write the page")
    given = parser.parse_args(arguments)
    python = python313.find()
    if python is None:
        sys.exit(python313.MISSING)
    with TemporaryDirectory() as folder:
        artifact = given.artifact or built(Path(folder) / "build")
        given.page.write_text(measured(python, artifact.resolve(), Path(folder), given.times))


def built(folder: Path) -> Path:
    """The artifact for this machine, made as `make build` makes it."""
    command = [sys.executable, "-m", "tools.build", "--architecture", ARCHITECTURE, "--into", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
    return folder / "PipelineFunction"


def measured(python: Path, artifact: Path, folder: Path, times: int) -> str:
    """The page of an artifact."""
    compiled, before = folder / "compiled", load()
    shutil.copytree(artifact, compiled)
    subprocess.run([python, "-m", compileall.__name__, "-q", compiled], check=True)
    with outside(folder) as environment:
        both = Importing(python, artifact), Importing(python, compiled)
        taken = Measuring(*both, environment, times).measure()
    run = {
        "Measured": f"{datetime.now(UTC):%Y-%m-%d}, {times} times each",
        "Load": f"{before:.1f} before, {load():.1f} after; the run itself is one of it",
    }
    version = subprocess.check_output([python, "-c", "import platform; print(platform.python_version())"], text=True)
    return page(taken, sizes(artifact), run | facts() | {"Python": f"CPython {version.strip()}"})


if __name__ == "__main__":
    main()

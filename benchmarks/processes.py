"""Measures in processes of their own: `python -m benchmarks.processes ROOT WORK` prints a measurement as JSON."""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.measuring import measure
from benchmarks.work import Measurement, Work

FOLDER = Path(__file__).parent.parent
PATIENCE = 300
"""Seconds after which a process is ended."""

DECORATE = "from {root} import durable_execution; durable_execution(lambda event, context: None)"
IMPORT = "import"
"""The program that is the interpreter's start with an SDK; it has no durable context."""


def measure_apart(root: str, work: Work) -> Measurement:
    """Measure a piece of work in a fresh process."""
    if work.program == IMPORT:
        return measure_import(root)
    command = [sys.executable, "-m", "benchmarks.processes", root, json.dumps(asdict(work))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, cwd=FOLDER, check=False)
    if done.returncode:
        raise RuntimeError(f"{work} on {root} could not be measured:\n{done.stderr}")
    return Measurement(**json.loads(done.stdout))


def measure_import(root: str) -> Measurement:
    """Measure importing an SDK and decorating a function, less what a bare interpreter takes."""
    bare = start("pass")
    loaded = start(DECORATE.format(root=root))
    return Measurement(wall=loaded.wall - bare.wall, cpu=loaded.cpu - bare.cpu, memory=loaded.memory - bare.memory)


def start(code: str) -> Measurement:
    """Run code in a fresh interpreter, from its start to its end."""
    command = [sys.executable, "-c", code]
    began = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - began
    if status:
        raise RuntimeError(f"python -c '{code}' ended with status {status}")
    return Measurement(wall=wall, cpu=usage.ru_utime + usage.ru_stime)


def main() -> None:
    """Measure what the command line names."""
    root, work = sys.argv[1:]
    print(json.dumps(asdict(measure(root, Work(**json.loads(work))))))


if __name__ == "__main__":
    main()

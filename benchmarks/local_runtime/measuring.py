"""Measures a case on a system: `python -m benchmarks.local_runtime.measuring ROOT CASE` prints the result as JSON."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.local_runtime.systems import SYSTEMS, run
from benchmarks.work import OFFICIAL, Work

FOLDER = Path(__file__).parents[2]
PATIENCE = 900


@dataclass(frozen=True, slots=True)
class Case:
    """Some executions of a program, and how many steps one of them has."""

    title: str
    work: Work
    steps: int
    executions: int
    official_executions: int
    """Fewer where it takes long."""
    at_once: bool
    asked: float
    """How many times as fast as the official one it is to be."""

    def count(self, root: str) -> int:
        """How many executions a measurement on a system has."""
        return self.official_executions if root == OFFICIAL else self.executions


CASES = {
    "one": Case("10 steps, one execution at a time", Work("steps", size=10), 10, 200, 10, at_once=False, asked=40),
    "hundred": Case("10 steps, 100 executions at once", Work("steps", size=10), 10, 100, 100, at_once=True, asked=15),
    "pipeline": Case("the pipeline, 3 x 100 items", Work("pipeline", size=100), 603, 3, 1, at_once=False, asked=10),
}


@dataclass(frozen=True, slots=True)
class Speed:
    """What one measurement came to."""

    executions_per_second: float
    steps_per_second: float
    cpu_per_step: float
    """Seconds of user and system time, of all threads."""


def measure(root: str, case: Case) -> Speed:
    """Measure a case in this process, once its code has run."""
    # AWS's runner still writes while it is closed.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        system = SYSTEMS[root](Path(folder), case.work)
        run(system, 2, at_once=case.at_once)
        count = case.count(root)
        wall, cpu = time.perf_counter(), _cpu()
        run(system, count, at_once=case.at_once)
        wall, cpu = time.perf_counter() - wall, _cpu() - cpu
        system.close()
    return Speed(count / wall, count * case.steps / wall, cpu / (count * case.steps))


def measure_apart(root: str, name: str) -> Speed:
    """Measure a case in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.local_runtime.measuring", root, name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, cwd=FOLDER, check=False)
    if done.returncode:
        raise RuntimeError(f"{name} on {root} could not be measured:\n{done.stderr}")
    return Speed(**json.loads(done.stdout.splitlines()[-1]))


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    print(json.dumps(asdict(measure(sys.argv[1], CASES[sys.argv[2]]))))

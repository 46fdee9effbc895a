"""Runs a piece of work in this process, and measures what it takes."""

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.programs import PROGRAMS
from benchmarks.service import Service
from benchmarks.work import Measurement, Work

_STATUS_FILE, _RESET_FILE = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def measure(root: str, work: Work) -> Measurement:
    """Measure the executions of a piece of work on one SDK, once its code has run."""
    warmed = Execution(root, work if work.replayed else replace(work, size=1, latency=0))
    warmed.run()
    meter = Meter()
    for _ in range(work.executions):
        execution = warmed.again() if work.replayed else Execution(root, work)
        execution.run(meter)
        meter.discount(execution.service.cpu)
    return replace(
        meter.reading(work.executions),
        threads=execution.service.most_threads,
        calls=execution.service.calls,
        sent=execution.service.sent,
        invocations=execution.invocations,
    )


class Meter:
    """Adds up what calls take."""

    def __init__(self) -> None:
        forget_peak()
        self._memory = peak_memory()
        self._wall = self._cpu = 0.0

    def call(self, handler: Callable[[Any, Any], Any], event: Any) -> Any:
        """Call a handler, and count it."""
        wall, cpu = time.perf_counter(), cpu_time()
        answer = handler(event, None)
        self._cpu += cpu_time() - cpu
        self._wall += time.perf_counter() - wall
        return answer

    def discount(self, cpu: float) -> None:
        """Leave out seconds of CPU time that others than the SDK took."""
        self._cpu -= cpu

    def reading(self, executions: int) -> Measurement:
        """What one of so many executions took."""
        return Measurement(self._wall / executions, self._cpu / executions, peak_memory() - self._memory)


@dataclass
class Execution:
    """One execution of a piece of work on an SDK, and the service that keeps it."""

    root: str
    work: Work
    service: Service
    invocations: int = 0
    result: str | None = None

    def __init__(self, root: str, work: Work, operations: dict[str, Any] | None = None) -> None:
        self.root, self.work = root, work
        self.service = Service(work.latency)
        self.service.operations |= operations or {}

    def again(self) -> "Execution":
        """The same execution before an invocation that finds everything recorded."""
        return Execution(self.root, self.work, self.service.operations)

    def run(self, meter: Meter | None = None) -> None:
        """Invoke until the execution ends, or has had the invocations that it may have."""
        meter = meter or Meter()
        status = "PENDING"
        while status == "PENDING" and self.invocations < self.work.most_invocations:
            self.invocations += 1
            answer = meter.call(self._handler(), self.service.event())
            status, self.result = answer["Status"], answer.get("Result")
            self.service.end_waits()
        if status == "FAILED" or (status == "PENDING" and self.work.most_invocations > 1):
            raise RuntimeError(f"{self.work} on {self.root} did not succeed: {answer}")

    def _handler(self) -> Callable[[Any, Any], Any]:
        program = PROGRAMS[self.work.program]
        decorate = import_module(self.root).durable_execution(boto3_client=self.service)
        handler: Callable[[Any, Any], Any] = decorate(lambda _event, context: program(self.root, self.work, context))
        return handler


def cpu_time() -> float:
    """Seconds of user and system time that this process has taken."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_memory() -> float:
    """The most memory that this process has held at once, in megabytes."""
    if _STATUS_FILE.exists():
        # ru_maxrss would do, but on Linux a new process inherits its parent's.
        [line] = [line for line in _STATUS_FILE.read_text().splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def forget_peak() -> None:
    """Let the peak begin anew, where the system can."""
    if _RESET_FILE.exists():
        _RESET_FILE.write_text("5")

"""A piece of work to measure, and what was measured of it; both cross between processes as JSON."""

from dataclasses import dataclass, replace

OURS, OFFICIAL = "durable", "aws_durable_execution_sdk_python"
"""Import roots; what a program uses has the same name under both."""


@dataclass(frozen=True, slots=True)
class Work:
    """A program, how large it is and what it runs against."""

    program: str
    size: int = 1
    latency: int = 0
    """Milliseconds that a call of the service takes."""
    concurrency: int | None = None
    replayed: bool = False
    """Whether a finished execution is replayed, and only that is measured."""
    executions: int = 1
    """How many, one after the other; the measurement is of one."""
    most_invocations: int = 10

    def scaled(self, scale: float) -> "Work":
        """The same work, smaller or larger."""
        return replace(self, size=max(1, round(self.size * scale)))


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one execution took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of user and system time, of all threads."""
    memory: float = 0
    """Megabytes (10^6) by which the peak lies above what the loaded program took."""
    threads: int = 0
    """The most at once, the main thread included."""
    calls: int = 0
    """Calls of the service's API."""
    sent: int = 0
    """Bytes of JSON that the updates take."""
    invocations: int = 0

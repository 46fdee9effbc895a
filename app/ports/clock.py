"""What time it is."""

from typing import Protocol


class Clock(Protocol):
    """Tells the time; in a workflow only inside a step, which records it."""

    def now(self) -> str:
        """The time in UTC by ISO 8601, to the millisecond: a text, because it crosses checkpoints."""
        ...

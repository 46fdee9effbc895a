"""Whether something outside is ready."""

from typing import Protocol


class ReadinessError(Exception):
    """It cannot be found out, and asking again will not help; the text says why."""


class ReadinessUnavailableError(ReadinessError):
    """It cannot be found out now; a later poll may tell."""


class Readiness(Protocol):
    """Tells whether the labels of an execution are ready; what is ready stays so."""

    def is_ready(self, execution: str, poll: int) -> bool:
        """Whether they are; the first poll is 1, and a poll that is repeated after a crash has its number again."""
        ...

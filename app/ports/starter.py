"""Who begins executions."""

from typing import Protocol

from app.domain.starting import Start


class StarterError(Exception):
    """No execution can be begun, and asking again will not help; the text says why."""


class StartedOtherwiseError(StarterError):
    """There is an execution of this name, begun with another payload; it goes on, and nothing was begun."""


class StarterUnavailableError(StarterError):
    """No execution can be begun now; the same call may succeed later."""


class Starter(Protocol):
    """Begins executions of durable functions, and does not wait for their end."""

    def start(self, start: Start) -> str:
        """Begin an execution, or find the one of the same name and payload; the answer is its ARN.

        `StartedOtherwiseError` tells a name that another payload has.
        """
        ...

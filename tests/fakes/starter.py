"""A starter that begins nothing but remembers what it should have begun."""

from collections.abc import Iterable

from app.domain.starting import Start
from app.ports.starter import StartedOtherwiseError, Starter


class MemoryStarter(Starter):
    """Keeps each start under its name; each next call raises a trouble until none is left."""

    def __init__(self, troubles: Iterable[Exception] = ()) -> None:
        self.started: dict[str, Start] = {}
        self._troubles = list(troubles)

    def start(self, start: Start) -> str:
        if self._troubles:
            raise self._troubles.pop(0)
        if self.started.setdefault(start.name, start) != start:
            raise StartedOtherwiseError(f"Execution {start.name} was begun with another payload")
        return f"arn:memory/{start.workflow}/{start.name}"

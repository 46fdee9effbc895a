"""Storage for claim checks, in memory and with trouble to come."""

from dataclasses import dataclass, field


class BusyError(Exception):
    """Storage cannot do it now."""


@dataclass
class Documents:
    """Keeps documents in a dictionary; each next call raises a trouble until none is left."""

    kept: dict[str, bytes] = field(default_factory=dict)
    troubles: list[Exception] = field(default_factory=list)

    def put(self, key: str, body: bytes) -> None:
        self._raise_next()
        self.kept[key] = body

    def get(self, key: str) -> bytes:
        self._raise_next()
        return self.kept[key]

    def _raise_next(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)

"""A notifier that delivers into a list, with trouble to come."""

from collections.abc import Iterable

from app.domain.notices import Notice, NoticeReceipt
from app.ports.notifier import Notifier


class MemoryNotifier(Notifier):
    """Keeps what is delivered, by its key; each next call raises a trouble until none is left."""

    def __init__(self, troubles: Iterable[Exception] = ()) -> None:
        self.delivered: dict[str, Notice] = {}
        self.calls: list[str] = []
        self._troubles = list(troubles)

    def notify(self, notice: Notice, key: str) -> NoticeReceipt:
        self.calls.append(f"notify {key}")
        if self._troubles:
            raise self._troubles.pop(0)
        self.delivered.setdefault(key, notice)
        return NoticeReceipt(id=f"memory:{key}")

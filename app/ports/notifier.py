"""Who tells people outside."""

from typing import Protocol

from app.domain.notices import Notice, NoticeReceipt


class NotifierError(Exception):
    """The notice cannot be handed over, and trying again will not help; the text says why."""


class NotifierUnavailableError(NotifierError):
    """The notice cannot be handed over now; the same call may succeed later."""


class Notifier(Protocol):
    """Hands notices over to whoever delivers them."""

    def notify(self, notice: Notice, key: str) -> NoticeReceipt:
        """Hand a notice over; of those with the same idempotency key, the first alone is delivered."""
        ...

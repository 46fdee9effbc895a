"""Who takes money, and gives it back."""

from decimal import Decimal
from typing import Protocol

from app.domain.fulfilment import ChargeReceipt, RefundReceipt


class PaymentsError(Exception):
    """Payments cannot be made, and trying again will not help; the text says why."""


class PaymentsUnavailableError(PaymentsError):
    """It is not known whether the payment was made; the same call may succeed later, and does it once."""


class Payments(Protocol):
    """Takes money from cards; a call may be repeated, because its idempotency key stands for one charge."""

    def charge(self, card: str, amount: Decimal, key: str) -> ChargeReceipt:
        """Take an amount from a card, once for the key, however often it is asked.

        `CardDeclinedError`, `InvalidCardError` and, if the key's charge was refunded before, `OrderUndoneError` refuse.
        """
        ...

    def refund(self, key: str) -> RefundReceipt:
        """Give back what was charged under the key, if anything; a charge that comes under it later is refused."""
        ...

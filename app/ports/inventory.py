"""What is in stock."""

from collections.abc import Sequence
from typing import Protocol

from app.domain.fulfilment import Reservation
from app.domain.placed_orders import Line


class InventoryError(Exception):
    """The stock cannot be used, and trying again will not help; the text says why."""


class InventoryUnavailableError(InventoryError):
    """It is not known whether the stock has changed; the same call may succeed later, and does it once."""


class Inventory(Protocol):
    """Sets stock aside; a call may be repeated, because its idempotency key stands for one reservation."""

    def reserve(self, lines: Sequence[Line], key: str) -> Reservation:
        """Set all lines aside or none, once for the key, however often it is asked; each line has its own SKU.

        `UnknownSkuError`, `OutOfStockError` and, if the key's reservation was released before, `OrderUndoneError`
        refuse.
        """
        ...

    def release(self, key: str) -> Reservation:
        """Put back what is set aside under the key, if anything; a reservation that comes under it later is refused."""
        ...

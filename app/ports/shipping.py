"""Who brings parcels to customers."""

from collections.abc import Sequence
from typing import Protocol

from app.domain.fulfilment import Shipment
from app.domain.placed_orders import Line


class ShippingError(Exception):
    """Nothing can be shipped, and trying again will not help; the text says why."""


class ShippingUnavailableError(ShippingError):
    """It is not known whether the call was heard; the same one may succeed later, and does it once."""


class Shipping(Protocol):
    """Sends parcels. One that is not confirmed is never handed to a carrier, so a shipment needs no undoing."""

    def ship(self, customer_id: str, lines: Sequence[Line], key: str) -> Shipment:
        """Have a parcel made up for a customer, once for the key, however often it is asked."""
        ...

    def confirm(self, key: str) -> Shipment:
        """Let the key's parcel go; it is on its way then, and there is no way back."""
        ...

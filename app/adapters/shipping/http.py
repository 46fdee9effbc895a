"""Parcels by an HTTP API."""

from collections.abc import Callable, Sequence

import httpx

from app.adapters.technologies.json_api import JsonApi
from app.domain.fulfilment import Shipment
from app.domain.placed_orders import Line
from app.ports.shipping import Shipping, ShippingError, ShippingUnavailableError


class HttpShipping(Shipping):
    """Asks a shipping provider: `POST shipments`, then `POST confirmations`, each with its idempotency key."""

    def __init__(self, address: str, client: Callable[[], httpx.Client]) -> None:
        self._api = JsonApi(address, client, ShippingError, ShippingUnavailableError)

    def ship(self, customer_id: str, lines: Sequence[Line], key: str) -> Shipment:
        body = {"customer_id": customer_id, "lines": list(lines)}
        return Shipment(tracking_id=self._api.post("shipments", body, key, "tracking_id", {}))

    def confirm(self, key: str) -> Shipment:
        body = {"shipment": key}
        return Shipment(tracking_id=self._api.post("confirmations", body, f"confirm-{key}", "tracking_id", {}))

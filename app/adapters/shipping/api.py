"""Shipping as an API: the other end of `HttpShipping`."""

from dataclasses import dataclass
from typing import Any

from app.adapters.technologies.function_api import Body, Statuses, served
from app.ports.shipping import Shipping, ShippingError, ShippingUnavailableError

STATUSES: Statuses = {ShippingUnavailableError: 503, ShippingError: 400}


@dataclass(frozen=True, slots=True)
class ShippingApi:
    """Serves shipping to whoever may invoke the function that it is in; their calls are told as a sample's."""

    shipping: Shipping

    def answer(self, delivery: Any) -> Any:
        """What the API says to a request."""
        routes = {"/shipments": self._ship, "/confirmations": self._confirm}
        return served("Sample shipping, nobody's parcel", delivery, routes, STATUSES)

    def _ship(self, body: Body, key: str) -> tuple[int, Body]:
        return 201, self.shipping.ship(str(body["customer_id"]), body["lines"], key)

    def _confirm(self, body: Body, _key: str) -> tuple[int, Body]:
        return 200, self.shipping.confirm(str(body["shipment"]))

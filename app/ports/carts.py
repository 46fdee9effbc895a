"""Where carts are kept."""

from typing import Protocol

from app.domain.carts import Cart


class CartsError(Exception):
    """The carts cannot be used, and asking again will not help; the text says why."""


class CartsUnavailableError(CartsError):
    """The carts cannot be used now; the same call may succeed later."""


class Carts(Protocol):
    """Keeps carts; each call is done wholly or not at all, and may be repeated."""

    def add(self, cart_id: str, customer_id: str, at: str) -> Cart:
        """Keep a new cart, durable when this returns. One that was added before stays as it is."""
        ...

    def find(self, cart_id: str) -> Cart | None:
        """The cart as it is now, with everything that was ever acknowledged."""
        ...

    def check_out(self, cart_id: str, order_id: str, at: str) -> Cart:
        """Close a cart by an order, even one that is still to be added, so that no order of events loses an order.

        The order's id is the idempotency key: the same one again changes nothing, another is `CartClosedError`.
        """
        ...

"""Where carts are kept."""

from typing import Protocol

from app.domain.carts import Cart


class CartsError(Exception):
    """The carts cannot be used, and asking again will not help; the text says why."""


class CartNotFoundError(CartsError):
    """There is no such cart."""


class CartsUnavailableError(CartsError):
    """The carts cannot be used now; the same call may succeed later."""


class Carts(Protocol):
    """Keeps carts; each call is done wholly or not at all, and may be repeated."""

    def add(self, cart: Cart) -> Cart:
        """Keep a new cart, durable when this returns. One that is kept already stays as it is, and is returned."""
        ...

    def find(self, cart_id: str) -> Cart | None:
        """The cart as it is now, with everything that was ever acknowledged."""
        ...

    def check_out(self, cart_id: str, order_id: str, at: str) -> Cart:
        """Close a cart by an order, whose id is the idempotency key: the same order again changes nothing.

        Another order is refused with `CartClosedError`.
        """
        ...

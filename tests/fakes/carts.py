"""Carts in memory, with trouble to come."""

from collections.abc import Iterable

from app.domain.carts import Cart
from app.ports.carts import Carts


class MemoryCarts(Carts):
    """Keeps carts as long as the test; each next call of the kind `at` raises a trouble until none is left."""

    def __init__(self, troubles: Iterable[Exception] = (), at: str = "") -> None:
        self.kept: dict[str, Cart] = {}
        self._troubles = list(troubles)
        self._at = at
        self.calls: list[str] = []

    def add(self, cart_id: str, customer_id: str, at: str) -> Cart:
        self._raise_next(f"add {cart_id}")
        self.kept[cart_id] = self.kept.get(cart_id, Cart(cart_id)).added(customer_id, at)
        return self.kept[cart_id]

    def find(self, cart_id: str) -> Cart | None:
        self._raise_next(f"find {cart_id}")
        return self.kept.get(cart_id)

    def check_out(self, cart_id: str, order_id: str, at: str) -> Cart:
        self._raise_next(f"check_out {cart_id}")
        self.kept[cart_id] = self.kept.get(cart_id, Cart(cart_id)).checked_out(order_id, at)
        return self.kept[cart_id]

    def _raise_next(self, call: str) -> None:
        self.calls.append(call)
        if self._troubles and call.startswith(self._at):
            raise self._troubles.pop(0)

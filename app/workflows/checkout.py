"""What happens when a cart is checked out. Not durable: it is one write."""

from dataclasses import dataclass

from app.domain.carts import cart_checked_out
from app.ports.carts import Carts
from app.ports.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """Closes carts by orders; the same order may come any number of times."""

    carts: Carts
    clock: Clock

    def run(self, event: object) -> dict[str, str | None]:
        """Close the cart that the event names: when, and by which order."""
        cart_id, order_id = cart_checked_out(event)
        cart = self.carts.check_out(cart_id, order_id, self.clock.now())
        return {"cart_id": cart.cart_id, "order_id": cart.order_id, "checked_out_at": cart.checked_out_at}

"""The cart reminder: a customer who has left a cart is told so, once, unless it was checked out meanwhile."""

from dataclasses import dataclass

from app.domain.carts import CartAdded, Finding, Kept, Outcome, Sent, cart_added, finding, reminder
from app.domain.keys import execution_name
from app.ports.carts import Carts, CartsUnavailableError
from app.ports.clock import Clock
from app.ports.notifier import Notifier, NotifierUnavailableError
from durable import DurableContext
from durable.config import Duration, StepConfig
from durable.retries import RetryStrategyConfig, create_retry_strategy
from durable.serdes import JsonSerDes

RETRY_WHAT_MAY_PASS = create_retry_strategy(
    RetryStrategyConfig(
        max_attempts=8,
        initial_delay=Duration.from_seconds(1),
        max_delay=Duration.from_minutes(1),
        retryable_error_types=[CartsUnavailableError, NotifierUnavailableError],
    )
)
STEP = StepConfig(retry_strategy=RETRY_WHAT_MAY_PASS, serdes=JsonSerDes())


@dataclass(frozen=True, slots=True, kw_only=True)
class CartReminderWorkflow:
    """Reminds a customer of a cart.

    - How long to wait is recorded, so settings that change meanwhile do not move the end of the wait.
    - Whether the cart is still open is looked up after the wait, never remembered from before it.
    - The reminder's idempotency key derives from the execution's name, which derives from the cart.
    """

    carts: Carts
    notifier: Notifier
    clock: Clock
    remind_after_seconds: int

    def run(self, event: object, context: DurableContext) -> Outcome:
        """What became of the reminder of the cart in the event."""
        added = cart_added(event)
        kept = context.step(lambda _: self.keep(added), "cart-added", STEP)
        context.wait(Duration.from_seconds(kept["remind_after_seconds"]), "wait-for-checkout")
        found = context.step(lambda _: self.look_up(kept), "look-up-cart", STEP)
        context.logger.info("Cart looked up", extra=dict(found))
        if found["found"] != "open":
            return Outcome(cart_id=kept["cart_id"], outcome=found["found"], at=found["at"], receipt=None)
        key = execution_name(context.execution_context.durable_execution_arn)
        sent = context.step(lambda _: self.remind(kept, key), "send-reminder", STEP)
        return Outcome(cart_id=kept["cart_id"], outcome="reminded", **sent)

    def keep(self, added: CartAdded) -> Kept:
        """Keep the cart, and settle how long to wait."""
        self.carts.add(added["cart_id"], added["customer_id"], self.clock.now())
        return Kept(
            cart_id=added["cart_id"],
            customer_id=added["customer_id"],
            remind_after_seconds=added.get("remind_after_seconds", self.remind_after_seconds),
        )

    def look_up(self, kept: Kept) -> Finding:
        """Find out whether the cart is still open."""
        return finding(self.carts.find(kept["cart_id"]), self.clock.now())

    def remind(self, kept: Kept, key: str) -> Sent:
        """Tell the customer."""
        receipt = self.notifier.notify(reminder(kept["cart_id"], kept["customer_id"]), key)
        return Sent(receipt=receipt, at=self.clock.now())

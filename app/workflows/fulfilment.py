"""Order fulfilment: a placed order is paid, reserved, reviewed and shipped, or undone as far as it went."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.domain import fulfilment
from app.domain.fulfilment import Approval, Outcome, Reason, Shipment
from app.domain.notices import Notice
from app.domain.placed_orders import PlacedOrder, placed_order
from app.domain.refusals import (
    CardDeclinedError,
    InvalidCardError,
    NotApprovedError,
    OrderUndoneError,
    OutOfStockError,
    UnknownSkuError,
)
from app.ports.approvals import Approvals, ApprovalsUnavailableError
from app.ports.clock import Clock
from app.ports.inventory import Inventory, InventoryUnavailableError
from app.ports.notifier import Notifier, NotifierUnavailableError
from app.ports.payments import Payments, PaymentsUnavailableError
from app.ports.shipping import Shipping, ShippingUnavailableError
from app.workflows.saga import Saga, SagaStep, error_name
from durable import CallbackExternalError, CallbackTimeoutError, DurableContext, StepError
from durable.config import Duration, JitterStrategy, StepConfig, StepSemantics, WaitForCallbackConfig
from durable.exceptions import StepInterruptedError
from durable.retries import RetryStrategyConfig, create_retry_strategy
from durable.serdes import JsonSerDes

REVIEW_HOURS = 72
REFUSED: Mapping[str, Reason] = {
    CardDeclinedError.__name__: "card-declined",
    InvalidCardError.__name__: "invalid-card",
    OutOfStockError.__name__: "out-of-stock",
    UnknownSkuError.__name__: "unknown-sku",
    OrderUndoneError.__name__: "undone-before",
}
UNHEARD: Mapping[str, Reason] = {
    StepInterruptedError.__name__: "payments-unavailable",  # the charge alone is a step that reports it
    PaymentsUnavailableError.__name__: "payments-unavailable",
    InventoryUnavailableError.__name__: "inventory-unavailable",
    ShippingUnavailableError.__name__: "shipping-unavailable",
}
CANCELLING = {**REFUSED, **UNHEARD}
"""The errors of steps that cancel an order; any other one was not expected, and fails the execution."""

MAY_PASS: list[type[Exception]] = [
    StepInterruptedError,
    PaymentsUnavailableError,
    InventoryUnavailableError,
    ShippingUnavailableError,
    ApprovalsUnavailableError,
    NotifierUnavailableError,
]
FOR_MINUTES = RetryStrategyConfig(
    max_attempts=8, initial_delay=Duration.from_seconds(1), max_delay=Duration.from_minutes(1)
)
FOR_A_DAY = replace(FOR_MINUTES, max_attempts=60, max_delay=Duration.from_hours(1), jitter_strategy=JitterStrategy.HALF)
"""At the least: when the delays have grown, each lasts from half an hour to an hour."""
RETRY_WHAT_MAY_PASS = create_retry_strategy(replace(FOR_MINUTES, retryable_error_types=MAY_PASS))
STEP = StepConfig(retry_strategy=RETRY_WHAT_MAY_PASS, serdes=JsonSerDes())
AT_MOST_ONCE = StepConfig(
    retry_strategy=RETRY_WHAT_MAY_PASS,
    serdes=JsonSerDes(),
    step_semantics=StepSemantics.AT_MOST_ONCE_PER_RETRY,
)
LAST = StepConfig(
    retry_strategy=create_retry_strategy(replace(FOR_A_DAY, retryable_error_types=MAY_PASS)), serdes=JsonSerDes()
)
"""Nobody knows whether a confirmation that was not answered has let the parcel go, so it is not given up soon."""
COMPENSATION = StepConfig(retry_strategy=create_retry_strategy(FOR_A_DAY), serdes=JsonSerDes())
REVIEW = WaitForCallbackConfig(
    timeout=Duration.from_hours(REVIEW_HOURS), serdes=JsonSerDes(), retry_strategy=RETRY_WHAT_MAY_PASS
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentWorkflow:
    """Fulfils an order, or leaves nothing of it.

    - A card is charged in attempts that are on record before money moves, all under one idempotency key.
    - What is refused is not tried again; what may pass is, with growing pauses.
    - Nothing ships before the fraud review approves; silence is a rejection.
    - Whatever fails after the charge has the stock put back and the money given back.
    - An error that nobody expected fails the execution, after the same compensations.
    """

    payments: Payments
    inventory: Inventory
    shipping: Shipping
    approvals: Approvals
    notifier: Notifier
    clock: Clock

    def run(self, event: object, context: DurableContext) -> Outcome:
        """What became of the order in the event."""
        order = placed_order(event)
        saga = Saga(context)
        try:
            with saga:
                outcome = fulfilment.fulfilled(order, self.fulfil(order, saga))
        except NotApprovedError as error:
            outcome = fulfilment.given_up(order, "not-approved", str(error), saga.undone)
        except StepError as error:
            outcome = fulfilment.given_up(order, *cancelled_by(error), saga.undone)
        self.tell_of(order, outcome, context)
        return outcome

    def fulfil(self, order: PlacedOrder, saga: Saga) -> Shipment:
        """From the charge to the parcel that is on its way; each step is undone if a later one fails."""
        saga.run(self.charge(order), compensation=self.refund(order))
        saga.run(self.reserve(order), compensation=self.release(order))
        self.review(order, saga.context)
        saga.context.step(lambda _: self.ship(order), "ship-order", STEP)
        return saga.context.step(lambda _: self.shipping.confirm(order.key), "confirm-order", LAST)

    def charge(self, order: PlacedOrder) -> SagaStep[Any]:
        """Take the money."""
        charge = partial(self.payments.charge, order.card, order.total, order.key)
        refusals = (CardDeclinedError, InvalidCardError, OrderUndoneError)
        return SagaStep("charge-payment", charge, AT_MOST_ONCE, refusals)

    def refund(self, order: PlacedOrder) -> SagaStep[Any]:
        """Give the money back."""
        return SagaStep("refund-payment", partial(self.payments.refund, order.key), COMPENSATION)

    def reserve(self, order: PlacedOrder) -> SagaStep[Any]:
        """Set the stock aside."""
        reserve = partial(self.inventory.reserve, order.lines, order.key)
        return SagaStep("reserve-stock", reserve, STEP, (OutOfStockError, UnknownSkuError, OrderUndoneError))

    def release(self, order: PlacedOrder) -> SagaStep[Any]:
        """Put the stock back."""
        return SagaStep("release-stock", partial(self.inventory.release, order.key), COMPENSATION)

    def review(self, order: PlacedOrder, context: DurableContext) -> None:
        """Wait until the fraud review approves; `NotApprovedError` if it does not."""
        try:
            answer = context.wait_for_callback(
                lambda callback_id, _: self.ask(order, callback_id), "fraud-review", REVIEW
            )
        except CallbackTimeoutError:
            raise NotApprovedError(f"the fraud review was silent for {REVIEW_HOURS} hours") from None
        except CallbackExternalError as error:
            raise NotApprovedError(f"the fraud review has failed: {error.message}") from None
        fulfilment.check_approved(answer)

    def ask(self, order: PlacedOrder, callback_id: str) -> str:
        """Ask the fraud review for a decision; what is recorded and told is the approval's id alone."""
        deadline = datetime.fromisoformat(self.clock.now()) + timedelta(hours=REVIEW_HOURS)
        approval = self.approvals.keep(
            Approval(
                approval_id=fulfilment.approval_id(callback_id),
                order_id=order.order_id,
                customer_id=order.customer_id,
                total=str(order.total),
                deadline=deadline.isoformat(timespec="milliseconds"),
            ),
            callback_id,
        )
        self.notifier.notify(fulfilment.review_notice(approval), f"review-{order.key}")
        return approval.approval_id

    def ship(self, order: PlacedOrder) -> Shipment:
        """Have the parcel made up."""
        return self.shipping.ship(order.customer_id, order.lines, order.key)

    def tell_of(self, order: PlacedOrder, outcome: Outcome, context: DurableContext) -> None:
        """Tell whom the outcome concerns."""
        context.logger.info("Order ended", extra={"orderId": order.order_id, "outcome": outcome["outcome"]})
        if outcome["reason"] == "out-of-stock":
            notice = fulfilment.stock_out_notice(order, outcome["explanation"] or "")
            self.tell(notice, f"stock-out-{order.key}", "notify-stock-out", context)
        self.tell(fulfilment.customer_notice(order, outcome), f"outcome-{order.key}", "tell-customer", context)

    def tell(self, notice: Notice, key: str, name: str, context: DurableContext) -> None:
        """Tell somebody, in a step of this name; the order has its outcome whether or not they can be told."""
        try:
            context.step(lambda _: self.notifier.notify(notice, key), name, STEP)
        except StepError as error:
            context.logger.warning("Nobody was told", extra={"step": name, "reason": error.message})


def cancelled_by(error: StepError) -> tuple[Reason, str]:
    """Why a step's error cancels the order, and the explanation; one that was not expected is raised."""
    name = error_name(error)
    if name not in CANCELLING:
        raise error
    # What the last attempt met is the least of it, and in its step.
    return CANCELLING[name], (error.message or "") if name in REFUSED else "there was no answer, however often asked"

"""Carts, and what becomes of the reminder of one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NotRequired, TypedDict

from app.domain.errors import CartClosedError, InvalidRequestError, shown
from app.domain.notices import Notice, NoticeReceipt

LONGEST_WAIT_SECONDS = 30 * 24 * 60 * 60
"""The execution's own timeout is longer, so that a reminder is never cut off while it waits."""
LONGEST_ID = 200
REQUIRED = {"cart_id", "customer_id"}
KNOWN = {*REQUIRED, "remind_after_seconds"}


class CartAdded(TypedDict):
    """The event: a customer has put something into a new cart. Who sends it may say when to remind."""

    cart_id: str
    customer_id: str
    remind_after_seconds: NotRequired[int]


class Kept(TypedDict):
    """A cart after `cart-added`: until when to wait is recorded, whatever the settings are later."""

    cart_id: str
    customer_id: str
    remind_after_seconds: int


class Finding(TypedDict):
    """A cart after `look-up-cart`: `at` is when it was checked out, else when it was looked up."""

    found: Literal["open", "checked-out", "gone"]
    at: str


class Sent(TypedDict):
    """A reminder after `send-reminder`."""

    receipt: NoticeReceipt
    at: str


class Outcome(TypedDict):
    """What became of the reminder, and when; a receipt is there if one was sent. Moments are ISO 8601 in UTC."""

    cart_id: str
    outcome: Literal["reminded", "checked-out", "gone"]
    at: str
    receipt: NoticeReceipt | None


@dataclass(frozen=True, slots=True)
class Cart:
    """A customer's cart; an order closes it for good. Its events come in any order, and any number of times."""

    cart_id: str
    customer_id: str | None = None
    added_at: str | None = None
    order_id: str | None = None
    checked_out_at: str | None = None

    def added(self, customer_id: str, at: str) -> "Cart":
        """The cart with its customer; where there is one already, nothing changes."""
        return self if self.customer_id else replace(self, customer_id=customer_id, added_at=at)

    def checked_out(self, order_id: str, at: str) -> "Cart":
        """The cart closed by an order. The same order again changes nothing, another one is refused."""
        if self.order_id == order_id:
            return self
        if self.order_id:
            raise CartClosedError(
                f"Cart {shown(self.cart_id)} was checked out by order {shown(self.order_id)}, so order "
                f"{shown(order_id)} cannot; open another cart"
            )
        return replace(self, order_id=order_id, checked_out_at=at)


def cart_added(event: object) -> CartAdded:
    """The event, if it says all that a reminder needs and nothing that is not known."""
    members = _members(event, "a cart that was added", REQUIRED, KNOWN)
    added = CartAdded(cart_id=_id(members, "cart_id"), customer_id=_id(members, "customer_id"))
    if "remind_after_seconds" in members:
        added["remind_after_seconds"] = _seconds(members["remind_after_seconds"])
    return added


def cart_checked_out(event: object) -> tuple[str, str]:
    """The ids of the cart and of the order that closes it, from the event."""
    members = _members(event, "a cart that was checked out", {"cart_id", "order_id"}, {"cart_id", "order_id"})
    return _id(members, "cart_id"), _id(members, "order_id")


def finding(cart: Cart | None, now: str) -> Finding:
    """What there is to say of a cart that has been looked up; only one that is open is reminded of."""
    if cart is None:
        return Finding(found="gone", at=now)
    if cart.checked_out_at:
        return Finding(found="checked-out", at=cart.checked_out_at)
    return Finding(found="open", at=now)


def reminder(cart_id: str, customer_id: str) -> Notice:
    """What a customer is told of a cart that is still open."""
    return Notice(customer_id, "Your cart is waiting", f"You have left something in cart {cart_id}.")


def _members(event: object, what: str, required: set[str], known: set[str]) -> Mapping[str, Any]:
    if not isinstance(event, dict):
        raise InvalidRequestError(f"The event of {what} must be an object, not {shown(event)}")
    if missing := sorted(required.difference(event)):
        raise InvalidRequestError(f"The event of {what} lacks {', '.join(missing)}")
    if unknown := sorted(set(event).difference(known)):
        told = ", ".join(map(shown, unknown[:5]))
        raise InvalidRequestError(
            f"The event of {what} has unknown members: {told}; known are {', '.join(sorted(known))}"
        )
    return event


def _id(members: Mapping[str, Any], name: str) -> str:
    value = members[name]
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_ID:
        raise InvalidRequestError(f"{name} must be a text of 1 to {LONGEST_ID} characters, not {shown(value)}")
    return value


def _seconds(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LONGEST_WAIT_SECONDS:
        raise InvalidRequestError(
            f"remind_after_seconds must be a whole number from 1 to {LONGEST_WAIT_SECONDS}, not {shown(value)}"
        )
    return value

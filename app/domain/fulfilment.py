"""Fulfilment: what becomes of a placed order, who may decide on it, and who is told."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NotRequired, TypedDict

from app.domain.errors import InvalidRequestError, shown
from app.domain.notices import Notice
from app.domain.placed_orders import PlacedOrder
from app.domain.refusals import ApprovalClosedError, NotAllowedError, NotApprovedError

Reason = Literal[
    "card-declined",
    "invalid-card",
    "out-of-stock",
    "unknown-sku",
    "undone-before",
    "payments-unavailable",
    "inventory-unavailable",
    "shipping-unavailable",
    "not-approved",
]

LONGEST_REASON = 500
DECISIONS = ("approve", "reject")
HASH_CHARACTERS = 20
"""80 bits of SHA-256: enough to tell approvals apart, and a callback's id cannot be worked out from it."""
PURCHASING = "purchasing"
"""Who is told of what is out of stock."""
FRAUD_REVIEW = "fraud-review"
"""Who is asked to look at an order."""


class ChargeReceipt(TypedDict):
    """Proof of a charge; amounts are texts, so that they stay exact."""

    charge_id: str
    amount: str


class RefundReceipt(TypedDict):
    """Proof of a refund: what was given back, 0.00 where nothing had been charged."""

    refunded: str


class Reservation(TypedDict):
    """What is set aside for an order, or given back."""

    reservation_id: str
    pieces: int


class Shipment(TypedDict):
    """A parcel on its way, or asked for."""

    tracking_id: str


class Decision(TypedDict):
    """What somebody has decided on an order: the answer to the fraud review's callback."""

    decision: Literal["approve", "reject"]
    decided_by: str
    reason: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Approval:
    """A decision to be made on an order until the deadline, a moment in ISO 8601. Its id is no secret."""

    approval_id: str
    order_id: str
    customer_id: str
    total: str
    deadline: str


@dataclass(frozen=True, slots=True)
class Reviewers:
    """Who may decide, by name; orders above a total are for seniors alone."""

    juniors: frozenset[str]
    seniors: frozenset[str]
    senior_above: Decimal


class Outcome(TypedDict):
    """What became of an order: why it went no further, and what was undone, in the order in which it was."""

    order_id: str
    outcome: Literal["fulfilled", "rejected", "cancelled"]
    reason: Reason | None
    explanation: str | None
    tracking_id: str | None
    undone: list[str]


def fulfilled(order: PlacedOrder, shipment: Shipment) -> Outcome:
    """The outcome of an order that is on its way."""
    return Outcome(
        order_id=order.order_id,
        outcome="fulfilled",
        reason=None,
        explanation=None,
        tracking_id=shipment["tracking_id"],
        undone=[],
    )


def given_up(order: PlacedOrder, reason: Reason, explanation: str, undone: list[str]) -> Outcome:
    """The outcome of an order that goes no further: rejected by the review, or cancelled for another reason."""
    return Outcome(
        order_id=order.order_id,
        outcome="rejected" if reason == "not-approved" else "cancelled",
        reason=reason,
        explanation=explanation,
        tracking_id=None,
        undone=undone,
    )


def approval_id(callback_id: str) -> str:
    """The short opaque id that people know an approval by; the same callback always has the same one."""
    return hashlib.sha256(callback_id.encode()).hexdigest()[:HASH_CHARACTERS]


def decision(request: object) -> tuple[str, Decision]:
    """The approval's id and the decision on it, from a request."""
    if not isinstance(request, dict) or not isinstance(request.get("approval_id"), str):
        raise InvalidRequestError(f"A decision must be an object with approval_id, not {shown(request)}")
    if request.get("decision") not in DECISIONS:
        raise InvalidRequestError(f"decision must be approve or reject, not {shown(request.get('decision'))}")
    if not isinstance(request.get("decided_by"), str):
        raise InvalidRequestError(f"decided_by must be a name, not {shown(request.get('decided_by'))}")
    decided = Decision(decision=request["decision"], decided_by=request["decided_by"])
    if "reason" in request:
        decided["reason"] = _reason(request["reason"])
    return request["approval_id"], decided


def check_may_decide(name: str, approval: Approval, reviewers: Reviewers) -> None:
    """Refuse whoever is no reviewer, has placed the order, or is not senior enough for its total."""
    if name not in reviewers.juniors | reviewers.seniors:
        raise NotAllowedError(f"{shown(name)} is no reviewer, so may not decide on order {approval.order_id}")
    if name == approval.customer_id:
        raise NotAllowedError(f"{shown(name)} has placed order {approval.order_id}; somebody else has to decide")
    if name not in reviewers.seniors and Decimal(approval.total) > reviewers.senior_above:
        raise NotAllowedError(
            f"{shown(name)} is no senior reviewer, and order {approval.order_id} has a total of {approval.total}, "
            f"above {reviewers.senior_above}; a senior has to decide"
        )


def check_open(approval: Approval, now: str) -> None:
    """Refuse a decision that comes after the deadline."""
    if now >= approval.deadline:
        raise ApprovalClosedError(
            f"The time to decide on order {approval.order_id} was over at {approval.deadline}; silence was a rejection"
        )


def check_approved(answer: object) -> None:
    """Refuse whatever is no approval; an answer that cannot be read is none."""
    if not isinstance(answer, dict) or answer.get("decision") not in DECISIONS:
        raise NotApprovedError(f"the fraud review has answered {shown(answer)}, which is no decision")
    if answer["decision"] == "reject":
        why = shown(answer["reason"]) if answer.get("reason") else "no reason told"
        raise NotApprovedError(f"the fraud review has rejected the order: {why}")


def review_notice(approval: Approval) -> Notice:
    """What the fraud review is told: the approval's id, by which alone nobody may decide."""
    return Notice(
        FRAUD_REVIEW,
        f"Order {approval.order_id} waits for your decision",
        f"Approve or reject approval {approval.approval_id}, of {approval.total}, until {approval.deadline}; "
        "silence is a rejection.",
    )


def customer_notice(order: PlacedOrder, outcome: Outcome) -> Notice:
    """What the customer is told at the end; nothing of a suspicion, and nothing of the stock."""
    name = f"order {order.order_id}"
    if outcome["outcome"] == "fulfilled":
        return Notice(order.customer_id, f"Your {name} is on its way", f"Its parcel is {outcome['tracking_id']}.")
    return Notice(order.customer_id, f"Your {name} was cancelled", "Whatever you have paid for it is given back.")


def stock_out_notice(order: PlacedOrder, explanation: str) -> Notice:
    """What purchasing is told when an order fails for want of stock."""
    return Notice(PURCHASING, f"Out of stock for order {order.order_id}", explanation)


def _reason(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_REASON:
        raise InvalidRequestError(f"reason must be a text of at most {LONGEST_REASON} characters, not {shown(value)}")
    return value

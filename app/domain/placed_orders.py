"""Orders as they are placed: what may be asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypedDict

from app.domain.errors import InvalidRequestError, shown

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
AMOUNT = re.compile(r"(0|[1-9][0-9]{0,8})\.[0-9]{2}")
MEMBERS = {"order_id", "customer_id", "card", "total", "lines"}
MOST_LINES = 40
"""What one transaction of DynamoDB takes, each line and the reservation being an item of a hundred, with room."""
MOST_PIECES = 1_000


class Line(TypedDict):
    """So many pieces of one thing."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """What a customer has ordered; `total` is in the shop's currency, with cents; `card` is a token."""

    order_id: str
    customer_id: str
    card: str
    total: Decimal
    lines: tuple[Line, ...]

    @property
    def key(self) -> str:
        """The idempotency key of whatever is done for the order: the same in every attempt and every execution."""
        return f"order-{self.order_id}"


def placed_order(event: object) -> PlacedOrder:
    """The order in the event, if it says all that is needed and nothing that is not known."""
    members = _members(event)
    return PlacedOrder(
        order_id=_id(members, "order_id"),
        customer_id=_id(members, "customer_id"),
        card=_id(members, "card"),
        total=_total(members["total"]),
        lines=_lines(members["lines"]),
    )


def _members(event: object) -> Mapping[str, Any]:
    if not isinstance(event, dict):
        raise InvalidRequestError(f"An order must be an object, not {shown(event)}")
    if missing := sorted(MEMBERS.difference(event)):
        raise InvalidRequestError(f"The order lacks {', '.join(missing)}")
    if unknown := sorted(set(event).difference(MEMBERS)):
        told = ", ".join(map(shown, unknown[:5]))
        raise InvalidRequestError(f"The order has unknown members: {told}; known are {', '.join(sorted(MEMBERS))}")
    return event


def _id(members: Mapping[str, Any], name: str) -> str:
    value = members[name]
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise InvalidRequestError(f"{name} must be 1 to 60 of A-Z a-z 0-9 _ -, beginning with no sign: {shown(value)}")
    return value


def _total(value: object) -> Decimal:
    if not isinstance(value, str) or not AMOUNT.fullmatch(value) or not Decimal(value):
        raise InvalidRequestError(f'total must be a text such as "48.35", above zero, not {shown(value)}')
    return Decimal(value)


def _lines(value: object) -> tuple[Line, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_LINES:
        raise InvalidRequestError(f"lines must be a list of 1 to {MOST_LINES}, not {shown(value)}")
    lines = tuple(_line(each) for each in value)
    skus = [line["sku"] for line in lines]
    if repeated := sorted({sku for sku in skus if skus.count(sku) > 1}):
        raise InvalidRequestError(f"The order has {', '.join(repeated)} on more than one line; add the quantities up")
    return lines


def _line(value: object) -> Line:
    if not isinstance(value, dict) or set(value) != {"sku", "quantity"}:
        raise InvalidRequestError(f"A line must be an object with sku and quantity, not {shown(value)}")
    quantity = value["quantity"]
    if not isinstance(quantity, int) or isinstance(quantity, bool) or not 1 <= quantity <= MOST_PIECES:
        raise InvalidRequestError(f"quantity must be a whole number from 1 to {MOST_PIECES}, not {shown(quantity)}")
    return Line(sku=_id(value, "sku"), quantity=quantity)

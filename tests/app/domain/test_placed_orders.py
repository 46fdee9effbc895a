from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import InvalidRequestError
from app.domain.placed_orders import MOST_LINES, placed_order

EVENT = {
    "order_id": "o-1001",
    "customer_id": "c-001",
    "card": "card-7",
    "total": "48.35",
    "lines": [{"sku": "tea-01", "quantity": 1}],
}


def changed(**members: Any) -> dict[str, Any]:
    return EVENT | members


def test_an_order_is_read_as_it_was_placed() -> None:
    order = placed_order(EVENT)

    assert (order.order_id, order.customer_id, order.card) == ("o-1001", "c-001", "card-7")
    assert order.total == Decimal("48.35")
    assert order.lines == ({"sku": "tea-01", "quantity": 1},)


def test_the_idempotency_key_derives_from_the_order_alone() -> None:
    assert placed_order(EVENT).key == placed_order(changed(total="1.00")).key == "order-o-1001"
    assert placed_order(changed(order_id="o-1002")).key != placed_order(EVENT).key


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (None, "must be an object, not null"),
        ([], "must be an object, not a list"),
        ({}, "lacks card, customer_id, lines, order_id, total"),
        (changed(coupon="x"), "unknown members: 'coupon'; known are card, customer_id, lines, order_id, total"),
        (changed(order_id=7), "order_id must be .*: 7"),
        (changed(order_id=""), "order_id must be"),
        (changed(order_id="../o"), "order_id must be"),
        (changed(order_id="o" * 61), "order_id must be"),
        (changed(customer_id="a b"), "customer_id must be"),
        (changed(card="4111 1111"), "card must be"),
        (changed(total=48.35), "total must be a text such as"),
        (changed(total="0.00"), "above zero"),
        (changed(total="-1.00"), "total must be"),
        (changed(total="1"), "total must be"),
        (changed(total="01.00"), "total must be"),
        (changed(total="1e3"), "total must be"),
        (changed(total="\u0664.\u0660\u0660"), "total must be"),
        (changed(total="1.00\n"), "total must be"),
        (changed(total="1234567890.00"), "total must be"),
        (changed(lines={}), "lines must be a list"),
        (changed(lines=[]), "lines must be a list of 1 to 40"),
        (changed(lines=[{"sku": f"s-{n}", "quantity": 1} for n in range(MOST_LINES + 1)]), "lines must be a list"),
        (changed(lines=[{"sku": "tea-01"}]), "must be an object with sku and quantity"),
        (changed(lines=["tea-01"]), "must be an object with sku and quantity"),
        (changed(lines=[{"sku": "tea 01", "quantity": 1}]), "sku must be"),
        (changed(lines=[{"sku": "tea-01", "quantity": True}]), "quantity must be .* not true"),
        (changed(lines=[{"sku": "tea-01", "quantity": 0}]), "quantity must be"),
        (changed(lines=[{"sku": "tea-01", "quantity": 1001}]), "quantity must be a whole number from 1 to 1000"),
        (changed(lines=[{"sku": "tea-01", "quantity": 1}] * 2), "tea-01 on more than one line; add the quantities up"),
    ],
)
def test_an_event_that_is_no_order_is_refused_with_the_reason(event: object, told: str) -> None:
    with pytest.raises(InvalidRequestError, match=told):
        placed_order(event)

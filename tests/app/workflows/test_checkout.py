import pytest

from app.domain.carts import Cart
from app.domain.errors import CartClosedError, InvalidRequestError
from app.workflows.checkout import Checkout
from tests.fakes.carts import MemoryCarts
from tests.fakes.moments import CountingClock

EVENT = {"cart_id": "c-1", "order_id": "o-7"}
FIRST = "2026-01-01T00:00:00.000+00:00"


def test_an_order_closes_its_cart() -> None:
    carts = MemoryCarts()
    carts.add("c-1", "ada", "before")

    closed = Checkout(carts=carts, clock=CountingClock()).run(EVENT)

    assert closed == {**EVENT, "checked_out_at": FIRST}
    assert carts.kept["c-1"] == Cart("c-1", "ada", "before", "o-7", FIRST)


def test_the_same_order_again_gets_the_same_answer() -> None:
    carts = MemoryCarts()
    carts.add("c-1", "ada", "before")
    checkout = Checkout(carts=carts, clock=CountingClock())

    assert checkout.run(EVENT) == checkout.run(EVENT)


def test_another_order_and_a_bad_event_are_refused() -> None:
    carts = MemoryCarts()
    carts.check_out("c-1", "o-6", "before")
    checkout = Checkout(carts=carts, clock=CountingClock())

    with pytest.raises(CartClosedError):
        checkout.run(EVENT)
    with pytest.raises(InvalidRequestError):
        checkout.run({})

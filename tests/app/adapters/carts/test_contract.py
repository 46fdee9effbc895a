"""What every place for carts promises; each test runs on all adapters."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.carts import Cart
from app.domain.errors import CartClosedError
from app.ports.carts import Carts

MORNING = "2026-01-01T08:00:00.000+00:00"
NOON = "2026-01-01T12:00:00.000+00:00"
LATER = "2026-01-02T12:00:00.000+00:00"
OPEN = Cart("c-1", "ada", MORNING)
CLOSED = Cart("c-1", "ada", MORNING, "o-7", NOON)


def test_a_cart_that_was_added_is_found_as_it_was(carts: Carts) -> None:
    added = carts.add("c-1", "ada", MORNING)

    assert added == OPEN
    assert carts.find("c-1") == OPEN


def test_a_cart_of_which_nobody_has_told_is_not_found(carts: Carts) -> None:
    carts.add("c-1", "ada", MORNING)

    assert carts.find("c-2") is None


@pytest.mark.parametrize("cart_id", ["ä/ö", "c 1", "'; DROP TABLE carts; --", "x" * 200])
def test_any_text_names_a_cart(carts: Carts, cart_id: str) -> None:
    carts.add("c-1", "ada", MORNING)
    carts.add(cart_id, "bob", NOON)

    assert carts.find(cart_id) == Cart(cart_id, "bob", NOON)
    assert carts.find("c-1") == OPEN


def test_a_cart_that_is_added_again_stays_as_it_is(carts: Carts) -> None:
    carts.add("c-1", "ada", MORNING)

    again = carts.add("c-1", "bob", LATER)

    assert again == OPEN
    assert carts.find("c-1") == OPEN


def test_an_order_closes_its_cart_alone(carts: Carts) -> None:
    carts.add("c-1", "ada", MORNING)
    carts.add("c-2", "bob", NOON)

    closed = carts.check_out("c-1", "o-7", NOON)

    assert closed == CLOSED
    assert carts.find("c-1") == CLOSED
    assert carts.find("c-2") == Cart("c-2", "bob", NOON)


def test_a_closed_cart_is_not_opened_by_an_event_that_comes_again(carts: Carts) -> None:
    carts.add("c-1", "ada", MORNING)
    carts.check_out("c-1", "o-7", NOON)

    again = carts.add("c-1", "ada", LATER)

    assert again == CLOSED
    assert carts.find("c-1") == CLOSED


def test_an_order_that_comes_before_its_cart_closes_it_all_the_same(carts: Carts) -> None:
    early = carts.check_out("c-1", "o-7", NOON)

    added = carts.add("c-1", "ada", MORNING)

    assert early == Cart("c-1", order_id="o-7", checked_out_at=NOON)
    assert added == CLOSED
    assert carts.find("c-1") == CLOSED


def test_the_same_order_again_changes_nothing(carts: Carts) -> None:
    carts.add("c-1", "ada", MORNING)
    carts.check_out("c-1", "o-7", NOON)

    again = carts.check_out("c-1", "o-7", LATER)

    assert again == CLOSED
    assert carts.find("c-1") == CLOSED


def test_another_order_is_refused_and_changes_nothing(carts: Carts) -> None:
    carts.add("c-1", "ada", MORNING)
    carts.check_out("c-1", "o-7", NOON)

    with pytest.raises(CartClosedError, match="Cart 'c-1' was checked out by order 'o-7', so order 'o-8' cannot"):
        carts.check_out("c-1", "o-8", LATER)

    assert carts.find("c-1") == CLOSED


def test_of_many_orders_at_once_one_closes_the_cart(carts: Carts) -> None:
    carts.add("c-1", "ada", MORNING)

    def check_out(order_id: str) -> str | None:
        try:
            return carts.check_out("c-1", order_id, NOON).order_id
        except CartClosedError:
            return None

    with ThreadPoolExecutor(8) as threads:
        closed_by = [order for order in threads.map(check_out, [f"o-{number}" for number in range(8)]) if order]

    kept = carts.find("c-1")
    assert kept
    assert closed_by == [kept.order_id]

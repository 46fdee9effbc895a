from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.carts import LONGEST_WAIT_SECONDS, Cart, cart_added, cart_checked_out, finding, reminder
from app.domain.errors import CartClosedError, InvalidRequestError
from app.domain.notices import Notice

MORNING, NOON, EVENING = (f"2026-01-01T{hour}:00:00.000+00:00" for hour in ("08", "12", "18"))
OPEN = Cart("c-1", "ada", MORNING)
ADDED: dict[str, Any] = {"cart_id": "c-1", "customer_id": "ada"}

members = st.text() | st.sampled_from(["cart_id", "customer_id", "remind_after_seconds"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(members, inner),
)


def test_an_event_says_whose_cart_it_is() -> None:
    assert cart_added(ADDED) == ADDED


@pytest.mark.parametrize("seconds", [1, 24 * 60 * 60, LONGEST_WAIT_SECONDS])
def test_an_event_may_say_when_to_remind(seconds: int) -> None:
    assert cart_added({**ADDED, "remind_after_seconds": seconds}) == {**ADDED, "remind_after_seconds": seconds}


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (None, "must be an object, not null"),
        ([], "must be an object, not a list"),
        ({}, "lacks cart_id, customer_id"),
        ({"cart_id": "c-1"}, "lacks customer_id"),
        (
            {**ADDED, "remind_after": 1},
            "unknown members: 'remind_after'; known are cart_id, customer_id, remind_after_s",
        ),
        ({**ADDED, "cart_id": ""}, "cart_id must be a text of 1 to 200 characters, not ''"),
        ({**ADDED, "cart_id": " "}, "cart_id must be a text"),
        ({**ADDED, "cart_id": 7}, "cart_id must be a text of 1 to 200 characters, not 7"),
        ({**ADDED, "customer_id": "x" * 201}, "customer_id must be a text of 1 to 200 characters"),
        ({**ADDED, "remind_after_seconds": 0}, "must be a whole number from 1 to 2592000, not 0"),
        ({**ADDED, "remind_after_seconds": LONGEST_WAIT_SECONDS + 1}, "must be a whole number from 1 to 2592000"),
        ({**ADDED, "remind_after_seconds": 1.5}, "not 1.5"),
        ({**ADDED, "remind_after_seconds": True}, "not true"),
        ({**ADDED, "remind_after_seconds": "60"}, "not '60'"),
        ({**ADDED, "remind_after_seconds": None}, "not null"),
    ],
)
def test_an_event_that_lacks_something_or_says_more_is_refused(event: object, reason: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        cart_added(event)

    assert reason in str(refused.value)


@given(anything)
def test_whatever_comes_is_an_event_or_refused(event: object) -> None:
    with suppress(InvalidRequestError):
        assert set(ADDED) <= set(cart_added(event))


def test_a_checkout_names_the_cart_and_the_order() -> None:
    assert cart_checked_out({"cart_id": "c-1", "order_id": "o-7"}) == ("c-1", "o-7")


@pytest.mark.parametrize("event", [None, {"cart_id": "c-1"}, {"cart_id": "c-1", "order_id": "o-7", "total": 1}])
def test_a_checkout_that_lacks_something_or_says_more_is_refused(event: object) -> None:
    with pytest.raises(InvalidRequestError, match="The event of a cart that was checked out "):
        cart_checked_out(event)


def test_an_order_closes_a_cart_and_says_when() -> None:
    assert OPEN.checked_out("o-7", NOON) == Cart("c-1", "ada", MORNING, "o-7", NOON)


def test_a_cart_that_is_closed_before_it_is_added_gets_its_customer_and_stays_closed() -> None:
    assert Cart("c-1").checked_out("o-7", NOON).added("ada", MORNING) == Cart("c-1", "ada", MORNING, "o-7", NOON)


def test_a_cart_that_is_added_again_keeps_its_customer() -> None:
    assert OPEN.added("bob", EVENING) == OPEN


def test_the_same_order_again_changes_nothing() -> None:
    closed = OPEN.checked_out("o-7", NOON)

    assert closed.checked_out("o-7", EVENING) == closed


def test_another_order_is_refused() -> None:
    with pytest.raises(CartClosedError, match="checked out by order 'o-7', so order 'o-8' cannot; open another cart"):
        OPEN.checked_out("o-7", NOON).checked_out("o-8", EVENING)


def test_only_an_open_cart_is_found_open() -> None:
    assert finding(OPEN, EVENING) == {"found": "open", "at": EVENING}
    assert finding(OPEN.checked_out("o-7", NOON), EVENING) == {"found": "checked-out", "at": NOON}
    assert finding(None, EVENING) == {"found": "gone", "at": EVENING}


def test_a_reminder_goes_to_the_customer_and_names_the_cart() -> None:
    assert reminder("c-1", "ada") == Notice("ada", "Your cart is waiting", "You have left something in cart c-1.")

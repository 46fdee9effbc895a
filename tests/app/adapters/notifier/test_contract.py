"""What every notifier promises; each test runs on all adapters."""

import json

from app.domain.notices import Notice
from tests.app.adapters.notifier.conftest import Delivery

NOTICE = Notice("ada", "Your cart is waiting", 'You have left "tea" in cart ä-1.\n')
TOLD = {"recipient": "ada", "subject": "Your cart is waiting", "text": 'You have left "tea" in cart ä-1.\n'}


def test_a_notice_is_delivered_as_it_is(delivery: Delivery) -> None:
    delivery.notifier.notify(NOTICE, "cart-reminder-c-1")

    assert delivery.delivered() == [TOLD]


def test_a_receipt_names_what_was_handed_over_and_fits_into_a_checkpoint(delivery: Delivery) -> None:
    receipt = delivery.notifier.notify(NOTICE, "cart-reminder-c-1")

    assert receipt["id"]
    assert json.loads(json.dumps(receipt)) == receipt


def test_of_notices_with_one_key_the_first_is_delivered_once(delivery: Delivery) -> None:
    delivery.notifier.notify(NOTICE, "cart-reminder-c-1")

    delivery.notifier.notify(NOTICE, "cart-reminder-c-1")
    delivery.notifier.notify(Notice("bob", "Another", "text"), "cart-reminder-c-1")

    assert delivery.delivered() == [TOLD]


def test_notices_with_keys_of_their_own_are_all_delivered(delivery: Delivery) -> None:
    for key in ("cart-reminder-c-1", "cart-reminder-c-2", "x" * 64):
        delivery.notifier.notify(NOTICE, key)

    assert delivery.delivered() == [TOLD] * 3

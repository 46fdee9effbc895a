"""Every path of an order; where it is interrupted is in `test_fulfilment_replay_safety.py`."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.ports.inventory import InventoryError, InventoryUnavailableError
from app.ports.notifier import NotifierError
from app.ports.payments import PaymentsError, PaymentsUnavailableError
from app.ports.shipping import ShippingError, ShippingUnavailableError
from durable.model import ErrorObject
from durable_local.testing import DurableFunctionTestResult, DurableFunctionTestRunner
from tests.app.workflows.shops import APPROVE, FULFILLED, NOTHING_LEFT, REJECT, REVIEW, Shop, order
from tests.fakes.notifier import MemoryNotifier
from tests.fakes.troubles import Troubles

MakeShop = Callable[..., Shop]
ALL_UNDONE = ["release-stock", "refund-payment"]


@pytest.fixture(params=["warm", "cold"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> MakeShop:
    return partial(Shop, tmp_path, request.param)


def names(result: DurableFunctionTestResult) -> list[str | None]:
    return [each.name for each in result.children]


def troubled(**before: list[Exception]) -> Callable[[], Troubles]:
    return lambda: Troubles(before)


def test_an_order_that_is_approved_is_fulfilled(shop: MakeShop) -> None:
    opened = shop()

    result = opened.run(order(), APPROVE)

    assert result.result == {
        "order_id": "o-1",
        "outcome": "fulfilled",
        "reason": None,
        "explanation": None,
        "tracking_id": "parcel-order-o-1",
        "undone": [],
    }
    assert names(result) == [
        "charge-payment",
        "reserve-stock",
        "fraud-review",
        "ship-order",
        "confirm-order",
        "tell-customer",
    ]
    assert opened.balance() == FULFILLED
    assert list(opened.told.delivered) == ["review-order-o-1", "outcome-order-o-1"]


@pytest.mark.parametrize(
    ("card", "reason", "explanation"),
    [
        ("card-declined", "card-declined", "the bank of card-declined does not pay"),
        ("teacup", "invalid-card", "teacup is no card"),
    ],
)
def test_a_card_that_does_not_pay_cancels_the_order_at_once(
    shop: MakeShop, card: str, reason: str, explanation: str
) -> None:
    opened = shop()

    result = opened.run(order(card))

    assert (result.status, result.result["outcome"], result.result["reason"]) == ("SUCCEEDED", "cancelled", reason)
    assert result.result["explanation"] == explanation
    assert names(result) == ["charge-payment", "tell-customer"]
    assert result.get_step("charge-payment").attempts == 1
    assert opened.balance() == NOTHING_LEFT


def test_a_stock_out_is_notified_and_the_money_given_back(shop: MakeShop) -> None:
    opened = shop()

    result = opened.run(order(tea_01=1, cup_01=2))

    assert (result.result["outcome"], result.result["reason"]) == ("cancelled", "out-of-stock")
    assert names(result) == ["charge-payment", "reserve-stock", "refund-payment", "notify-stock-out", "tell-customer"]
    assert result.get_step("reserve-stock").attempts == 1
    assert opened.told.delivered["stock-out-order-o-1"].text == "in stock are only 1 of 2 cup-01"
    assert opened.balance() == NOTHING_LEFT


def test_an_unknown_sku_has_the_money_given_back(shop: MakeShop) -> None:
    opened = shop()

    result = opened.run(order(tea_01=1, gold=1))

    assert (result.result["outcome"], result.result["reason"]) == ("cancelled", "unknown-sku")
    assert result.result["explanation"] == "the shop does not have gold"
    assert result.result["undone"] == ["refund-payment"]
    assert opened.balance() == NOTHING_LEFT


def test_an_order_that_the_review_rejects_is_undone_in_reverse_order(shop: MakeShop) -> None:
    opened = shop()

    result = opened.run(order(), REJECT)

    assert (result.status, result.result["outcome"]) == ("SUCCEEDED", "rejected")
    assert result.result["explanation"] == "the fraud review has rejected the order: 'stolen card'"
    assert result.result["undone"] == ALL_UNDONE
    assert names(result)[2:] == ["fraud-review", *ALL_UNDONE, "tell-customer"]
    assert opened.balance() == NOTHING_LEFT


def test_silence_for_three_days_means_reject(shop: MakeShop) -> None:
    opened = shop()

    result = opened.run(order())

    review = result.operation(REVIEW)
    assert review.start_timestamp
    assert review.end_timestamp
    assert review.end_timestamp - review.start_timestamp >= timedelta(hours=72)
    assert (result.result["outcome"], result.result["reason"]) == ("rejected", "not-approved")
    assert result.result["explanation"] == "the fraud review was silent for 72 hours"
    assert result.result["undone"] == ALL_UNDONE
    assert opened.balance() == NOTHING_LEFT


@pytest.mark.parametrize("answer", ["yes", {"decision": "perhaps"}, 0])
def test_an_answer_that_is_no_decision_means_reject(shop: MakeShop, answer: object) -> None:
    opened = shop()

    result = opened.run(order(), answer)

    assert result.result["outcome"] == "rejected"
    assert "which is no decision" in result.result["explanation"]
    assert opened.balance() == NOTHING_LEFT


def test_a_review_that_fails_means_reject(shop: MakeShop) -> None:
    opened = shop()
    with DurableFunctionTestRunner(opened.handler()) as runner:
        arn = runner.run_async(order(), "first")
        runner.send_callback_failure(runner.wait_for_callback(arn, REVIEW), ErrorObject(message="desk closed"))

        result = runner.wait_for_result(arn)

    assert result.result["outcome"] == "rejected"
    assert result.result["explanation"] == "the fraud review has failed: desk closed"
    assert opened.balance() == NOTHING_LEFT


def test_what_may_pass_is_tried_again(shop: MakeShop) -> None:
    opened = shop(
        troubles=troubled(
            charge=[PaymentsUnavailableError("busy")] * 2,
            reserve=[InventoryUnavailableError("busy")],
            ship=[ShippingUnavailableError("busy")],
            confirm=[ShippingUnavailableError("busy")] * 20,
        )
    )

    result = opened.run(order(), APPROVE)

    assert result.result["outcome"] == "fulfilled"
    assert result.get_step("charge-payment").attempts == 3
    assert result.get_step("confirm-order").attempts == 21
    assert opened.balance() == FULFILLED


def test_an_answer_that_was_lost_does_nothing_twice(shop: MakeShop) -> None:
    lost: dict[str, list[Exception]] = {
        "charge": [PaymentsUnavailableError("lost")],
        "reserve": [InventoryUnavailableError("lost")],
        "ship": [ShippingUnavailableError("lost")],
        "confirm": [ShippingUnavailableError("lost")],
    }
    opened = shop(troubles=lambda: Troubles(after=lost))

    result = opened.run(order(), APPROVE)

    assert result.result["outcome"] == "fulfilled"
    assert opened.balance() == FULFILLED


def test_shipping_that_is_down_for_good_leaves_nothing_behind(shop: MakeShop) -> None:
    opened = shop(troubles=lambda: Troubles({"ship": itertools.repeat(ShippingUnavailableError("all roads closed"))}))

    result = opened.run(order(), APPROVE)

    assert (result.result["outcome"], result.result["reason"]) == ("cancelled", "shipping-unavailable")
    assert result.result["explanation"] == "there was no answer, however often asked"
    step = result.get_step("ship-order")
    assert step.error
    assert (step.attempts, step.error.message) == (8, "all roads closed")
    assert result.result["undone"] == ALL_UNDONE
    assert opened.balance() == NOTHING_LEFT


def test_a_charge_of_which_nobody_hears_is_given_back_in_case_it_was_made(shop: MakeShop) -> None:
    opened = shop(troubles=lambda: Troubles(after={"charge": itertools.repeat(PaymentsUnavailableError("lost"))}))

    result = opened.run(order())

    assert (result.result["outcome"], result.result["reason"]) == ("cancelled", "payments-unavailable")
    assert result.get_step("refund-payment").result == {"refunded": "48.35"}
    assert opened.balance() == NOTHING_LEFT


def test_a_reservation_of_which_nobody_hears_is_put_back_in_case_it_was_made(shop: MakeShop) -> None:
    opened = shop(troubles=lambda: Troubles(after={"reserve": itertools.repeat(InventoryUnavailableError("lost"))}))

    result = opened.run(order())

    assert (result.result["outcome"], result.result["reason"]) == ("cancelled", "inventory-unavailable")
    assert result.result["undone"] == ALL_UNDONE
    assert opened.balance() == NOTHING_LEFT


def test_a_compensation_that_fails_at_first_is_tried_again(shop: MakeShop) -> None:
    opened = shop(
        troubles=troubled(
            release=[InventoryUnavailableError("busy"), InventoryError("a bug")],
            refund=[PaymentsError("credential rotated")] * 30,
        )
    )

    result = opened.run(order(), REJECT)

    assert result.result["outcome"] == "rejected"
    assert (result.get_step("release-stock").attempts, result.get_step("refund-payment").attempts) == (3, 31)
    assert opened.balance() == NOTHING_LEFT


def test_a_compensation_that_fails_for_good_fails_the_execution_once_the_others_are_done(shop: MakeShop) -> None:
    opened = shop(troubles=lambda: Troubles({"release": itertools.repeat(InventoryError("shelf locked"))}))

    result = opened.run(order(), REJECT)

    assert result.status == "FAILED"
    assert result.error
    assert result.error.message == "1 compensations failed, do them by hand: release-stock: shelf locked"
    assert result.get_step("refund-payment").result == {"refunded": "48.35"}


@pytest.mark.parametrize(
    ("call", "error", "undone"),
    [
        ("charge", PaymentsError("no access"), ["refund-payment"]),
        ("reserve", ZeroDivisionError("a bug"), ALL_UNDONE),
        ("ship", ShippingError("no such address"), ALL_UNDONE),
        ("confirm", ShippingError("no such parcel"), ALL_UNDONE),
    ],
)
def test_an_unexpected_error_fails_the_execution_after_the_compensations(
    shop: MakeShop, call: str, error: Exception, undone: list[str]
) -> None:
    opened = shop(troubles=troubled(**{call: [error]}))

    result = opened.run(order(), None if call in {"charge", "reserve"} else APPROVE)

    assert result.status == "FAILED"
    assert result.error
    assert result.error.message == str(error)
    assert names(result)[-len(undone) :] == undone
    assert opened.balance() == NOTHING_LEFT


def test_a_review_that_nobody_can_be_asked_for_fails_the_execution_after_the_compensations(shop: MakeShop) -> None:
    opened = shop(notifier=lambda: MemoryNotifier([NotifierError("no address")]))

    result = opened.run(order())

    assert result.status == "FAILED"
    assert result.error
    assert result.error.message == "no address"
    assert names(result)[-2:] == ALL_UNDONE
    assert opened.balance() == NOTHING_LEFT


def test_an_order_has_its_outcome_although_nobody_can_be_told(shop: MakeShop) -> None:
    opened = shop(notifier=lambda: MemoryNotifier([NotifierError("no address")]))

    result = opened.run(order("card-declined"))

    assert result.result["outcome"] == "cancelled"
    assert result.get_step("tell-customer").status == "FAILED"


@pytest.mark.parametrize("event", [None, {"order_id": "o-1"}, order() | {"total": 7}])
def test_an_event_that_is_no_order_fails_before_anything_is_done(shop: MakeShop, event: Any) -> None:
    opened = shop()

    result = opened.run(event)

    assert (result.status, result.operations) == ("FAILED", [])


def test_an_order_that_was_undone_stays_so(shop: MakeShop) -> None:
    opened = shop()
    opened.run(order(), REJECT)
    with DurableFunctionTestRunner(opened.handler()) as runner:
        opened.arn = arn = runner.run_async(order(), "second")

        result = runner.wait_for_result(arn)

    assert (result.result["outcome"], result.result["reason"]) == ("cancelled", "undone-before")
    assert names(result) == ["charge-payment", "tell-customer"]
    assert opened.balance() == NOTHING_LEFT

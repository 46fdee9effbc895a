"""What all payments promise; each test runs on all adapters."""

from decimal import Decimal

import pytest

from app.domain.refusals import CardDeclinedError, InvalidCardError, OrderUndoneError
from app.ports.payments import Payments, PaymentsError, PaymentsUnavailableError

AMOUNT = Decimal("48.35")


def test_a_charge_is_proved_by_its_receipt(payments: Payments) -> None:
    receipt = payments.charge("card-7", AMOUNT, "order-1")

    assert receipt["amount"] == "48.35"
    assert receipt["charge_id"]


def test_a_repeated_charge_is_the_same_one(payments: Payments) -> None:
    first = payments.charge("card-7", AMOUNT, "order-1")

    again = payments.charge("card-7", AMOUNT, "order-1")

    assert again == first
    assert payments.refund("order-1") == {"refunded": "48.35"}


def test_a_charge_under_another_key_is_another_one(payments: Payments) -> None:
    first = payments.charge("card-7", AMOUNT, "order-1")

    other = payments.charge("card-7", AMOUNT, "order-2")

    assert other["charge_id"] != first["charge_id"]


def test_a_key_does_not_stand_for_another_amount(payments: Payments) -> None:
    payments.charge("card-7", AMOUNT, "order-1")

    with pytest.raises(PaymentsError) as refused:
        payments.charge("card-7", Decimal("0.01"), "order-1")

    assert not isinstance(refused.value, PaymentsUnavailableError)
    assert payments.refund("order-1") == {"refunded": "48.35"}


@pytest.mark.parametrize(("card", "kind"), [("card-declined", CardDeclinedError), ("teacup", InvalidCardError)])
def test_a_card_that_does_not_pay_is_refused_and_nothing_is_charged(
    payments: Payments, card: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        payments.charge(card, AMOUNT, "order-1")

    assert payments.refund("order-1") == {"refunded": "0.00"}


def test_a_repeated_refund_is_the_same_one(payments: Payments) -> None:
    payments.charge("card-7", AMOUNT, "order-1")

    assert payments.refund("order-1") == payments.refund("order-1") == {"refunded": "48.35"}


def test_a_refund_touches_no_other_charge(payments: Payments) -> None:
    payments.charge("card-7", AMOUNT, "order-1")
    payments.charge("card-7", Decimal("7.00"), "order-2")

    payments.refund("order-1")

    assert payments.charge("card-7", Decimal("7.00"), "order-2")["amount"] == "7.00"


@pytest.mark.parametrize("is_charged", [True, False])
def test_a_charge_that_comes_after_its_refund_is_refused(payments: Payments, *, is_charged: bool) -> None:
    if is_charged:
        payments.charge("card-7", AMOUNT, "order-1")
    payments.refund("order-1")

    with pytest.raises(OrderUndoneError, match="refunded before"):
        payments.charge("card-7", AMOUNT, "order-1")

from decimal import Decimal

import pytest

from app.domain.errors import RowRejectedError
from app.domain.money import money


@pytest.mark.parametrize(("amount", "expected"), [("0", "0.00"), ("7.5", "7.50"), ("7.500", "7.50"), ("-0", "0.00")])
def test_an_amount_is_kept_in_whole_cents(amount: str, expected: str) -> None:
    assert str(money("price", Decimal(amount))) == expected


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("-0.01", "-0.01 is negative"),
        ("0.001", "0.001 has fractions of a cent"),
        ("0.1000000000000000000000000000001", "has fractions of a cent"),
        ("1e12", "1E+12 is too large; amounts are below 1,000,000,000,000"),
        ("1e400", "too large"),
        ("1e-400", "has fractions of a cent"),
        ("NaN", "NaN is not an amount"),
        ("sNaN", "is not an amount"),
        ("-Infinity", "-Infinity is not an amount"),
    ],
)
def test_an_amount_that_would_not_add_up_is_refused_with_its_field(amount: str, reason: str) -> None:
    with pytest.raises(RowRejectedError, match=r"^price: ") as refused:
        money("price", Decimal(amount))

    assert refused.value.field == "price"
    assert reason in refused.value.reason

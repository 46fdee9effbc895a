from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from app.adapters.data_types.rows.numbers import Amount, Count

AMOUNTS = TypeAdapter[Decimal](Amount)
COUNTS = TypeAdapter[int](Count)


@pytest.mark.parametrize(
    ("spelled", "amount"),
    [(3, "3"), (Decimal("0.10"), "0.10"), ("4.10", "4.10"), (" -4 ", "-4"), ("+4", "4"), ("1e2", "1E+2"), ("-0", "-0")],
)
def test_an_amount_is_a_number_or_a_text_of_plain_digits(spelled: object, amount: str) -> None:
    assert str(AMOUNTS.validate_python(spelled)) == amount


@pytest.mark.parametrize(
    "spelled",
    [True, None, "", "1_000", "٤", "\uff14", "4,10", ".5", "5.", "0x1", "NaN", "Infinity", "1e", "1e" + "9" * 20],
)
def test_another_spelling_is_no_amount(spelled: object) -> None:
    with pytest.raises(ValidationError):
        AMOUNTS.validate_python(spelled)


@pytest.mark.parametrize(
    ("spelled", "count"), [(3, 3), ("12", 12), (" -4 ", -4), ("0", 0), ("9" * 1_000, 10**1_000 - 1)]
)
def test_a_count_is_a_whole_number_or_a_text_of_plain_digits(spelled: object, count: int) -> None:
    assert COUNTS.validate_python(spelled) == count


@pytest.mark.parametrize("spelled", [True, None, "", "1_000", "٤", "4.0", "1e2", "9" * 1_001, Decimal("1.5")])
def test_another_spelling_is_no_count(spelled: object) -> None:
    with pytest.raises(ValidationError):
        COUNTS.validate_python(spelled)

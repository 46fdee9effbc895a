from decimal import Decimal

import pytest

from app.domain.errors import shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ([1, 2], "a list"),
        ({"a": 1}, "an object"),
        ("a\n\0\udcff", r"'a\n\x00\udcff'"),
        ("x" * 40, f"'{'x' * 40}'"),
        ("x" * 41, f"'{'x' * 40}'..."),
        (17, "17"),
        (10**100, f"1{'0' * 39}..."),
        (Decimal("1E+1000000"), "1E+1000000"),
        (Decimal("-0.10"), "-0.10"),
    ],
)
def test_a_value_is_shown_on_one_line_and_in_few_words(value: object, text: str) -> None:
    assert shown(value) == text

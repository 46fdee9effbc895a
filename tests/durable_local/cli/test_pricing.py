"""Amounts and sizes for people to read."""

from decimal import Decimal

import pytest

from durable_local.cli.pricing import dollars, size


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("0", "$0"),
        ("0.000000004321", "$0.0000000043"),
        ("0.0000002", "$0.00000020"),
        ("0.0996", "$0.100"),
        ("0.45", "$0.45"),
        ("0.999", "$1.00"),
        ("1", "$1.00"),
        ("3850.5443", "$3,850.54"),
    ],
)
def test_an_amount_is_never_rounded_to_nothing(amount: str, told: str) -> None:
    assert dollars(Decimal(amount)) == told


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (126_222, "126.2 KB"), (104_000_000, "104.0 MB")],
)
def test_a_size_is_told_by_thousands(count: int, told: str) -> None:
    assert size(count) == told

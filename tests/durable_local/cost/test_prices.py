"""The file of prices."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from durable_local.cost.prices import US_EAST_1, Charge, Price, PricesError, read_prices


def test_every_charge_has_a_price_with_its_source() -> None:
    prices = read_prices()

    assert prices.region == "us-east-1"
    assert prices.read >= date(2026, 9, 21)
    assert set(prices.charges) == set(Charge)
    assert all(
        price.usd > 0 and price.source.startswith("https://aws.amazon.com/") for price in prices.charges.values()
    )


def test_a_price_is_exact() -> None:
    assert Price(Decimal("8.00"), 1_000_000, "operations", "", checked=True).of(1) == Decimal("0.000008")


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("region = ", "is no file of prices"),
        (US_EAST_1.read_text().replace("[data_written]", "[data_sent]"), "lacks data_written"),
        (US_EAST_1.read_text().replace("usd = 8.00", ""), "lacks usd"),
        (US_EAST_1.read_text().replace("usd = 8.00", 'usd = "eight"'), "is no file of prices"),
        (US_EAST_1.read_text().replace("per = 1_000_000", "for = 1_000_000"), "is no file of prices"),
    ],
)
def test_a_file_that_lacks_something_is_refused_by_name(tmp_path: Path, broken: str, told: str) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(broken)

    with pytest.raises(PricesError, match=told):
        read_prices(path)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(PricesError, match=r"nowhere\.toml cannot be read: No such file"):
        read_prices(tmp_path / "nowhere.toml")

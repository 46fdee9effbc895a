from decimal import Decimal

import pytest

from app.domain.errors import RowRejectedError
from app.domain.products import MOST_PIECES, Product


def test_a_product_may_be_free_and_sold_out() -> None:
    product = Product("tea-01", "Assam", "tea", Decimal(0), 0)

    assert (product.price, product.stock) == (Decimal("0.00"), 0)


def test_a_negative_price_is_refused() -> None:
    with pytest.raises(RowRejectedError, match=r"price: -0.01 is negative"):
        Product("tea-01", "Assam", "tea", Decimal("-0.01"), 1)


def test_a_negative_stock_is_refused() -> None:
    with pytest.raises(RowRejectedError, match="stock: -1 is negative"):
        Product("tea-01", "Assam", "tea", Decimal(1), -1)


@pytest.mark.parametrize("stock", [MOST_PIECES + 1, 10**400])
def test_more_stock_than_a_shelf_holds_is_refused_in_few_words(stock: int) -> None:
    with pytest.raises(
        RowRejectedError, match=r"stock: 10{8}.* is more than a shelf holds; at most 1000000000"
    ) as refused:
        Product("tea-01", "Assam", "tea", Decimal(1), stock)

    assert len(str(refused.value)) < 120

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import RowRejectedError
from app.domain.orders import MOST_LINES, MOST_PIECES, Order, OrderLine

LINE = OrderLine("tea-01", 3, Decimal("0.10"))
lines = st.lists(
    st.builds(
        OrderLine,
        sku=st.just("tea-01"),
        quantity=st.integers(1, MOST_PIECES),
        unit_price=st.decimals("0", "999999999999.99", places=2),
    ),
    min_size=1,
    max_size=20,
)


def test_an_order_totals_the_sum_of_its_lines_in_exact_decimals() -> None:
    order = Order("o-1", "c-1", (LINE, LINE), Decimal("0.6"))

    assert order.total == Decimal("0.60")


@pytest.mark.parametrize("total", ["0.29", "0.31"])
def test_a_total_that_is_one_cent_off_is_refused_with_the_sum(total: str) -> None:
    with pytest.raises(RowRejectedError, match=rf"total: {total} is not the sum of the lines, 0\.30"):
        Order("o-1", "c-1", (LINE,), Decimal(total))


@given(lines)
def test_cents_are_never_lost_to_rounding(drawn: list[OrderLine]) -> None:
    cents = sum(line.quantity * int(line.unit_price * 100) for line in drawn)

    amounts = sum((line.amount for line in drawn), Decimal())

    assert int(amounts * 100) == cents


@pytest.mark.parametrize("count", [0, MOST_LINES + 1])
def test_an_order_without_lines_or_with_too_many_is_refused(count: int) -> None:
    with pytest.raises(RowRejectedError, match=f"lines: there are {count}; an order has 1 to {MOST_LINES} lines"):
        Order("o-1", "c-1", (LINE,) * count, Decimal(0))


@pytest.mark.parametrize("quantity", [-1, 0, MOST_PIECES + 1])
def test_a_quantity_that_nobody_orders_is_refused(quantity: int) -> None:
    with pytest.raises(RowRejectedError, match=f"lines.quantity: {quantity} is no quantity"):
        OrderLine("tea-01", quantity, Decimal(1))

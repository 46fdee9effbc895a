"""What every inventory promises; each test runs on all adapters."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.placed_orders import Line
from app.domain.refusals import OrderUndoneError, OutOfStockError, UnknownSkuError
from app.ports.inventory import InventoryUnavailableError
from tests.app.adapters.inventory.conftest import FIRST_STOCK, Stock

LINES = [Line(sku="tea-01", quantity=2), Line(sku="cup-01", quantity=1)]
LEFT = {"tea-01": 3, "cup-01": 0, "tin-01": 0}


def test_a_reservation_takes_all_of_its_lines(stock: Stock) -> None:
    reservation = stock.inventory.reserve(LINES, "order-1")

    assert reservation == {"reservation_id": "order-1", "pieces": 3}
    assert stock.available() == LEFT


def test_a_repeated_reservation_takes_nothing_more(stock: Stock) -> None:
    first = stock.inventory.reserve(LINES, "order-1")

    assert stock.inventory.reserve(LINES, "order-1") == first
    assert stock.available() == LEFT


def test_a_key_stands_for_the_lines_that_came_first(stock: Stock) -> None:
    first = stock.inventory.reserve(LINES, "order-1")

    assert stock.inventory.reserve([Line(sku="tea-01", quantity=1)], "order-1") == first
    assert stock.available() == LEFT


def test_a_release_puts_everything_back_once(stock: Stock) -> None:
    stock.inventory.reserve(LINES, "order-1")

    first, again = (stock.inventory.release("order-1") for _ in range(2))

    assert first == again == {"reservation_id": "order-1", "pieces": 3}
    assert stock.available() == FIRST_STOCK


def test_a_release_touches_no_other_reservation(stock: Stock) -> None:
    stock.inventory.reserve(LINES, "order-1")
    stock.inventory.reserve([Line(sku="tea-01", quantity=1)], "order-2")

    stock.inventory.release("order-2")

    assert stock.available() == LEFT


@pytest.mark.parametrize("is_reserved", [True, False])
def test_a_reservation_that_comes_after_its_release_is_refused(stock: Stock, *, is_reserved: bool) -> None:
    stock.inventory.reserve([Line(sku="tea-01", quantity=1)], "order-0")
    if is_reserved:
        stock.inventory.reserve(LINES, "order-1")
    stock.inventory.release("order-1")

    with pytest.raises(OrderUndoneError, match="released before"):
        stock.inventory.reserve(LINES, "order-1")

    assert stock.available() == FIRST_STOCK | {"tea-01": 4}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([Line(sku="tea-01", quantity=6)], "only 5 of 6 tea-01"),
        ([Line(sku="tea-01", quantity=1), Line(sku="tin-01", quantity=1)], "only 0 of 1 tin-01"),
        ([Line(sku="cup-01", quantity=2), Line(sku="tin-01", quantity=1)], "only 1 of 2 cup-01, 0 of 1 tin-01"),
    ],
)
def test_what_is_out_of_stock_is_told_and_nothing_is_taken(stock: Stock, lines: list[Line], told: str) -> None:
    with pytest.raises(OutOfStockError, match=told):
        stock.inventory.reserve(lines, "order-1")

    assert stock.available() == FIRST_STOCK


def test_a_sku_that_the_shop_does_not_have_is_told_and_nothing_is_taken(stock: Stock) -> None:
    lines = [Line(sku="tea-01", quantity=1), Line(sku="gold", quantity=1), Line(sku="tin-01", quantity=1)]

    with pytest.raises(UnknownSkuError, match=r"does not have gold$"):
        stock.inventory.reserve(lines, "order-1")

    assert stock.available() == FIRST_STOCK


def test_a_refused_reservation_may_be_made_once_there_is_enough(stock: Stock) -> None:
    stock.inventory.reserve([Line(sku="cup-01", quantity=1)], "order-1")
    with pytest.raises(OutOfStockError):
        stock.inventory.reserve(LINES, "order-2")

    stock.inventory.release("order-1")

    assert stock.inventory.reserve(LINES, "order-2")["pieces"] == 3


def test_orders_that_come_at_once_never_take_more_than_there_is(stock: Stock) -> None:
    def reserve(number: int) -> bool:
        while True:
            try:
                stock.inventory.reserve([Line(sku="tea-01", quantity=2)], f"order-{number}")
            except InventoryUnavailableError:
                continue
            except OutOfStockError:
                return False
            return True

    with ThreadPoolExecutor(4) as threads:
        reserved = list(threads.map(reserve, range(6)))

    assert sum(reserved) == 2
    assert stock.available() == FIRST_STOCK | {"tea-01": 1}

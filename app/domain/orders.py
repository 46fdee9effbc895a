"""Orders: what a customer bought, line by line."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.errors import RowRejectedError, shown
from app.domain.money import money
from app.domain.texts import check_text

MOST_PIECES = 1_000_000
MOST_LINES = 1_000


@dataclass(frozen=True, slots=True)
class OrderLine:
    """So many pieces of one product, at the price agreed."""

    sku: str
    quantity: int
    unit_price: Decimal

    def __post_init__(self) -> None:
        check_text("lines.sku", self.sku)
        object.__setattr__(self, "unit_price", money("lines.unit_price", self.unit_price))
        if not 1 <= self.quantity <= MOST_PIECES:
            raise RowRejectedError("lines.quantity", f"{shown(self.quantity)} is no quantity; give 1 to {MOST_PIECES}")

    @property
    def amount(self) -> Decimal:
        """What the line costs."""
        return self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class Order:
    """An order; its total is the sum of its lines, to the cent."""

    id: str
    customer_id: str
    lines: tuple[OrderLine, ...]
    total: Decimal

    def __post_init__(self) -> None:
        check_text("id", self.id)
        check_text("customer_id", self.customer_id)
        if not 1 <= len(self.lines) <= MOST_LINES:
            raise RowRejectedError("lines", f"there are {len(self.lines)}; an order has 1 to {MOST_LINES} lines")
        object.__setattr__(self, "total", money("total", self.total))
        expected = sum((line.amount for line in self.lines), Decimal())
        if self.total != expected:
            raise RowRejectedError("total", f"{self.total} is not the sum of the lines, {expected}")

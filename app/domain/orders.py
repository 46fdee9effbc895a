"""Orders: what a customer bought, line by line."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.errors import RowRejectedError
from app.domain.money import money

MOST_PIECES = 1_000_000
MOST_LINES = 1_000


@dataclass(frozen=True, slots=True)
class OrderLine:
    """So many pieces of one product, at the price agreed."""

    sku: str
    quantity: int
    unit_price: Decimal

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit_price", money("lines.unit_price", self.unit_price))
        if not 1 <= self.quantity <= MOST_PIECES:
            raise RowRejectedError("lines.quantity", f"{self.quantity} is not a quantity; give 1 to {MOST_PIECES}")

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
        if not 1 <= len(self.lines) <= MOST_LINES:
            raise RowRejectedError("lines", f"there are {len(self.lines)}; an order has 1 to {MOST_LINES} lines")
        object.__setattr__(self, "total", money("total", self.total))
        expected = sum((line.amount for line in self.lines), Decimal())
        if self.total != expected:
            raise RowRejectedError("total", f"{self.total} is not the sum of the lines, {expected}")

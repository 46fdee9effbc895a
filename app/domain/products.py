"""Products: what is sold, at which price."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.errors import RowRejectedError, shown
from app.domain.money import money
from app.domain.texts import check_text

MOST_PIECES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Product:
    """A product; its price is in whole cents and not negative, its stock is counted in pieces."""

    sku: str
    name: str
    category: str
    price: Decimal
    stock: int

    def __post_init__(self) -> None:
        check_text("sku", self.sku)
        check_text("name", self.name)
        check_text("category", self.category)
        object.__setattr__(self, "price", money("price", self.price))
        if self.stock < 0:
            raise RowRejectedError("stock", f"{shown(self.stock)} is negative; an empty shelf holds 0")
        if self.stock > MOST_PIECES:
            raise RowRejectedError("stock", f"{shown(self.stock)} is more than a shelf holds; at most {MOST_PIECES}")

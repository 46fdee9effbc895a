"""Products: what is sold, at which price."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.errors import RowRejectedError
from app.domain.money import money


@dataclass(frozen=True, slots=True)
class Product:
    """A product; its price is in whole cents and not negative, its stock is counted in pieces."""

    sku: str
    name: str
    category: str
    price: Decimal
    stock: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "price", money("price", self.price))
        if self.stock < 0:
            raise RowRejectedError("stock", f"{self.stock} is negative; an empty shelf holds 0")

"""Orders, from a JSON Lines document with nested lines."""

from typing import Annotated

from pydantic import FailFast, StrictInt

from app.adapters.data_types.rows.documents import JsonLinesDocument
from app.adapters.data_types.rows.mapper import Row, RowMapper, Shape
from app.adapters.data_types.rows.numbers import Amount
from app.domain.orders import Order, OrderLine
from app.ports.data_type import DataType
from app.ports.storage import Storage


class LineShape(Shape):
    """One line inside an order's row."""

    sku: str
    quantity: StrictInt
    unit_price: Amount


class OrderRow(Row[Order]):
    """An order as the shop writes it."""

    id: str
    customer_id: str
    lines: Annotated[list[LineShape], FailFast()]  # the errors of a row of 1 MB with bad lines alone would take 1 GB
    total: Amount

    def to_record(self) -> Order:
        lines = tuple(OrderLine(line.sku, line.quantity, line.unit_price) for line in self.lines)
        return Order(self.id, self.customer_id, lines, self.total)


def data_type(documents: Storage) -> DataType:
    """Orders of the document `orders.jsonl`."""
    return DataType(JsonLinesDocument(documents, "orders.jsonl"), RowMapper(OrderRow, Order, id_field="id"))

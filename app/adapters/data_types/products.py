"""Products, from a CSV document."""

from app.adapters.data_types.rows.documents import CsvDocument
from app.adapters.data_types.rows.mapper import Row, RowMapper
from app.adapters.data_types.rows.numbers import Amount, Count
from app.domain.products import Product
from app.ports.data_type import DataType
from app.ports.storage import Storage


class ProductRow(Row[Product]):
    """A line of the price list; every cell is a text."""

    sku: str
    name: str
    category: str
    price: Amount
    stock: Count

    def to_record(self) -> Product:
        return Product(self.sku, self.name, self.category, self.price, self.stock)


def data_type(documents: Storage) -> DataType:
    """Products of the document `products.csv`."""
    return DataType(CsvDocument(documents, "products.csv"), RowMapper(ProductRow, Product, id_field="sku"))

from decimal import Decimal

from app.adapters.data_types import products
from app.adapters.storage.memory import MemoryStorage
from app.domain.products import Product


def test_products_come_from_a_price_list_with_exact_prices() -> None:
    documents = MemoryStorage()
    documents.put("products.csv", b'sku,name,category,price,stock\ntea-01,"Assam, loose",tea,4.10,12\n')
    data_type = products.data_type(documents)

    (row,) = data_type.source.fetch()

    assert data_type.mapper.identify(row) == "tea-01"
    assert data_type.mapper.map_to_domain(row) == Product("tea-01", "Assam, loose", "tea", Decimal("4.10"), 12)

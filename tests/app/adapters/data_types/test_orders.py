from decimal import Decimal

import pytest
from pydantic import ValidationError

from app.adapters.data_types import orders
from app.adapters.storage.memory import MemoryStorage
from app.domain.orders import Order, OrderLine

ROW = b'{"id":"o-1","customer_id":"c-1","lines":[{"sku":"tea-01","quantity":3,"unit_price":0.10}],"total":0.30}'


def test_orders_come_with_their_lines_and_an_exact_total() -> None:
    documents = MemoryStorage()
    documents.put("orders.jsonl", ROW)
    data_type = orders.data_type(documents)

    (row,) = data_type.source.fetch()

    assert data_type.mapper.identify(row) == "o-1"
    assert data_type.mapper.map_to_domain(row) == Order(
        "o-1", "c-1", (OrderLine("tea-01", 3, Decimal("0.10")),), Decimal("0.30")
    )


def test_lines_are_judged_up_to_the_first_bad_one() -> None:
    with pytest.raises(ValidationError) as refused:
        orders.OrderRow.model_validate({"id": "o-1", "customer_id": "c-1", "lines": [{}] * 1_000, "total": 1})

    assert {error["loc"][:2] for error in refused.value.errors()} == {("lines", 0)}

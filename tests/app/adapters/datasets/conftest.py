"""A small shop's documents, as the pipeline stores them."""

import json
from collections.abc import Mapping, Sequence

import pytest

from app.adapters.storage.memory import MemoryStorage
from app.ports.storage import Storage

STORED: Mapping[str, Sequence[Mapping[str, object]]] = {
    "products/tea-01.json": [{"sku": "tea-01", "name": "Assam", "price": "35.10", "stock": 38}],
    "products/batch-00001.jsonl": [
        {"sku": "tea-02", "name": "Darjeeling", "price": "42.35", "stock": 0},
        {"sku": "tea-03", "name": "Sencha", "price": "6.85", "stock": 18},
    ],
    "orders/shard-00001/batch-00000.jsonl": [
        {"id": "o-1", "lines": [{"sku": "tea-01", "quantity": 2}, {"sku": "tea-03", "quantity": 1}], "total": "77.05"}
    ],
}


@pytest.fixture
def storage() -> Storage:
    """Documents of the execution `monday`, beside those of another one."""
    storage = MemoryStorage()
    for key, documents in STORED.items():
        storage.put(f"documents/monday/{key}", "".join(json.dumps(each) + "\n" for each in documents).encode())
    storage.put("documents/monday-2/products/tea-09.json", b'{"sku": "tea-09"}')
    return storage

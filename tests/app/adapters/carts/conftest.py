"""One place for carts of each kind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.adapters.carts.dynamodb import DynamoCarts
from app.adapters.carts.sqlite import SqliteCarts
from app.ports.carts import Carts
from tests.fakes.carts import MemoryCarts


@pytest.fixture
def table(dynamodb: Any) -> str:
    """The name of a new, empty table, keyed as the one in the template."""
    name = f"carts-{uuid4()}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "cart_id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "cart_id", "KeyType": "HASH"}],
    )
    return name


@pytest.fixture(params=["dynamodb", "memory", "sqlite"])
def carts(request: pytest.FixtureRequest, tmp_path: Path) -> Carts:
    """An empty place for carts; a test that asks for it runs once for every adapter."""
    makers: dict[str, Callable[[], Carts]] = {
        "dynamodb": lambda: DynamoCarts(request.getfixturevalue("dynamodb"), request.getfixturevalue("table")),
        "memory": MemoryCarts,
        "sqlite": lambda: SqliteCarts(tmp_path / "carts.sqlite"),
    }
    return makers[request.param]()

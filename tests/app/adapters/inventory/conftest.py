"""One stock of each kind."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.adapters.inventory.dynamodb import DynamoInventory
from app.adapters.inventory.sqlite import SqliteInventory
from app.domain.placed_orders import Line
from app.ports.inventory import Inventory

FIRST_STOCK = {"tea-01": 5, "cup-01": 1, "tin-01": 0}


@dataclass(frozen=True, slots=True)
class Stock:
    """An inventory that begins with the first stock, and what is available in it."""

    inventory: Inventory
    available: Callable[[], Mapping[str, int]]


@pytest.fixture
def table(dynamodb: Any) -> str:
    """The name of a new table with the first stock, keyed as the one in the template."""
    name = f"inventory-{uuid4()}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    for sku, available in FIRST_STOCK.items():
        item = {"id": {"S": f"stock#{sku}"}, "available": {"N": str(available)}}
        dynamodb.put_item(TableName=name, Item=item)
    return name


@pytest.fixture(params=["dynamodb", "sqlite"])
def stock(request: pytest.FixtureRequest) -> Stock:
    """The first stock; a test that asks for it runs once for every adapter."""
    return {"dynamodb": in_dynamodb, "sqlite": in_sqlite}[request.param](request)


def in_dynamodb(request: pytest.FixtureRequest) -> Stock:
    client, table = request.getfixturevalue("dynamodb"), request.getfixturevalue("table")

    def available() -> dict[str, int]:
        items = client.scan(TableName=table, ConsistentRead=True)["Items"]
        return {
            item["id"]["S"].removeprefix("stock#"): int(item["available"]["N"]) for item in items if "available" in item
        }

    return Stock(DynamoInventory(client, table), available)


def in_sqlite(request: pytest.FixtureRequest) -> Stock:
    folder: Path = request.getfixturevalue("tmp_path")
    first_stock, path = folder / "stock.csv", folder / "inventory.sqlite"
    rows = [f"{sku},{available}" for sku, available in FIRST_STOCK.items()]
    first_stock.write_text("\n".join(["sku,available", *rows]))

    def available() -> dict[str, int]:
        with closing(sqlite3.connect(path)) as database:
            return dict(database.execute("SELECT sku, available FROM stock"))

    inventory = SqliteInventory(path, first_stock)
    inventory.reserve([Line(sku="tea-01", quantity=1)], "first")  # before anything is reserved, nothing is filled in
    inventory.release("first")
    return Stock(inventory, available)

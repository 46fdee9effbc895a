from collections.abc import Callable
from typing import Any

import pytest

from app.adapters.inventory.dynamodb import DynamoInventory
from app.adapters.technologies.aws import aws_client
from app.domain.placed_orders import Line
from app.ports.inventory import Inventory, InventoryError, InventoryUnavailableError
from tests.app.conftest import CREDENTIALS
from tests.fakes.faulty_proxy import Fault, at_first, faulty
from tests.fakes.http_server import Answer, serving

LINES = [Line(sku="tea-01", quantity=2)]
CALLS: list[Callable[[Inventory], object]] = [
    lambda inventory: inventory.reserve(LINES, "order-1"),
    lambda inventory: inventory.release("order-1"),
]
CONFLICT = """{
    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    "Message": "Transaction cancelled",
    "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]
}"""


@pytest.mark.parametrize("call", CALLS, ids=["reserve", "release"])
@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.CUT_HEAD])
def test_a_call_that_was_disturbed_may_be_repeated(
    dynamodb: Any, table: str, fault: Fault, call: Callable[[Inventory], object]
) -> None:
    DynamoInventory(dynamodb, table).reserve([Line(sku="cup-01", quantity=1)], "order-1")

    with faulty(dynamodb.meta.endpoint_url, fault, at_first(seed=0)) as proxy:
        client = aws_client("dynamodb", attempts=1, endpoint_url=proxy.url, **CREDENTIALS)
        inventory = DynamoInventory(client, table)
        with pytest.raises(InventoryUnavailableError, match=f"the stock in table {table}: "):
            call(inventory)
        client.close()


def test_a_transaction_that_met_another_one_may_pass() -> None:
    with serving() as server:
        server.answer("/", Answer(CONFLICT, status=400), Answer("{}"))
        client = aws_client("dynamodb", attempts=1, endpoint_url=server.url, **CREDENTIALS)
        with pytest.raises(InventoryUnavailableError, match="cancelled by None, TransactionConflict"):
            DynamoInventory(client, "inventory").reserve(LINES, "order-1")
        client.close()


@pytest.mark.parametrize("call", CALLS, ids=["reserve", "release"])
def test_a_table_that_does_not_exist_is_named(dynamodb: Any, call: Callable[[Inventory], object]) -> None:
    with pytest.raises(InventoryError, match="the stock in table absent") as refused:
        call(DynamoInventory(dynamodb, "absent"))

    assert not isinstance(refused.value, InventoryUnavailableError)

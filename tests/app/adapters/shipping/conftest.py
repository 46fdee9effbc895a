"""One shipping of each kind."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from app.adapters.data_types.rows.paged_api import http_client
from app.adapters.shipping.api import ShippingApi
from app.adapters.shipping.dynamodb import DynamoShipping
from app.adapters.shipping.http import HttpShipping
from app.adapters.shipping.ledger import LedgerShipping
from app.ports.shipping import Shipping
from tests.fakes.functions import invoking
from tests.fakes.providers import Provider, serving, shipping_provider


@pytest.fixture
def provider() -> Provider:
    return shipping_provider()


@pytest.fixture
def http(provider: Provider) -> Iterator[HttpShipping]:
    """Shipping by the provider."""
    with ExitStack() as stack:
        address, client = stack.enter_context(serving(provider)), stack.enter_context(http_client())
        yield HttpShipping(address, lambda: client)


@pytest.fixture
def dynamo(dynamodb: Any, ledger_table: str) -> DynamoShipping:
    return DynamoShipping(dynamodb, ledger_table)


@pytest.fixture
def function(tmp_path: Path) -> Iterator[HttpShipping]:
    """Shipping by a function that serves it from a ledger."""
    with invoking(ShippingApi(LedgerShipping(tmp_path / "served.sqlite")).answer) as client:
        yield HttpShipping("https://shipping.internal", lambda: client)


@pytest.fixture(params=["dynamo", "function", "http", "ledger"])
def shipping(request: pytest.FixtureRequest, tmp_path: Path) -> Shipping:
    """Shipping without parcels yet; a test that asks for it runs once for every adapter."""
    makers: dict[str, Callable[[], Shipping]] = {
        "dynamo": lambda: request.getfixturevalue("dynamo"),
        "function": lambda: request.getfixturevalue("function"),
        "http": lambda: request.getfixturevalue("http"),
        "ledger": lambda: LedgerShipping(tmp_path / "shipping.sqlite"),
    }
    return makers[request.param]()

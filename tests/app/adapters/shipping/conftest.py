"""One shipping of each kind."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.adapters.data_types.rows.paged_api import http_client
from app.adapters.shipping.http import HttpShipping
from app.adapters.shipping.ledger import LedgerShipping
from app.ports.shipping import Shipping
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


@pytest.fixture(params=["http", "ledger"])
def shipping(request: pytest.FixtureRequest, tmp_path: Path) -> Shipping:
    """Shipping without parcels yet; a test that asks for it runs once for every adapter."""
    makers: dict[str, Callable[[], Shipping]] = {
        "http": lambda: request.getfixturevalue("http"),
        "ledger": lambda: LedgerShipping(tmp_path / "shipping.sqlite"),
    }
    return makers[request.param]()

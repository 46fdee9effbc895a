"""One payments of each kind."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from app.adapters.data_types.rows.paged_api import http_client
from app.adapters.payments.api import PaymentsApi
from app.adapters.payments.dynamodb import DynamoPayments
from app.adapters.payments.http import HttpPayments
from app.adapters.payments.ledger import LedgerPayments
from app.ports.payments import Payments
from tests.fakes.functions import invoking
from tests.fakes.providers import Provider, payment_provider, serving


@pytest.fixture
def provider() -> Provider:
    return payment_provider()


@pytest.fixture
def http(provider: Provider) -> Iterator[HttpPayments]:
    """Payments by the provider."""
    with ExitStack() as stack:
        address, client = stack.enter_context(serving(provider)), stack.enter_context(http_client())
        yield HttpPayments(address, lambda: client, lambda: "s3cret")


@pytest.fixture
def dynamo(dynamodb: Any, ledger_table: str) -> DynamoPayments:
    return DynamoPayments(dynamodb, ledger_table)


@pytest.fixture
def function(tmp_path: Path) -> Iterator[HttpPayments]:
    """Payments by a function that serves them from a ledger."""
    with invoking(PaymentsApi(LedgerPayments(tmp_path / "served.sqlite")).answer) as client:
        yield HttpPayments("https://payments.internal", lambda: client)


@pytest.fixture(params=["dynamo", "function", "http", "ledger"])
def payments(request: pytest.FixtureRequest, tmp_path: Path) -> Payments:
    """Payments that nobody has made yet; a test that asks for it runs once for every adapter."""
    makers: dict[str, Callable[[], Payments]] = {
        "dynamo": lambda: request.getfixturevalue("dynamo"),
        "function": lambda: request.getfixturevalue("function"),
        "http": lambda: request.getfixturevalue("http"),
        "ledger": lambda: LedgerPayments(tmp_path / "payments.sqlite"),
    }
    return makers[request.param]()

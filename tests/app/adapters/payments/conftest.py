"""One payments of each kind."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.adapters.data_types.rows.paged_api import http_client
from app.adapters.payments.http import HttpPayments
from app.adapters.payments.ledger import LedgerPayments
from app.ports.payments import Payments
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


@pytest.fixture(params=["http", "ledger"])
def payments(request: pytest.FixtureRequest, tmp_path: Path) -> Payments:
    """Payments that nobody has made yet; a test that asks for it runs once for every adapter."""
    makers: dict[str, Callable[[], Payments]] = {
        "http": lambda: request.getfixturevalue("http"),
        "ledger": lambda: LedgerPayments(tmp_path / "payments.sqlite"),
    }
    return makers[request.param]()

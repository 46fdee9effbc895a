from collections.abc import Iterator
from decimal import Decimal

import pytest

from app.adapters.data_types.rows.paged_api import http_client
from app.adapters.payments.http import HttpPayments
from app.ports.payments import PaymentsError, PaymentsUnavailableError
from tests.fakes import http_server
from tests.fakes.http_server import Answer, Server
from tests.fakes.providers import Asked, Provider

AMOUNT = Decimal("48.35")


@pytest.fixture
def server() -> Iterator[Server]:
    """What only looks like a provider."""
    with http_server.serving() as server:
        yield server


@pytest.fixture
def troubled(server: Server) -> Iterator[HttpPayments]:
    with http_client() as client:
        yield HttpPayments(server.url, lambda: client, lambda: "s3cret")


def test_each_call_has_its_idempotency_key_and_the_credential(http: HttpPayments, provider: Provider) -> None:
    http.charge("card-7", AMOUNT, "order-1")
    http.refund("order-1")

    assert provider.asked == [
        Asked("/charges", "order-1", "Bearer s3cret"),
        Asked("/refunds", "refund-order-1", "Bearer s3cret"),
    ]


def test_a_charge_whose_answer_was_lost_is_made_once(http: HttpPayments, provider: Provider) -> None:
    provider.lost.append("/charges")

    with pytest.raises(PaymentsUnavailableError, match="Cannot reach "):
        http.charge("card-7", AMOUNT, "order-1")

    assert http.charge("card-7", AMOUNT, "order-1")["charge_id"] == "ch-order-1"
    assert http.refund("order-1") == {"refunded": "48.35"}


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
def test_trouble_of_the_provider_may_pass(server: Server, troubled: HttpPayments, status: int) -> None:
    server.answer("/charges", Answer("busy", status=status), Answer('{"charge_id": "ch-1"}', status=201))

    with pytest.raises(PaymentsUnavailableError, match=rf"{server.url}charges answered {status}"):
        troubled.charge("card-7", AMOUNT, "order-1")

    assert troubled.charge("card-7", AMOUNT, "order-1")["charge_id"] == "ch-1"


@pytest.mark.parametrize("answer", [Answer("[]"), Answer("not json"), Answer('{"charge_id": 7}')])
def test_a_success_that_cannot_be_read_is_asked_for_again(
    server: Server, troubled: HttpPayments, answer: Answer
) -> None:
    server.answer("/charges", answer)

    with pytest.raises(PaymentsUnavailableError, match="without a text as charge_id"):
        troubled.charge("card-7", AMOUNT, "order-1")


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404])
def test_a_wrong_address_or_credential_is_final_and_tells_no_credential(
    server: Server, troubled: HttpPayments, status: int
) -> None:
    server.answer("/refunds", Answer("{}", status=status))

    with pytest.raises(PaymentsError, match=f"answered {status}") as refused:
        troubled.refund("order-1")

    assert not isinstance(refused.value, PaymentsUnavailableError)
    assert "s3cret" not in repr(refused.value)


def test_a_provider_that_is_not_there_may_come_back() -> None:
    with http_server.serving() as gone:
        address = gone.url

    with http_client() as client, pytest.raises(PaymentsUnavailableError, match="Cannot reach"):
        HttpPayments(address, lambda: client, lambda: "s3cret").charge("card-7", AMOUNT, "order-1")

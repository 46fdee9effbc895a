import logging
from typing import Any

import pytest

from app.adapters.payments.api import PaymentsApi
from app.adapters.payments.ledger import LedgerPayments

CHARGE = '{"card": "card-7", "amount": "48.35"}'


@pytest.fixture
def api(tmp_path: Any) -> PaymentsApi:
    return PaymentsApi(LedgerPayments(tmp_path / "ledger.sqlite"))


def request(path: str, body: str, key: str = "order-1") -> dict[str, Any]:
    return {"rawPath": path, "headers": {"idempotency-key": key} if key else {}, "body": body}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (request("/charges", CHARGE), 201),
        (request("/charges", CHARGE.replace("card-7", "card-declined")), 402),
        (request("/charges", CHARGE.replace("card-7", "teacup")), 422),
        (request("/refunds", '{"charge": "order-1"}'), 200),
        (request("/teacups", CHARGE), 404),
        (request("/charges", CHARGE, key=""), 400),
        (request("/charges", CHARGE.replace("48.35", "much")), 400),
        (request("/charges", '{"card": "card-7"}'), 400),
        (request("/charges", "[]"), 400),
        (request("/charges", "no JSON"), 400),
        (request("/charges", "[" * 100_000), 400),
    ],
)
def test_a_status_says_what_came_of_a_request(api: PaymentsApi, asked: dict[str, Any], status: int) -> None:
    assert api.answer(asked)["statusCode"] == status


def test_a_charge_that_comes_after_its_refund_is_a_conflict(api: PaymentsApi) -> None:
    api.answer(request("/refunds", '{"charge": "order-1"}'))

    assert api.answer(request("/charges", CHARGE))["statusCode"] == 409


def test_the_log_says_that_it_is_a_sample_and_nothing_of_the_request(
    api: PaymentsApi, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        api.answer(request("/charges", CHARGE))
        api.answer(request("/card-7\n", CHARGE))

    assert caplog.messages == [
        "Sample payments, nobody's money: /charges answered 201",
        "Sample payments, nobody's money: an unknown path answered 404",
    ]
